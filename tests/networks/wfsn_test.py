"""Section 3.4: pooling over time, labels without times, dense predictions."""

import dataclasses

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import pytest
import tensorflow as tf

from fsn_tf import segments
from fsn_tf.annotations import csv_files
from fsn_tf.annotations import video_labels
from fsn_tf.errors import InputError
from fsn_tf.grouping import frame_scores
from fsn_tf.networks import fsn
from fsn_tf.prediction import prepared_videos
from fsn_tf.training import checkpoints
from fsn_tf.training import loop
from fsn_tf.training import training_sets
from tests.kit import made_up
from tests.kit import small_networks
from tests.kit import temporary_files

_EXPERIMENT = small_networks.experiment(
    network="wfsn",
    batch_norm="all",
    segments=6,
    batch_size=2,
    steps=3,
    checkpoint_steps=3,
    learning_rate=0.01,
)


def _on_features(pooling, size=4):
    experiment = dataclasses.replace(
        _EXPERIMENT, stream="features", pooling=pooling, pooling_share=0.2
    )
    network = fsn.build(experiment, 3, feature_size=size)
    rng = np.random.default_rng(0)
    network.set_weights(
        [rng.normal(size=w.shape) for w in network.get_weights()]
    )
    return network, experiment


def _mean_of_two_largest(values, axis):
    """What a share of 0.2 gives of 11 snippets."""
    return np.sort(values, axis=axis)[:, -2:].mean(axis=axis)


class PoolingTest(parameterized.TestCase):
    @parameterized.named_parameters(
        ("GMP", "max", np.max),
        ("GAP", "average", np.mean),
        ("top_k", "top_k", _mean_of_two_largest),
    )
    def test_pools_the_snippet_logits_over_time(self, pooling, of_snippets):
        network, experiment = _on_features(pooling)
        features = np.random.default_rng(1).normal(size=(2, 11, 4))
        dense = fsn.frame_head(network, experiment)(features)
        # A snippet's score lies on its center frame, the third of five.
        snippet_logits = np.array(dense)[:, 2::5]
        np.testing.assert_allclose(
            network(features), of_snippets(snippet_logits, axis=1), rtol=1e-4
        )
        self.assertEqual(dense.shape, (2, 55, 3))

    @parameterized.parameters("max", "top_k")
    def test_predicts_densely_with_the_weights_it_learned(self, pooling):
        network, experiment = _on_features(pooling)
        dense = fsn.frame_head(network, experiment)
        self.assertEqual(
            [v.path for v in dense.variables],
            [v.path for v in network.variables],
        )


@pytest.mark.slow
class TrainingTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.prepared, self.truth = made_up.prepared_folder(self.folder)

    def _weights(self, truth, name, **changes):
        experiment = dataclasses.replace(_EXPERIMENT, **changes)
        path = self.folder / f"{name}.csv"
        csv_files.write(path, truth)
        data = training_sets.load_videos(
            self.prepared, video_labels.read(path), experiment
        )
        workdir = self.folder / name
        loop.train(experiment, data, workdir, tf.distribute.get_strategy())
        network, _, _ = checkpoints.load_network(workdir)
        return {v.path: np.array(v) for v in network.variables}

    def test_learns_the_same_whatever_the_times_are(self):
        rng = np.random.default_rng(3)
        moved = [
            segments.Instance(one.video, one.label, start, start + 0.7)
            for one, start in zip(
                rng.permutation(np.array(self.truth.instances, object)),
                rng.uniform(0, 3, len(self.truth.instances)),
                strict=True,
            )
        ]
        shuffled = dataclasses.replace(self.truth, instances=tuple(moved))
        first = self._weights(self.truth, "true")
        second = self._weights(shuffled, "shuffled")
        for name, weight in first.items():
            np.testing.assert_array_equal(weight, second[name], name)

    def test_learns_something_else_from_other_labels(self):
        # The counterpart of the test above: labels do matter.
        one_label = tuple(
            dataclasses.replace(one, label="a" if "0" in one.video else "b")
            for one in self.truth.instances
        )
        other = dataclasses.replace(self.truth, instances=one_label)
        first = self._weights(self.truth, "true")
        second = self._weights(other, "other")
        changed = [not np.array_equal(w, second[n]) for n, w in first.items()]
        self.assertTrue(any(changed))

    def test_keeps_the_first_layers_as_they_were(self):
        frozen = {"freeze_through": "conv2"}
        before = self._weights(self.truth, "a", learning_rate=1e-30, **frozen)
        after = self._weights(self.truth, "b", **frozen)
        changed = {
            name.split("/")[-2]
            for name, weight in after.items()
            if not np.array_equal(weight, before[name])
        }
        self.assertContainsSubset({"conv3", "norm3"}, changed)
        self.assertEmpty(changed & {"conv1", "norm1", "conv2"})

    def test_names_a_layer_that_is_not_there(self):
        with self.assertRaisesRegex(InputError, "no layer 'conv9'.*conv1"):
            self._weights(self.truth, "x", freeze_through="conv9")

    def test_takes_videos_shorter_than_its_segments_and_scores_frames(self):
        # 100 frames are 20 snippets, fewer than 33 segments.
        self._weights(self.truth, "short", segments=33)
        out = self.folder / "scores"
        failed = prepared_videos.predict(
            self.folder / "short", self.prepared, out, inference="whole"
        )
        self.assertEqual(failed, 0)
        found = frame_scores.read(out / "v0.npz")
        self.assertEqual(found.classes, ("a", "b"))
        self.assertEqual(found.scores.shape, (100, 2))
        np.testing.assert_allclose(found.scores.sum(axis=1), 1, rtol=1e-5)


if __name__ == "__main__":
    absltest.main()
