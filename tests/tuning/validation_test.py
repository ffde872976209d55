"""Validation while training: what is measured, kept, resumed and refused."""

import contextlib
import dataclasses
import io
import json
import signal
import subprocess
import sys
import time

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import pytest

import fsn_tf
from fsn_tf import evaluation
from fsn_tf import workdirs
from fsn_tf.annotations import frame_labels
from fsn_tf.errors import InputError
from fsn_tf.errors import UsageError
from fsn_tf.evaluation import segmentation
from fsn_tf.evaluation import settings
from fsn_tf.experiment import Experiment
from fsn_tf.prediction import prepared_videos
from fsn_tf.snippets import feature_files
from fsn_tf.training import validation
from fsn_tf.tuning import held_out
from fsn_tf.tuning import runs
from tests.kit import temporary_files

_EXPERIMENT = Experiment(
    stream="features",
    temporal_filters=4,
    batch_size=2,
    steps=24,
    steps_per_call=4,
    checkpoint_steps=8,
    dropout=0.5,
    learning_rate=0.003,
)
# Actions of four videos of 4 seconds; the last two are for validation.
_ACTIONS = {
    "v0": [("Dive", 0.6, 2.0), ("Run", 2.4, 3.6)],
    "v1": [("Run", 0.4, 1.6), ("Dive", 2.0, 3.4)],
    "v2": [("Dive", 1.0, 2.4)],
    "v3": [("Run", 0.8, 2.2), ("Dive", 2.8, 3.8)],
}


class TestCase(temporary_files.TestCase):
    """With features that show the actions, dimly, and times of them."""

    def setUp(self):
        super().setUp()
        rng = np.random.default_rng(0)
        for video, actions in _ACTIONS.items():
            features = rng.normal(size=(20, 4)) * 0.4
            seconds = (np.arange(20) + 0.5) / 5
            for label, start, end in actions:
                shown = (start <= seconds) & (seconds < end)
                features[shown, 0 if label == "Dive" else 1] += 1
            feature_files.write(
                self.folder / "prepared",
                video,
                features.astype(np.float32),
                fps=25.0,
                snippet_frames=5,
                num_frames=100,
                features_from={},
            )
        self.train_csv = self._csv("train.csv", ("v0", "v1"))
        self.validation_csv = self._csv("validation.csv", ("v2", "v3"))

    def _csv(self, name, videos):
        rows = "".join(
            f"{video},{start},{end},{label}\n"
            for video in videos
            for label, start, end in _ACTIONS[video]
        )
        return self.write(name, f"video,start,end,label\n{rows}")

    def train(self, workdir, experiment=_EXPERIMENT, **options):
        """Trains with a validation every 6 steps; the lines of its log."""
        options = {
            "annotations": self.train_csv,
            "validation_annotations": self.validation_csv,
            "validation_steps": 6,
        } | options
        with contextlib.redirect_stderr(io.StringIO()) as self.messages:
            runs.train(
                experiment,
                prepared=self.folder / "prepared",
                workdir=self.folder / workdir,
                **options,
            )
        return log_of(self.folder / workdir)

    def predicted(self, workdir, which):
        out = self.folder / f"{workdir}-{which}"
        prepared_videos.predict(
            self.folder / workdir,
            self.folder / "prepared",
            out,
            videos=["v2", "v3"],
            which=which,
        )
        return fsn_tf.read_scores(out)


def log_of(workdir):
    """The lines of metrics.jsonl, without the speed."""
    lines = (workdir / "metrics.jsonl").read_text().splitlines()
    found = [json.loads(line) for line in lines]
    for one in found:
        del one["examples_per_second"]
    return found


class CourseTest(absltest.TestCase):
    def test_keeps_the_first_of_the_best_and_counts_those_after_it(self):
        course = validation.Course(patience=2)
        found = [
            (course.is_best(step, value), course.has_ended())
            for step, value in enumerate([0.1, 0.3, 0.3, 0.2, 0.4])
        ]
        best = [True, True, False, False, True]
        ended = [False, False, False, True, False]
        self.assertEqual(found, list(zip(best, ended, strict=True)))
        self.assertEqual(course.best, (0.4, 4))

    def test_no_patience_never_ends(self):
        course = validation.Course(patience=0)
        course.is_best(0, 1.0)
        for step in range(1, 9):
            course.is_best(step, 0.0)
        self.assertFalse(course.has_ended())


