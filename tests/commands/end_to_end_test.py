"""The commands as a user types them, in processes of their own."""

import csv
import json
import pathlib
import signal
import subprocess
import sys
import time

from absl.testing import absltest
import numpy as np
import pytest

from fsn_tf.annotations import csv_files as csv_annotations
from tests.kit import made_up
from tests.kit import temporary_files

_ROOT = pathlib.Path(__file__).parents[2]
_SMALL = (
    *("--batch_size=2", "--image_size=32", "--temporal_filters=8"),
    *("--steps_per_call=1", "--checkpoint_steps=3"),
)


def fsn(*words, **values):
    """Runs one command: (exit status, standard output, standard error)."""
    words += tuple(f"--{name}={value}" for name, value in values.items())
    done = subprocess.run(
        [sys.executable, "-m", "fsn_tf", *words],
        capture_output=True,
        text=True,
        cwd=_ROOT,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.slow
class DemoTest(temporary_files.TestCase):
    def test_ends_with_every_table_and_leaves_every_file(self):
        out = self.folder / "demo"
        values = {"steps": 2, "train_videos": 3, "test_videos": 2}
        values |= {"clips_per_class": 3, "out": out}
        status, text, messages = fsn("demo", **values)
        self.assertEqual(status, 0, text + messages)
        self._check_tables(text)
        folder = out / "results" / "seed-1" / "fsn_rgb+fsn_flow"
        results = json.loads((folder / "results.json").read_text())
        self.assertEqual(results["protocol"], "thumos14")
        self.assertEqual(results["videos"], 2)
        rows = sum(
            len(path.read_text().splitlines())
            for path in (out / "videos" / "annotation_test").glob("*_test.txt")
            if not path.name.startswith("Ambiguous")
        )
        self.assertEqual(results["instances"], rows)
        flows = [one["flow"] for one in results["origins"].values()]
        self.assertEqual(flows, ["", "dis"])
        with open(folder / "per_class.csv") as file:
            aps = [row["frame_ap"] for row in csv.DictReader(file)]
        known = [float(ap) for ap in aps if ap]
        self.assertAlmostEqual(np.mean(known), results["frame_map"])
        self._check_fusion(out / "scores" / "seed-1", results["video_names"])
        card = json.loads((out / "model" / "model.json").read_text())
        self.assertEqual(card["classes"][-1], "Background")
        found = json.loads((out / "localized/detections.json").read_text())
        (name,) = found["results"]
        for file in ("report.html", f"media/{name}.webm", f"{name}.vtt"):
            self.assertTrue((out / "localized" / file).is_file(), file)

        # All is done: the tables alone come again, and are the same.
        status, again, _ = fsn(
            "reproduce",
            experiments="demo",
            prepared=out / "prepared",
            annotations=out / "videos",
            workdir=out,
            steps=2,
        )
        self.assertEqual(status, 0)
        self.assertNotIn("$ fsn", again)
        self.assertIn(again.strip(), text)

    def _check_tables(self, text):
        for method in (
            *(
                "FSN RGB",
                "FSN Flow",
                "FSN",
                "WFSN",
                "WFSN, scores shifted in time",
            ),
            *("RGB FSN w/o temporal CNN", "RGB WFSN w GAP", "RGB WFSN w GMP"),
        ):
            self.assertRegex(text, f"here, {method} +[0-9]")
        self.assertIn("paper (THUMOS'14), FSN", text)
        self.assertIn("backbone tiny instead of BNInception", text)

    def _check_fusion(self, folder, videos):
        for video in videos:
            rgb, flow = (
                np.load(folder / run / f"{video}.npz")["scores"]
                for run in ("fsn_rgb", "fsn_flow")
            )
            self.assertEqual(rgb.shape, flow.shape)
            self.assertFalse(np.array_equal(rgb, flow))


@pytest.mark.slow
class KillTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.prepared, truth = made_up.prepared_folder(self.folder)
        csv_annotations.write(self.folder / "truth.csv", truth)

    def _words(self, workdir):
        return (
            *("train", "--experiment=experiments/demo.py", *_SMALL),
            *("--steps=12", f"--prepared={self.prepared}", "--dropout=0.5"),
            *(f"--annotations={self.folder / 'truth.csv'}",),
            f"--workdir={workdir}",
        )

    def test_training_killed_and_resumed_ends_bit_equal(self):
        whole, parts = self.folder / "whole", self.folder / "parts"
        self.assertEqual(fsn(*self._words(whole))[0], 0)
        facts = json.loads((whole / "experiment.json").read_text())
        self.assertEqual(facts["annotations"], "truth.csv")
        self.assertLen(facts["annotations_sha256"], 64)
        process = subprocess.Popen(
            [sys.executable, "-m", "fsn_tf", *self._words(parts)],
            cwd=_ROOT,
            stderr=subprocess.DEVNULL,
        )
        log = parts / "metrics.jsonl"
        while not (log.exists() and log.read_text().count("\n") >= 5):
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()

        status, _, messages = fsn(*self._words(parts))

        self.assertEqual(status, 0, messages)
        self.assertIn("goes on at step", messages)
        name = "checkpoints/last/ckpt-12.data-00000-of-00001"
        self.assertEqual(
            (parts / name).read_bytes(), (whole / name).read_bytes()
        )


class WrongUseTest(temporary_files.TestCase):
    def _one_line(self, status, *words):
        got, out, messages = fsn(*words)
        self.assertEqual(got, status, messages)
        self.assertEqual(out, "")
        self.assertLen(messages.strip().split("\n"), 1, messages)
        self.assertNotIn("Traceback", messages)
        return messages

    def test_says_what_is_wrong_in_one_line(self):
        truth = self.write("truth.csv", "video,start,end,label\nv,1,2,a\n")
        train = (
            *("train", f"--prepared={self.folder}", f"--annotations={truth}"),
            f"--workdir={self.folder / 'run'}",
        )
        demo = "--experiment=experiments/demo.py"
        message = self._one_line(2, "train")
        self.assertIn("experiment", message)
        message = self._one_line(2, *train, demo, "--no_such_flag=1")
        self.assertIn("no_such_flag", message)
        message = self._one_line(1, *train, "--experiment=nope.py")
        self.assertIn("nope.py: no such experiment file", message)
        message = self._one_line(2, *train, demo, "--steps=many")
        self.assertIn("steps: expected int", message)
        message = self._one_line(1, *train, demo)
        self.assertIn("rgb: no such folder", message)
        self.assertFalse((self.folder / "run").exists())
        message = self._one_line(
            1, "predict", f"--workdir={self.folder}", "--prepared=x", "--out=y"
        )
        self.assertIn("experiment.json: no such file", message)

    def test_help_shows_the_flags_of_one_command(self):
        status, text, _ = fsn("localize", "--help")
        self.assertEqual(status, 0)
        self.assertIn("--model", text)
        self.assertNotIn("--experiment", text)


if __name__ == "__main__":
    absltest.main()
