"""What goes beyond the paper, against the same written out in NumPy."""

import dataclasses
import pathlib
from unittest import mock

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import pytest
import tensorflow as tf

from fsn_tf.annotations import frame_labels
from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment
from fsn_tf.networks import fsn
from fsn_tf.networks import objectives
from fsn_tf.snippets import feature_files
from fsn_tf.training import checkpoints
from fsn_tf.training import examples
from fsn_tf.training import feature_statistics
from fsn_tf.training import label_shares
from fsn_tf.training import loop
from fsn_tf.training import optimizers
from fsn_tf.training import strategies
from fsn_tf.training import training_sets
from fsn_tf.training import windows as training_windows
from fsn_tf.training.trainer import Trainer
from tests.kit import temporary_files
from tests.kit import two_devices

_EXPERIMENT = Experiment(
    stream="features",
    temporal_filters=4,
    snippet_frames=5,
    batch_size=3,
    steps=12,
    steps_per_call=4,
    checkpoint_steps=6,
    dropout=0.0,
    learning_rate=0.01,
)
# All of them together, with a batch that two devices cannot halve.
_ALL = dataclasses.replace(
    _EXPERIMENT,
    standardize=True,
    warmup_steps=3,
    learning_rate_decay="cosine",
    optimizer="adam",
    class_weights="balanced",
    label_smoothing=0.1,
    average_decay=0.9,
    dropout=0.5,
)


def _softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def write_features(folder, videos=4):
    """Features far from 0 of videos of 60 frames; their labels as an .npz."""
    rng = np.random.default_rng(0)
    labels = []
    for number in range(videos):
        of_frames = np.repeat(rng.integers(0, 3, 4), 15)
        labels.append(of_frames)
        shown = np.eye(3)[of_frames[2::5]]
        features = 100 + rng.normal(size=(12, 5)) * 0.1
        features[:, :3] += shown
        feature_files.write(
            folder / "prepared",
            f"v{number}",
            features.astype(np.float32),
            fps=25.0,
            snippet_frames=5,
            num_frames=60,
            features_from={},
        )
    np.savez(
        folder / "labels.npz",
        label=np.concatenate(labels),
        length=[60] * videos,
        video=[f"v{number}" for number in range(videos)],
    )


def training_set(folder, experiment):
    """What write_features wrote, to be learned; class "2" is background."""
    labels = frame_labels.read(folder / "labels.npz")
    return training_sets.load_frames(
        folder / "prepared", labels, experiment, background="2"
    )


class LearningRateTest(parameterized.TestCase):
    def _rates(self, **fields):
        experiment = dataclasses.replace(_EXPERIMENT, **fields)
        rate = optimizers.make(experiment, []).learning_rate
        made = optimizers._learning_rate(experiment)
        if not callable(made):
            return [float(rate)] * experiment.steps
        return [float(made(step)) for step in range(experiment.steps)]

    def test_is_constant_where_nothing_is_asked(self):
        np.testing.assert_allclose(self._rates(), [0.01] * 12)

    def test_warms_up_evenly(self):
        expected = [0.0025, 0.005, 0.0075] + [0.01] * 9
        np.testing.assert_allclose(self._rates(warmup_steps=4), expected)

    def test_goes_down_by_half_a_cosine(self):
        found = self._rates(warmup_steps=2, learning_rate_decay="cosine")
        at = np.arange(10) / 10
        cosine = 0.01 * (1 + np.cos(np.pi * at)) / 2
        expected = [0.005, 0.01, *cosine]
        np.testing.assert_allclose(found, expected, rtol=1e-5)

    def test_drops_after_the_warm_up(self):
        found = self._rates(warmup_steps=2, learning_rate_steps=(5,))
        expected = [0.005] + [0.01] * 4 + [0.001] * 7
        np.testing.assert_allclose(found, expected, rtol=1e-6)


