"""What an export computes, beside the network in memory."""

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import pytest
import tensorflow as tf

from fsn_tf.exports import signatures
from fsn_tf.networks import fsn
from fsn_tf.prediction import views
from tests.kit import small_networks

_SIZE = (80, 72)
_FACTS = {"frame_size": _SIZE, "classes": ["a", "b"]}
_SNIPPETS = 4


def _given(experiment):
    """Snippets, as the network takes them stored."""
    rng = np.random.default_rng(2)
    if experiment.stream == "features":
        return rng.normal(size=(_SNIPPETS, 6)).astype(np.float32)
    shape = (_SNIPPETS, *_SIZE[::-1], experiment.channels)
    return rng.integers(0, 256, shape).astype(np.uint8)


def _network(experiment, given):
    """(network, probabilities of all frames, which are far from uniform)."""
    network = fsn.build(experiment, 2, feature_size=6)
    small_networks.set_apart(network)
    head = fsn.frame_head(network, experiment)
    if experiment.stream != "features":
        seen = views.center(tf.constant(given), experiment.image_size)
        given = fsn.spatial_cnn(network)(seen[None], training=False)[0]
    kernel = fsn.head(network).get_layer("scores").kernel
    kernel.assign(np.random.default_rng(0).normal(size=kernel.shape))
    kernel.assign(kernel / np.std(head(given[None])))
    return network, fsn.probabilities(head(given[None], training=False))[0]


def _served(offered, experiment, given):
    """What the signatures give, at once and in two steps."""
    features = given
    if experiment.stream == "rgb":
        given = np.repeat(given, experiment.snippet_frames, axis=0)
    serve, _ = offered["serving_default"]
    score, _ = offered["probabilities"]
    if experiment.stream != "features":
        see, _ = offered["features"]
        features = see(tf.constant(features))["features"]
    at_once = serve(tf.constant(given))["probabilities"]
    return at_once, score(tf.constant(features))["probabilities"]


@pytest.mark.slow
class SignaturesTest(parameterized.TestCase):
    @parameterized.parameters(
        {"backbone": "BNInception"},
        {"backbone": "BNInception", "stream": "flow"},
        {"backbone": "ResNet50"},
        {"backbone": "MobileNetV2"},
        {"backbone": "EfficientNetLite0"},
        {"network": "wfsn"},
        {"stream": "features"},
        {"stream": "features", "standardize": True, "network": "wfsn"},
    )
    def test_give_what_the_network_gives(self, **changes):
        experiment = small_networks.experiment(**{"image_size": 64, **changes})
        given = _given(experiment)
        network, expected = _network(experiment, given)

        offered = signatures.signatures(
            network, experiment, _FACTS, any_size=True
        )

        self.assertGreater(np.ptp(expected), 0.1)
        for got in _served(offered, experiment, given):
            np.testing.assert_allclose(got, expected, atol=1e-5)
        for function, takes in offered.values():
            concrete = function.get_concrete_function()
            self.assertEmpty(concrete.variables)
            self.assertEqual(takes.dtype, concrete.inputs[0].dtype)

    def test_half_precision_takes_and_gives_the_same(self):
        experiment = small_networks.experiment(backbone="BNInception")
        given = _given(experiment)
        exact, expected = _network(experiment, given)
        network = fsn.build(
            small_networks.experiment(
                backbone="BNInception", mixed_precision=True
            ),
            2,
        )
        network.set_weights(exact.get_weights())

        offered = signatures.signatures(
            network, experiment, _FACTS, any_size=True
        )

        for got in _served(offered, experiment, given):
            self.assertEqual(got.dtype, tf.float32)
            difference = np.abs(got - expected).max()
            self.assertGreater(difference, 1e-5)
            self.assertLess(difference, 0.1)


if __name__ == "__main__":
    absltest.main()
