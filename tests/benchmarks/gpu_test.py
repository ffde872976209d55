"""Operations of a network, counted by hand."""

from absl.testing import absltest

from benchmarks import gpu
from fsn_tf.networks import fsn
from tests.kit import small_networks


class FlopsTest(absltest.TestCase):
    def test_counts_convolutions_at_every_place_of_every_snippet(self):
        experiment = small_networks.experiment(temporal_dilations=(1,))
        network = fsn.build(experiment, 2)
        cnn = network.get_layer(fsn.SPATIAL_CNN).layer
        # Multiply-adds of the 2D CNN, image by image, and of what follows:
        # 8 filters of 3 places, then 3 classes.
        image = sum(
            layer.kernel.shape.num_elements()
            * layer.output.shape[1]
            * layer.output.shape[2]
            for layer in cnn.layers
            if layer.__class__.__name__ == "Conv2D"
        )
        features = cnn.output.shape[-1]
        head = 3 * features * 8 + 8 * 3
        self.assertEqual(gpu.flops(network), 2 * 7 * (image + head))


if __name__ == "__main__":
    absltest.main()