@pytest.mark.slow
class TrainTest(TestCase):
    def test_measures_what_predict_and_evaluate_do_and_keeps_the_best(self):
        log = self.train("run")
        measured = [x for x in log if "validation_frame_map" in x]
        self.assertEqual([x["step"] for x in measured], [6, 12, 18, 24])
        best = max(measured, key=lambda x: x["validation_frame_map"])
        path = workdirs.latest(self.folder / "run", "best")
        self.assertEndsWith(path, f"ckpt-{best['step']}")
        truth = fsn_tf.read_annotations(self.validation_csv)
        for which, line in (("best", best), ("last", measured[-1])):
            result = evaluation.evaluate(self.predicted("run", which), truth)
            found = (
                line["validation_frame_map"],
                line["validation_segment_map"],
                line["validation_segment_map_0.5"],
            )
            expected = (
                result.frame_map,
                result.average_map,
                result.segment_map[0.5],
            )
            self.assertEqual(found, expected)

    def test_changes_nothing_of_the_weights(self):
        self.train("with")
        nothing = {"validation_annotations": None, "validation_steps": None}
        self.train("without", **nothing)
        loaded = [fsn_tf.load(self.folder / x)[0] for x in ("with", "without")]
        for one, other in zip(
            *(network.get_weights() for network in loaded), strict=True
        ):
            np.testing.assert_array_equal(one, other)

    def test_patience_ends_a_run_and_the_same_command_leaves_it_so(self):
        experiment = dataclasses.replace(
            _EXPERIMENT, patience=1, learning_rate=1e-30
        )
        log = self.train("run", experiment)
        self.assertEqual(log[-1]["step"], 12)
        self.assertIn("ended by 1 validations", self.messages.getvalue())
        # At such a rate no weight changes, and it goes on guessing.
        self.assertIn("hardly anything was learned", self.messages.getvalue())
        self.assertEqual(self.train("run", experiment), log)

    def test_segmentation_of_frames(self):
        labels = np.repeat([0, 1, 2, 0], 100)
        for name, videos in (("t", ["v0", "v1"]), ("v", ["v2", "v3"])):
            np.savez(
                self.folder / f"{name}.npz",
                label=labels[:200] if name == "t" else labels[200:],
                length=[100, 100],
                video=videos,
                classes=["x", "y", "z"],
            )
        log = self.train(
            "run",
            annotations=self.folder / "t.npz",
            validation_annotations=self.folder / "v.npz",
            best_by="f1_50",
        )
        found = frame_labels.of_scores(self.predicted("run", "last"))
        truth = frame_labels.read(self.folder / "v.npz")
        mean = segmentation.evaluate(found, truth, settings.Segmentation()).mean
        self.assertEqual(log[-1]["validation_accuracy"], mean.accuracy)
        self.assertEqual(log[-1]["validation_edit"], mean.edit)
        self.assertEqual(log[-1]["validation_f1_50"], mean.f1[0.5])

    @parameterized.parameters("tsn", "wfsn")
    def test_whole_videos(self, network):
        experiment = dataclasses.replace(
            _EXPERIMENT, network=network, segments=3
        )
        last = self.train("run", experiment)[-1]
        self.assertIn(last["validation_accuracy"], (0, 0.5, 1))
        if network == "wfsn":
            truth = fsn_tf.read_annotations(self.validation_csv)
            result = evaluation.evaluate(self.predicted("run", "last"), truth)
            self.assertEqual(last["validation_frame_map"], result.frame_map)
        else:
            self.assertNotIn("validation_frame_map", last)


@pytest.mark.slow
class KillTest(TestCase):
    def test_a_run_that_was_killed_ends_with_the_same(self):
        experiment = self.write(
            "e.py",
            "from fsn_tf.experiment import Experiment\n"
            f"EXPERIMENT = {_EXPERIMENT!r}\n",
        )
        command = [
            *(sys.executable, "-m", "fsn_tf", "train"),
            f"--experiment={experiment}",
            f"--prepared={self.folder / 'prepared'}",
            f"--annotations={self.train_csv}",
            f"--validation_annotations={self.validation_csv}",
            "--validation_steps=6",
            f"--workdir={self.folder / 'killed'}",
        ]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        log = self.folder / "killed" / "metrics.jsonl"
        while process.poll() is None:
            # After a validation that no checkpoint has yet.
            if log.exists() and '"step": 12,' in log.read_text():
                process.send_signal(signal.SIGKILL)
                process.wait()
            time.sleep(0.01)
        self.assertEqual(self.train("killed"), self.train("whole"))
        for which in ("last", "best"):
            paths = [
                workdirs.latest(self.folder / name, which)
                for name in ("killed", "whole")
            ]
            self.assertEqual(*(path.rsplit("/")[-1] for path in paths))
            networks = [
                fsn_tf.load(self.folder / name, which=which)[0]
                for name in ("killed", "whole")
            ]
            for one, other in zip(
                *(network.get_weights() for network in networks), strict=True
            ):
                np.testing.assert_array_equal(one, other)


class RefusalTest(TestCase):
    @parameterized.parameters(
        ("validation_steps", 5),
        ("best_by", "frame_map"),
        ("validation_inference", "whole"),
    )
    def test_rules_without_a_validation(self, name, value):
        options = {"validation_annotations": None, "validation_steps": None}
        with self.assertRaisesRegex(UsageError, f"--{name} needs"):
            self.train("run", **{**options, name: value})

    def test_patience_without_a_validation(self):
        with self.assertRaisesRegex(UsageError, "--patience needs"):
            self.train(
                "run",
                dataclasses.replace(_EXPERIMENT, patience=2),
                validation_annotations=None,
                validation_steps=None,
            )

    def test_a_metric_that_there_is_not(self):
        with self.assertRaisesRegex(
            UsageError, "--best_by: expected one of fra"
        ):
            self.train("run", best_by="accuracy")

    def test_a_class_that_is_not_learned(self):
        path = self.write("other.csv", "v2,1,2,Dive\nv2,2,3,Sit\n")
        with self.assertRaisesRegex(InputError, "other.csv: 1 classes .* Sit"):
            self.train("run", validation_annotations=path)

    def test_a_video_that_is_not_prepared(self):
        path = self.write("other.csv", "w,1,2,Dive\n")
        with self.assertRaisesRegex(InputError, "w is not prepared"):
            self.train("run", validation_annotations=path)

    def test_names_of_metrics(self):
        read = held_out.read(
            self.validation_csv,
            _EXPERIMENT,
            prepared=self.folder,
            tious=[0.3, 0.4],
        )
        self.assertEqual(held_out.metrics(read), ["frame_map", "segment_map"])
        self.assertEqual((read.best_by, read.steps), ("frame_map", 8))


if __name__ == "__main__":
    absltest.main()