class LossTest(absltest.TestCase):
    def setUp(self):
        super().setUp()
        rng = np.random.default_rng(0)
        self.logits = rng.normal(size=(2, 5, 3)).astype(np.float32)
        self.labels = rng.integers(0, 3, (2, 5)).astype(np.int32)
        self.weights = rng.integers(0, 2, (2, 5)).astype(np.float32)
        self.class_weights = np.array([0.5, 2.0, 1.0], np.float32)

    def test_frames_by_smoothed_labels_and_weights_of_classes(self):
        experiment = Experiment(label_smoothing=0.3)
        targets = 0.7 * np.eye(3)[self.labels] + 0.1
        losses = -(targets * np.log(_softmax(self.logits))).sum(axis=-1)
        losses *= self.weights * self.class_weights[self.labels]
        batch = {
            "labels": tf.constant(self.labels),
            "weights": tf.constant(self.weights),
        }
        found, (right, counted) = objectives.compared(
            tf.constant(self.logits), batch, experiment, self.class_weights
        )
        np.testing.assert_allclose(found, losses.sum(axis=1), rtol=1e-5)
        # What counts as right is not weighted.
        hits = (self.logits.argmax(-1) == self.labels) * self.weights
        self.assertEqual(float(right), hits.sum())
        self.assertEqual(float(counted), self.weights.sum())

    def test_videos_by_smoothed_labels_and_weights_of_classes(self):
        experiment = Experiment(network="tsn", label_smoothing=0.3)
        shares = np.array([[1, 0, 0], [0, 0.5, 0.5]], np.float32)
        logits = self.logits[:, 0]
        losses = -((0.7 * shares + 0.1) * np.log(_softmax(logits))).sum(axis=-1)
        losses *= [0.5, 1.5]
        found, _ = objectives.compared(
            tf.constant(logits),
            {"targets": tf.constant(shares)},
            experiment,
            self.class_weights,
        )
        np.testing.assert_allclose(found, losses, rtol=1e-5)


class LabelSharesTest(parameterized.TestCase):
    def setUp(self):
        super().setUp()
        # Windows of 4 frames: action 0 twice, action 1 once; 2 is background.
        labels = np.array([[0, 0, 0, 2], [0, 0, 2, 2], [1, 2, 2, 2]])
        weights = np.ones((3, 4), np.float32)
        weights[2, 3] = 0
        found = training_windows.Windows(
            video=np.zeros(3, int),
            first_snippet=np.zeros(3, int),
            action=np.array([0, 0, 1]),
            labels=labels.astype(np.int32),
            weights=weights,
        )
        self.data = examples.TrainingSet(
            ("a", "b"), (), found.action, examples.WindowExamples(found)
        )
        self.experiment = Experiment(clip_frames=20, window_stride=20)

    def test_counts_what_is_drawn(self):
        # Balanced, a window of 1 comes as often as both of 0 together.
        np.testing.assert_allclose(
            self.data.drawn_labels(True), [1.25, 0.5, 1.75]
        )
        np.testing.assert_allclose(
            self.data.drawn_labels(False), [5 / 3, 1 / 3, 5 / 3]
        )

    def test_counts_a_few_examples_at_a_time(self):
        with mock.patch.object(examples, "_MOST_LABELS", 3):
            np.testing.assert_allclose(
                self.data.drawn_labels(True), [1.25, 0.5, 1.75]
            )

    def test_weighs_by_the_inverse(self):
        experiment = dataclasses.replace(
            self.experiment, class_weights="balanced"
        )
        weights = label_shares.balanced_weights(self.data, experiment)
        shares = np.array([1.25, 0.5, 1.75]) / 3.5
        np.testing.assert_allclose(weights * shares, [1 / 3] * 3, rtol=1e-6)
        self.assertIsNone(
            label_shares.balanced_weights(self.data, self.experiment)
        )

    @parameterized.parameters(
        ({},),
        ({"balance": False},),
        ({"loss_reduction": "mean"},),
        ({"label_smoothing": 0.2},),
        ({"class_weights": "balanced", "label_smoothing": 0.2},),
    )
    def test_no_constant_guess_has_a_lower_loss(self, fields):
        experiment = dataclasses.replace(self.experiment, **fields)
        weights = label_shares.balanced_weights(self.data, experiment)
        windows = self.data.examples.windows
        chances = np.full(3, 1 / 3)
        if experiment.balance:
            chances = np.array([0.25, 0.25, 0.5])
        batch = {
            "labels": tf.constant(windows.labels),
            "weights": tf.constant(windows.weights),
        }

        def loss(guess):
            logits = np.log(np.broadcast_to(guess, (3, 4, 3)))
            losses, _ = objectives.compared(
                tf.constant(logits, tf.float32), batch, experiment, weights
            )
            # In a clip of 20 frames, most of which weigh nothing here.
            mean = 4 / 20 if experiment.loss_reduction == "mean" else 1
            return float(mean * np.sum(chances * losses))

        found = label_shares.loss_of_guessing(self.data, experiment)
        guesses = np.random.default_rng(0).dirichlet(np.ones(3), 400)
        best = min(map(loss, guesses))
        self.assertLessEqual(found, best * (1 + 1e-5))
        self.assertAlmostEqual(found, best, delta=0.02 * best)


class StandardizeTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        write_features(self.folder)
        self.experiment = dataclasses.replace(_EXPERIMENT, standardize=True)
        self.data = training_set(self.folder, self.experiment)

    def _rows(self):
        return np.concatenate([video.rows() for video in self.data.videos])

    def test_measures_every_snippet_of_every_video(self):
        mean, deviation = feature_statistics.of_videos(self.data.videos)
        rows = self._rows().astype(float)
        np.testing.assert_allclose(mean, rows.mean(axis=0), rtol=1e-9)
        np.testing.assert_allclose(deviation, rows.std(axis=0), rtol=1e-9)

    def test_equals_a_network_on_features_that_were_standardized_before(self):
        loop.train(self.experiment, self.data, self.folder / "run")
        trained, experiment, facts = checkpoints.load_network(
            self.folder / "run"
        )
        rows = self._rows()
        given = ((rows - rows.mean(axis=0)) / rows.std(axis=0))[None]
        plain = fsn.build(
            dataclasses.replace(experiment, standardize=False),
            len(facts["classes"]),
            feature_size=5,
        )
        fsn.head(plain).set_weights(fsn.head(trained).get_weights())
        expected = plain(given.astype(np.float32))
        # Of features near 100, float32 keeps four digits of the deviation.
        for found in (trained, fsn.frame_head(trained, experiment)):
            np.testing.assert_allclose(found(rows[None]), expected, atol=3e-3)

    def test_a_feature_that_never_changes_is_not_divided(self):
        network = fsn.build(self.experiment, 2, feature_size=2)
        layer = fsn.standardization_of(network)
        layer.assign(np.array([1.0, 5.0]), np.array([2.0, 0.0]))
        np.testing.assert_allclose(
            layer(np.array([[3.0, 6.0]], np.float32)), [[1.0, 1.0]]
        )


