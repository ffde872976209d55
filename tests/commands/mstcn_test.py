"""MS-TCN's folders through prepare, train, predict and evaluate."""

import json

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from tests.kit import mstcn_layout
from tests.kit import running
from tests.kit import small_networks
from tests.kit import temporary_files


class CommandsTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.data, self.labels = mstcn_layout.write(self)
        self.mapping = f"--mapping={self.data / 'mapping.txt'}"
        self.annotations = f"--annotations={self.data / 'groundTruth'}"
        self.experiment = small_networks.written(
            self.folder / "experiment.py", small_networks.on_frame_scores()
        )

    def _bundle(self, part):
        return f"--videos={self.data / 'splits' / part}.split1.bundle"

    def _run(self, command, *arguments):
        status, out, err = running.fsn(command, *arguments)
        self.assertEqual(status, 0, msg=out + err)
        return out

    def _train(self, *arguments):
        return running.fsn(
            "train",
            f"--experiment={self.experiment}",
            f"--prepared={self.folder / 'prepared'}",
            f"--workdir={self.folder / 'run'}",
            self.annotations,
            *arguments,
        )

    @parameterized.parameters("background", "background,mix")
    def test_from_folders_to_metrics(self, background):
        folder = self.folder
        prepared, scores = folder / "prepared", folder / "scores"
        background = f"--background={background}"
        self._run(
            "prepare",
            "--stream=features",
            "--features_layout=DT",
            "--snippet_frames=1",
            f"--features={self.data / 'features' / 'split1'}",
            f"--out={prepared}",
        )
        status, _, err = self._train(
            background, self.mapping, self._bundle("train")
        )
        self.assertEqual(status, 0, msg=err)
        facts = json.loads((folder / "run" / "experiment.json").read_text())
        self.assertEqual(facts["training_videos"], 2)
        # Several classes of background are classes like any other.
        expected = list(mstcn_layout.CLASSES)
        if "," not in background:
            expected.remove("background")
        self.assertEqual(facts["classes"], expected)
        self._run(
            "predict",
            f"--workdir={folder / 'run'}",
            f"--prepared={prepared}",
            f"--out={scores}",
            "--inference=whole",
        )
        results = self._evaluated(background, f"--scores={scores}")
        self.assertEqual(results["video_names"], ["a", "c"])
        self.assertEqual(results["accuracy"], 1)
        self.assertEqual(results["f1"]["50"], 1)

    def _evaluated(self, *arguments):
        self._run(
            "evaluate",
            "--protocol=segmentation",
            f"--out={self.folder / 'out'}",
            self.annotations,
            self.mapping,
            self._bundle("test"),
            *arguments,
        )
        return json.loads((self.folder / "out" / "results.json").read_text())

    def test_evaluates_predictions_without_several_backgrounds(self):
        for video, labels in self.labels.items():
            # A background that is a background is right, or does not matter.
            found = np.where(labels == 2, 0, labels)
            names = " ".join(mstcn_layout.CLASSES[label] for label in found)
            head = "### Frame level recognition: ###"
            self.write(f"found/{video}", f"{head}\n{names}")
        given = f"--predicted_labels={self.folder / 'found'}"
        both = self._evaluated(given, "--background=background,mix")
        one = self._evaluated(given, "--background=background")
        bundle = str(self.data / "splits" / "test.split1.bundle")
        self.assertEqual(both["options"]["videos"], bundle)
        self.assertIn(bundle, both["sha256"])
        self.assertLess(both["accuracy"], 1)
        self.assertEqual(both["accuracy"], one["accuracy"])
        self.assertEqual(both["edit"], 1)
        self.assertEqual(both["f1"], {"10": 1, "25": 1, "50": 1})
        self.assertLess(one["edit"], 1)

    @parameterized.parameters(
        (["--videos=x"], "--videos needs --mapping", 2),
        (["MAPPING", "--network=wfsn"], "--mapping needs --network=fsn", 2),
        (["MAPPING", "--background=peel"], "background: expected one of", 1),
        (["MAPPING", "--background=mix,x"], "got 'x'", 1),
    )
    def test_refuses_what_makes_no_sense(self, arguments, message, code):
        arguments = [x.replace("MAPPING", self.mapping) for x in arguments]
        self._run(
            "prepare",
            "--stream=features",
            "--features_layout=DT",
            "--snippet_frames=1",
            f"--features={self.data / 'features' / 'split1'}",
            f"--out={self.folder / 'prepared'}",
        )
        status, _, err = self._train(*arguments)
        self.assertEqual(status, code)
        self.assertIn(message, err)

    def test_names_a_video_whose_labels_are_of_another_length(self):
        path = self.data / "groundTruth" / "b.txt"
        path.write_text(path.read_text() + "mix\n")
        self._run(
            "prepare",
            "--stream=features",
            "--features_layout=DT",
            "--snippet_frames=1",
            f"--features={self.data / 'features' / 'split1'}",
            f"--out={self.folder / 'prepared'}",
        )
        status, _, err = self._train(self.mapping)
        self.assertEqual(status, 1)
        self.assertRegex(err, "b.npy: has 40 frames; 41 are labeled\n")


if __name__ == "__main__":
    absltest.main()
