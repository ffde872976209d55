"""TSN by the commands: from class folders to an accuracy."""

import json

from absl.testing import absltest
import pytest

from tests.kit import made_up
from tests.kit import running
from tests.kit import temporary_files


@pytest.mark.slow
class CommandsTest(temporary_files.TestCase):
    def test_learns_the_classes_of_a_folder_of_class_folders(self):
        lists = {"train": "", "test": ""}
        for number, part in enumerate(("train", "train", "test")):
            for channel, label in enumerate(("blue", "green")):
                path = self.folder / "videos" / label / f"{label}{number}.mp4"
                path.parent.mkdir(parents=True, exist_ok=True)
                spans = [(0, 0)] * channel + [(0, 20)]
                made_up.write_colored_video(
                    path, spans, num_frames=20, seed=number
                )
                lists[part] += f"{label}/{path.name}\n"
        prepared = f"--prepared={self.folder / 'prepared'}"
        run, scores = self.folder / "run", self.folder / "scores"
        self._fsn(
            "prepare",
            f"--videos={self.folder / 'videos'}",
            f"--out={self.folder / 'prepared'}",
            "--size=64x48",
            "--workers=1",
        )
        self._fsn(
            "train",
            "--experiment=experiments/demo_tsn_rgb.py",
            prepared,
            f"--annotations={self.write('train.txt', lists['train'])}",
            f"--workdir={run}",
            *("--image_size=32", "--batch_size=4", "--steps=30"),
        )
        self._fsn("predict", f"--workdir={run}", prepared, f"--out={scores}")
        out = self._fsn(
            "evaluate",
            "--protocol=classification",
            f"--scores={scores}",
            f"--annotations={self.write('test.txt', lists['test'])}",
            f"--out={self.folder / 'results'}",
        )
        self.assertIn("tsn on rgb, inference 25 snippets, 10 crops", out)
        self.assertIn("note: 4 scored videos left out", out)
        results = self.folder / "results" / "results.json"
        results = json.loads(results.read_text())
        self.assertEqual(results["video_names"], ["blue2", "green2"])
        self.assertEqual(results["top1"], 1)

    def _fsn(self, name, *arguments):
        status, out, err = running.fsn(name, *arguments)
        self.assertEqual(status, 0, err)
        return out


if __name__ == "__main__":
    absltest.main()