class UpdateTest(temporary_files.TestCase):
    """Three steps of a linear network, written out."""

    def _steps(self, **fields):
        experiment = dataclasses.replace(
            _EXPERIMENT, temporal_dilations=(), **fields
        )
        trainer = Trainer(experiment, 2, self.folder, feature_size=5)
        rng = np.random.default_rng(1)
        features = rng.normal(size=(3, 7, 5)).astype(np.float32)
        batch = {
            "frames": tf.constant(features),
            "labels": tf.constant(rng.integers(0, 3, (3, 35)), tf.int32),
            "weights": tf.ones((3, 35)),
            "row": tf.range(3, dtype=tf.int64),
        }
        variables = trainer.network.trainable_variables
        weights = [np.array(v, float) for v in variables]
        names = [v.name for v in variables]
        data = iter(tf.data.Dataset.from_tensors(batch).repeat())
        history = []
        for _ in range(3):
            with tf.GradientTape() as tape:
                logits = trainer.network(features, training=True)
                loss = tf.nn.sparse_softmax_cross_entropy_with_logits(
                    batch["labels"], logits
                )
                loss = tf.reduce_sum(loss) / 3
            grads = tape.gradient(loss, [v.value for v in variables])
            history.append([np.array(g, float) for g in grads])
            trainer.run(data, 1)
        return trainer, names, weights, history

    def test_adam_with_decay_beside_the_gradient(self):
        trainer, names, weights, history = self._steps(
            optimizer="adam", weight_decay=0.1, momentum=0.8, warmup_steps=2
        )
        first = [np.zeros_like(w) for w in weights]
        second = [np.zeros_like(w) for w in weights]
        for step, grads in enumerate(history, start=1):
            rate = 0.01 * min(step / 2, 1)
            for i, grad in enumerate(grads):
                if names[i] == "kernel":
                    weights[i] = weights[i] * (1 - rate * 0.1)
                first[i] = 0.8 * first[i] + 0.2 * grad
                second[i] = 0.999 * second[i] + 0.001 * grad**2
                mean = first[i] / (1 - 0.8**step)
                size = np.sqrt(second[i] / (1 - 0.999**step))
                weights[i] = weights[i] - rate * mean / (size + 1e-7)
        for variable, expected in zip(
            trainer.network.trainable_variables, weights, strict=True
        ):
            np.testing.assert_allclose(variable, expected, atol=1e-5)

    def test_what_predicts_is_the_moving_average(self):
        trainer, _, weights, history = self._steps(
            average_decay=0.25, weight_decay=0.0, momentum=0.0
        )
        means = [np.array(w) for w in weights]
        for taken, grads in enumerate(history, start=1):
            decay = min(0.25, (1 + taken) / (10 + taken))
            weights = [
                w - 0.01 * g for w, g in zip(weights, grads, strict=True)
            ]
            means = [
                decay * m + (1 - decay) * w
                for m, w in zip(means, weights, strict=True)
            ]
        for variable, mean, weight in zip(
            trainer.network.trainable_variables, means, weights, strict=True
        ):
            np.testing.assert_allclose(variable, weight, atol=1e-5)
            found = trainer.predicting[variable.path]
            np.testing.assert_allclose(found, mean, atol=1e-5)


def train_for_comparison(folder, name, logical_cpus):
    """All that goes beyond the paper at once, under a strategy."""
    folder = pathlib.Path(folder)
    strategy = strategies.make(name, logical_cpus=logical_cpus)
    loop.train(_ALL, training_set(folder, _ALL), folder / name, strategy)


@pytest.mark.slow
class TogetherTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        write_features(self.folder)

    def test_two_devices_learn_what_one_does(self):
        found = two_devices.learned(train_for_comparison, self.folder)
        self.assertIn("standardization/mean", " ".join(found))
        for one, two in found.values():
            np.testing.assert_allclose(two, one, atol=1e-5)

    def test_a_stopped_run_ends_bit_equal(self):
        data = training_set(self.folder, _ALL)
        loop.train(_ALL, data, self.folder / "whole")
        trainer = Trainer(
            _ALL,
            2,
            self.folder / "parts",
            feature_size=5,
            class_weights=label_shares.balanced_weights(data, _ALL),
            statistics=lambda: feature_statistics.of_videos(data.videos),
        )
        trainer.run(trainer.batches(data.batches(_ALL)), 5)
        trainer.save()
        loop.train(_ALL, data, self.folder / "parts")
        ours = two_devices.weights_of(self.folder / "parts")
        for name, value in two_devices.weights_of(
            self.folder / "whole"
        ).items():
            np.testing.assert_array_equal(value, ours[name], name)

    def test_a_cosine_over_more_steps_is_another_run(self):
        data = training_set(self.folder, _ALL)
        loop.train(_ALL, data, self.folder / "run")
        longer = dataclasses.replace(_ALL, steps=24)
        with self.assertRaisesRegex(InputError, "steps 12, not 24"):
            loop.train(longer, data, self.folder / "run")


if __name__ == "__main__":
    absltest.main()
