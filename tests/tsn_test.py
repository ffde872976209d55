"""TSN by the commands: from class folders to an accuracy."""

import json

from absl.testing import absltest
import made_up
import running
import temporary_files


class CommandsTest(temporary_files.TestCase):
    def test_learns_classes_from_a_folder_of_class_folders(self):
        for part, videos in (("training", 3), ("test", 2)):
            for number in range(videos):
                for channel, label in enumerate(("blue", "green")):
                    path = self.folder / part / label / f"{label}{number}.mp4"
                    path.parent.mkdir(parents=True, exist_ok=True)
                    spans = [(0, 0)] * channel + [(0, 40)]
                    made_up.write_coloured_video(
                        path, spans, num_frames=40, seed=number
                    )
            self._fsn(
                "prepare",
                f"--videos={self.folder / part}",
                f"--out={self.folder / 'prepared' / part}",
                "--size=64x48",
                "--workers=2",
            )
        run, scores = self.folder / "run", self.folder / "scores"
        self._fsn(
            "train",
            "--experiment=experiments/demo_tsn_rgb.py",
            f"--prepared={self.folder / 'prepared' / 'training'}",
            f"--annotations={self.folder / 'training'}",
            f"--workdir={run}",
            *("--image_size=32", "--batch_size=6", "--steps=40"),
        )
        self._fsn(
            "predict",
            f"--workdir={run}",
            f"--prepared={self.folder / 'prepared' / 'test'}",
            f"--out={scores}",
        )
        out = self._fsn(
            "evaluate",
            "--protocol=classification",
            f"--scores={scores}",
            f"--annotations={self.folder / 'test'}",
            f"--out={self.folder / 'results'}",
        )
        self.assertIn("tsn on rgb, inference 25 snippets, 10 crops", out)
        results = self.folder / "results" / "results.json"
        results = json.loads(results.read_text())
        self.assertEqual(results["videos"], 4)
        self.assertEqual(results["top1"], 1)

    def _fsn(self, name, *arguments):
        status, out, err = running.fsn(name, *arguments)
        self.assertEqual(status, 0, err)
        return out


if __name__ == "__main__":
    absltest.main()
