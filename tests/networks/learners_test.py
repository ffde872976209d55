"""Networks as they are trained, against the networks that they are."""

import dataclasses

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf.experiment import Experiment
from fsn_tf.networks import fsn
from fsn_tf.networks import learners

_TINY = Experiment(backbone="tiny", image_size=32, temporal_filters=8)


def _images(*shape):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (*shape, 32, 32, 3)).astype(np.uint8)


class LearnersTest(parameterized.TestCase):
    def test_dropout_drops_where_the_noise_is_low(self):
        network = fsn.build(_TINY, 3)
        images = _images(2, 6)
        features = fsn.spatial_cnn(network)(images)
        noise = np.random.default_rng(1).random(features.shape)
        learned = learners.with_dropout(network, 0.75)

        scores = learned({"frames": images, "noise": noise})

        dropped = features * (noise >= 0.75) / 0.25
        np.testing.assert_allclose(
            scores, fsn.head(network)(dropped), rtol=1e-4, atol=1e-5
        )

    def test_is_the_network_itself_without_dropout_and_stages(self):
        experiment = dataclasses.replace(_TINY, dropout=0.0)
        network = fsn.build(experiment, 3)
        self.assertIs(learners.of(network, experiment), network)

    @parameterized.parameters(0.0, 0.5)
    def test_learns_from_every_stage_and_scores_by_the_last(self, dropout):
        experiment = dataclasses.replace(
            _TINY, refinement_stages=2, temporal_residual=True, dropout=dropout
        )
        network, images = fsn.build(experiment, 3), _images(2, 6)
        rng = np.random.default_rng(1)
        head = fsn.head(network)
        head.set_weights([rng.normal(0, 0.5, x.shape) for x in head.weights])
        learned = learners.of(network, experiment)
        inputs = images
        if dropout:
            features = fsn.spatial_cnn(network)(images)
            # Noise that drops nothing leaves the features, but doubled.
            noise = np.ones(features.shape, np.float32)
            inputs = {"frames": images, "noise": noise}

        stages = learned(inputs)

        self.assertLen(stages, 3)
        self.assertLen(
            learned.trainable_weights, len(network.trainable_weights)
        )
        expected = network(images)
        if dropout:
            expected = fsn.head(network)(2 * features)
        np.testing.assert_allclose(stages[-1], expected, rtol=1e-4, atol=1e-4)
        for stage in stages:
            self.assertEqual(stage.shape, (2, 30, 4))
        self.assertGreater(np.abs(stages[0] - stages[1]).max(), 0.1)


if __name__ == "__main__":
    absltest.main()
