"""What a training run makes of its files, without the training."""

import contextlib
import hashlib
import io
from unittest import mock

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import tensorflow as tf

import fsn_tf
from fsn_tf import errors
from fsn_tf.experiment import Experiment
from fsn_tf.snippets import feature_files
from fsn_tf.training import loop
from fsn_tf.training import runs
from tests.kit import temporary_files

_TRUTH = "v,0.4,2.4,Dive\nw,0,4,Run\n"


class TrainTest(temporary_files.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        rng = np.random.default_rng(0)
        for video in ("v", "w"):
            feature_files.write(
                self.folder / "prepared",
                video,
                rng.normal(size=(20, 3)).astype(np.float32),
                fps=25.0,
                snippet_frames=5,
                num_frames=100,
                features_from={},
            )

    def _train(
        self, annotations, network="fsn", min_action_frames=5, **options
    ):
        """(what the loop is given: data and facts, standard error)."""
        messages = io.StringIO()
        with (
            mock.patch.object(loop, "train") as given,
            contextlib.redirect_stderr(messages),
        ):
            runs.train(
                Experiment(
                    network=network,
                    stream="features",
                    min_action_frames=min_action_frames,
                ),
                prepared=self.folder / "prepared",
                annotations=annotations,
                workdir=self.folder / "run",
                **options,
            )
        (_, data, *_), facts = given.call_args
        return data, facts, messages.getvalue()

    def test_keeps_by_which_lists_it_learned(self):
        self.write("groundTruth/v.txt", "Dive\n" * 50 + "idle\n" * 50)
        self.write("groundTruth/w.txt", "idle\n" * 100)
        data, facts, _ = self._train(
            self.folder / "groundTruth",
            mapping=self.write("mapping.txt", "0 idle\n1 Dive\n"),
            videos=self.write("train.bundle", "v.txt\n"),
            background="idle",
        )
        self.assertEqual(data.classes, ("Dive",))
        self.assertEqual(facts["mapping"], "mapping.txt")
        self.assertEqual(facts["videos"], "train.bundle")
        digest = hashlib.sha256(b"v.txt\n").hexdigest()
        self.assertEqual(facts["videos_sha256"], digest)

    def test_keeps_which_annotations_it_learned_from(self):
        path = self.write("truth.csv", _TRUTH)
        data, facts, messages = self._train(path)
        self.assertEqual(data.classes, ("Dive", "Run"))
        digest = hashlib.sha256(_TRUTH.encode()).hexdigest()
        self.assertEqual(
            facts,
            {
                "version": fsn_tf.__version__,
                "annotations": "truth.csv",
                "annotations_sha256": digest,
            },
        )
        self.assertEqual(messages, "")

    def test_learns_from_times_or_whole_videos_as_the_network_needs(self):
        path = self.write("truth.csv", _TRUTH)
        windows, *_ = self._train(path)
        # Of 35 frames each, and none of them is all background.
        self.assertGreater(len(windows.groups), 2)
        videos, *_ = self._train(path, network="wfsn")
        self.assertEqual(videos.groups.tolist(), [0, 1])

    def test_learns_from_labels_of_frames(self):
        labels = np.repeat([0, 1, 2, 0], 50)
        path = self.folder / "labels.npz"
        np.savez(path, label=labels, length=[100, 100], video=["v", "w"])
        data, *_ = self._train(path)
        self.assertEqual(data.classes, ("0", "1", "2"))
        data, *_ = self._train(path, background="0")
        self.assertEqual(data.classes, ("1", "2"))

    def test_learns_from_folders_of_classes_which_have_no_bytes(self):
        for name in ("Dive/v.avi", "Run/w.avi"):
            self.write(f"videos/{name}", "")
        data, facts, _ = self._train(self.folder / "videos", network="wfsn")
        self.assertEqual(data.classes, ("Dive", "Run"))
        self.assertEqual(facts["annotations"], "videos")
        self.assertNotIn("annotations_sha256", facts)

    @parameterized.parameters("fsn", "wfsn", "tsn")
    def test_refuses_videos_without_any_action(self, network):
        self.write("kit/Dive_val.txt", "")
        self.write("kit/Background_val.txt", "v\nw\n")
        for name in ("kit", self.write("truth.csv", "v\nw,,,\n")):
            message = f"{self.folder / name}: expected an instance, got none"
            with self.assertRaisesRegex(errors.InputError, message):
                self._train(self.folder / name, network)

    def test_learns_from_videos_without_action_where_none_is_asked_for(self):
        path = self.write("truth.csv", "v,0.4,2.4,Dive\nw\n")
        data, _, _ = self._train(path)
        self.assertEqual(data.groups.tolist(), [0, 0])
        data, _, _ = self._train(path, min_action_frames=0)
        # Windows start at frames 0, 35 and 65; the last of v is quiet.
        self.assertEqual(data.groups.tolist(), [0, 0, 1, 1, 1, 1])

    def test_frames_of_background_alone_are_no_action(self):
        path = self.folder / "labels.npz"
        names = {"video": ["v", "w"], "classes": ["Dive", "none"]}
        length, label = [100, 100], np.ones(200, int)
        np.savez(path, length=length, label=label, **names)
        for least in (5, 0):
            with self.assertRaisesRegex(errors.InputError, "of action"):
                self._train(path, min_action_frames=least, background="none")
        label[10:60] = 0
        np.savez(path, length=length, label=label, **names)
        data, *_ = self._train(path, min_action_frames=0, background="none")
        self.assertEqual(data.groups.tolist(), [0, 0, 1, 1, 1, 1])

    def test_takes_a_strategy_or_its_name(self):
        path = self.write("truth.csv", _TRUTH)
        strategy = tf.distribute.OneDeviceStrategy("CPU:0")
        for chosen, expected in (
            (strategy, strategy),
            ("default", tf.distribute.get_strategy()),
            (None, tf.distribute.get_strategy()),
        ):
            with mock.patch.object(loop, "train") as given:
                runs.train(
                    Experiment(stream="features"),
                    prepared=self.folder / "prepared",
                    annotations=path,
                    workdir=self.folder / "run",
                    strategy=chosen,
                )
            self.assertIs(given.call_args.args[3], expected)

    def test_says_the_first_few_of_what_is_odd(self):
        # Twelve instances end after their video.
        rows = "".join(f"v,3,{end},Dive\n" for end in range(5, 17))
        path = self.write("truth.csv", f"{_TRUTH}{rows}")
        *_, messages = self._train(path)
        lines = messages.splitlines()
        self.assertLen(lines, 11)
        self.assertEqual(
            lines[0], "note: v: Dive from 3 to 5 s ends after the video, 4 s"
        )
        self.assertEqual(lines[-1], "note: 2 more")

    @parameterized.parameters("fsn", "wfsn")
    def test_background_is_for_labels_of_frames(self, network):
        path = self.write("truth.csv", _TRUTH)
        with self.assertRaisesRegex(errors.UsageError, "background needs"):
            self._train(path, network=network, background="Dive")

    @parameterized.parameters(
        ({}, True),
        ({"init_from": "imagenet"}, False),
        ({"backbone": "tiny"}, False),
        ({"stream": "features"}, False),
    )
    def test_says_where_the_cnn_starts_from_chance(self, fields, says):
        messages = io.StringIO()
        with (
            contextlib.redirect_stderr(messages),
            self.assertRaisesRegex(errors.InputError, "no such file"),
        ):
            runs.train(
                Experiment(**fields),
                prepared=self.folder / "prepared",
                annotations=self.folder / "nothing.csv",
                workdir=self.folder / "run",
            )
        self.assertEqual("random weights" in messages.getvalue(), says)


if __name__ == "__main__":
    absltest.main()
