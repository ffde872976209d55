"""What a TPU asks of a training step, seen in what XLA makes of it on a CPU."""

from absl.testing import absltest
import numpy as np
import tensorflow as tf

from fsn_tf.networks import fsn
from fsn_tf.training import updates
from tests.kit import small_networks
from tests.kit import temporary_files

# What would leave the device in the middle of a step.
_LEAVES = r"\b(custom-call|infeed|outfeed|send|recv|host-transfer)\b"


class CompiledStepTest(temporary_files.TestCase):
    def test_takes_bytes_has_static_shapes_and_asks_nothing(self):
        experiment = small_networks.experiment(
            batch_size=2, dropout=0.5, jit_compile=True
        )
        rng = np.random.default_rng(0)
        batch = {
            "frames": tf.constant(
                rng.integers(0, 255, (2, 7, 32, 32, 3)), tf.uint8
            ),
            "labels": tf.constant(rng.integers(0, 3, (2, 35)), tf.int32),
            "weights": tf.ones((2, 35)),
            "row": tf.range(2, dtype=tf.int64),
        }
        network = fsn.build(experiment, 2)
        noise = tf.ones(
            (2, 7, network.get_layer(fsn.SPATIAL_CNN).output.shape[-1])
        )
        update = updates.Update(
            experiment, network, None, tf.distribute.get_strategy()
        )
        compiled = tf.function(update._gradients, jit_compile=True)
        text = compiled.experimental_get_compiler_ir(batch, noise)(stage="hlo")

        self.assertRegex(text, r"u8\[2,7,32,32,3\]\S* parameter")
        # A bound, "<=4", is how a size that is not known is written.
        self.assertNotRegex(text, r"\[[^\]]*<=[^\]]*\]")
        self.assertNotRegex(text, _LEAVES)


if __name__ == "__main__":
    absltest.main()
