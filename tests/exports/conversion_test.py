"""TFLite and ONNX beside the functions they were made of."""

from absl.testing import absltest
import keras
import numpy as np
import pytest
import tensorflow as tf

from fsn_tf.experiment import Experiment
from fsn_tf.exports import conversion
from fsn_tf.exports import signatures
from fsn_tf.networks import fsn
from tests.kit import optional
from tests.kit import temporary_files

_FACTS = {"frame_size": [48, 36], "classes": ["a", "b"]}


def _offered(**changes):
    """Functions whose probabilities are far from uniform."""
    experiment = Experiment(
        backbone="tiny", image_size=32, temporal_filters=8, **changes
    )
    keras.utils.set_random_seed(0)
    network = fsn.build(experiment, 2, feature_size=6)
    kernel = fsn.head(network).get_layer("scores").kernel
    kernel.assign(np.random.default_rng(0).normal(0, 3, kernel.shape))
    offered = signatures.signatures(network, experiment, _FACTS, any_size=False)
    return offered


def _made_up(takes, count):
    shape = (count, *takes.shape[1:])
    values = np.random.default_rng(count).integers(0, 256, shape)
    scale = 1 if takes.dtype.is_integer else 256
    return (values / scale).astype(takes.dtype.as_numpy_dtype)


@pytest.mark.slow
class ConversionTest(temporary_files.TestCase):
    def check(self, offered, served, counts=(1, 7, 8, 23)):
        function, takes = offered["serving_default"]
        for count in counts:
            given = _made_up(takes, count)
            expected = function(tf.constant(given))["probabilities"].numpy()
            self.assertGreater(np.ptp(expected), 0.05)
            got = served({takes.name: given})
            np.testing.assert_allclose(got, expected, atol=1e-5)

    def test_tflite_has_every_signature(self):
        offered = _offered(stream="flow")
        conversion.write_tflite(self.folder, offered)
        lite = tf.lite.Interpreter(str(self.folder / "model.tflite"))

        def in_two_steps(given):
            features = lite.get_signature_runner("features")(**given)
            return lite.get_signature_runner("probabilities")(**features)[
                "probabilities"
            ]

        def at_once(given):
            signature = lite.get_signature_runner("serving_default")
            return signature(**given)["probabilities"]

        self.check(offered, at_once)
        self.check(offered, in_two_steps)

    def test_tflite_takes_features(self):
        offered = _offered(stream="features", network="wfsn")
        conversion.write_tflite(self.folder, offered)
        lite = tf.lite.Interpreter(str(self.folder / "model.tflite"))
        signature = lite.get_signature_runner("serving_default")
        self.check(offered, lambda given: signature(**given)["probabilities"])

    def test_onnx_takes_stacks_and_features(self):
        optional.skip_without(self, "tf2onnx", "onnxruntime")
        import onnxruntime

        for changes in ({"stream": "flow"}, {"stream": "features"}):
            offered = _offered(**changes)
            served = {"serving_default": offered["serving_default"]}
            conversion.write_onnx(self.folder, served)
            session = onnxruntime.InferenceSession(self.folder / "model.onnx")
            self.check(offered, lambda x, s=session: s.run(None, x)[0])


if __name__ == "__main__":
    absltest.main()
