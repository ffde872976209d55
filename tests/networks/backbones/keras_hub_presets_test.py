"""Encoders of keras-hub, small and random, saved to folders as presets."""

import pathlib
import sys
import tempfile
from unittest import mock

from absl.testing import absltest
from absl.testing import parameterized
import keras
import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.networks import backbones
from tests.kit import optional

_SIZE = 32


def _resnet(**options):
    import keras_hub

    return keras_hub.models.ResNetBackbone(
        input_conv_filters=[64],
        input_conv_kernel_sizes=[7],
        stackwise_num_filters=[64],
        stackwise_num_blocks=[1],
        stackwise_num_strides=[1],
        block_type="basic_block",
        **options,
    )


def _vit(**options):
    import keras_hub

    return keras_hub.models.ViTBackbone(
        image_shape=(_SIZE, _SIZE, 3),
        patch_size=8,
        num_layers=1,
        num_heads=2,
        hidden_dim=12,
        mlp_dim=16,
        **options,
    )


def _images(channels=3):
    shape = 2, _SIZE, _SIZE, channels
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


class KerasHubPresetsTest(parameterized.TestCase):
    def setUp(self):
        super().setUp()
        optional.skip_without(
            self, "keras_hub", listed_in="requirements-keras-hub.txt"
        )
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self._folder = pathlib.Path(folder.name) / "preset"
        self._name = f"keras_hub:{self._folder}"
        keras.utils.set_random_seed(0)

    def _save(self, encoder, scale=None, offset=None):
        """Saves a preset, with what converts images for it."""
        import keras_hub

        encoder.save_to_preset(self._folder)
        if scale is not None:
            kind = type(encoder).__name__.replace("Backbone", "ImageConverter")
            converter = getattr(keras_hub.layers, kind)(
                image_size=(_SIZE, _SIZE), scale=scale, offset=offset
            )
            converter.save_to_preset(self._folder)

    def test_averages_the_map_of_what_the_preset_normalizes(self):
        encoder = _resnet()
        scale, offset = (0.01, 0.02, 0.03), (-1.0, 0.5, 0.25)
        self._save(encoder, scale, offset)
        images = _images()

        model = backbones.build(self._name, image_size=_SIZE)

        pixels = images * np.array(scale) + np.array(offset)
        expected = np.asarray(encoder(pixels)).mean((1, 2))
        self.assertEqual(model.output_shape, (None, 64))
        np.testing.assert_allclose(model(images), expected, atol=1e-5)

    def test_averages_tokens(self):
        encoder = _vit()
        self._save(encoder, 1 / 127.5, -1.0)
        images = _images()

        model = backbones.build(self._name, image_size=_SIZE)

        tokens = np.asarray(encoder(images / 127.5 - 1))
        # One for each of 4x4 patches, and the token of the class.
        self.assertEqual(tokens.shape, (2, 17, 12))
        np.testing.assert_allclose(model(images), tokens.mean(1), atol=1e-5)

    def test_takes_pixels_as_they_are_without_a_converter(self):
        encoder = _resnet()
        self._save(encoder)
        images = _images()

        model = backbones.build(self._name, image_size=_SIZE)

        expected = np.asarray(encoder(images.astype("f4"))).mean((1, 2))
        np.testing.assert_allclose(model(images), expected, rtol=1e-5)

    def test_flow_starts_from_the_mean_of_the_kernel_that_sees_rgb(self):
        encoder = _resnet()
        self._save(encoder, (0.01, 0.02, 0.03), (-1.0, 0.5, 0.25))

        model = backbones.build(self._name, image_size=_SIZE, channels=10)

        ours, theirs = model.get_weights(), encoder.get_weights()
        mean = theirs[0].mean(2, keepdims=True).repeat(10, axis=2)
        np.testing.assert_allclose(ours[0], mean, rtol=1e-6)
        for one, other in zip(ours[1:], theirs[1:], strict=True):
            np.testing.assert_array_equal(one, other)
        # Zero motion is 128; a step of it is the mean of the scales.
        normalize = model.get_layer("normalize")
        np.testing.assert_allclose(
            normalize(np.array([128.0, 129])), [0, 0.02], atol=1e-6
        )

    def test_a_file_of_weights_takes_the_place_of_the_presets(self):
        self._save(_resnet(), 0.01, 0.0)
        trained = backbones.build(self._name, image_size=_SIZE)
        trained.set_weights([0.5 * w for w in trained.get_weights()])
        path = self._folder.parent / "x.weights.h5"
        trained.save_weights(path)

        model = backbones.build(self._name, image_size=_SIZE, weights=str(path))

        for ours, theirs in zip(
            model.get_weights(), trained.get_weights(), strict=True
        ):
            np.testing.assert_array_equal(ours, theirs)
        with self.assertRaisesRegex(InputError, "no ImageNet weights"):
            backbones.build(self._name, image_size=_SIZE, weights="imagenet")

    def test_freezes_batch_norms_inside_blocks_too(self):
        import keras_hub

        encoder = keras_hub.models.MobileNetBackbone(
            stackwise_expansion=[[8]],
            stackwise_num_blocks=[1],
            stackwise_num_filters=[[8]],
            stackwise_kernel_size=[[3]],
            stackwise_num_strides=[[1]],
            stackwise_se_ratio=[[None]],
            stackwise_activation=[["relu"]],
            stackwise_padding=[[1]],
            output_num_filters=8,
            input_num_filters=4,
            input_activation="relu",
            output_activation="relu",
            depthwise_filters=4,
            depthwise_stride=1,
            depthwise_residual=False,
            squeeze_and_excite=None,
            last_layer_filter=8,
        )
        self._save(encoder)

        learning = {
            kind: len(
                [
                    variable
                    for variable in backbones.build(
                        self._name, image_size=_SIZE, batch_norm=kind
                    ).trainable_variables
                    if variable.name == "gamma"
                ]
            )
            for kind in ("all", "first", "none")
        }

        self.assertGreater(learning["all"], 2)
        self.assertEqual((learning["first"], learning["none"]), (1, 0))

    def test_an_encoder_of_one_size_says_so(self):
        self._save(_vit(), 0.01, 0.0)
        with self.assertRaisesRegex(InputError, "32x32 pixels alone, got 48"):
            backbones.build(self._name, image_size=48)

    def test_an_encoder_of_text_is_refused(self):
        import keras_hub

        encoder = keras_hub.models.BertBackbone(
            vocabulary_size=10,
            num_layers=1,
            num_heads=2,
            hidden_dim=4,
            intermediate_dim=4,
        )
        self._save(encoder)
        with self.assertRaisesRegex(InputError, "BertBackbone, which does not"):
            backbones.build(self._name, image_size=_SIZE)

    def test_what_is_no_preset_costs_one_line(self):
        for preset in (str(self._folder), "no_such_preset"):
            with self.assertRaisesRegex(InputError, "cannot be had") as caught:
                backbones.build(f"keras_hub:{preset}", image_size=_SIZE)
            self.assertNotRegex(str(caught.exception), "\n|:$")


class WithoutKerasHubTest(absltest.TestCase):
    def test_says_what_to_install(self):
        with (
            mock.patch.dict(sys.modules, {"keras_hub": None}),
            self.assertRaisesRegex(InputError, "requirements-keras-hub.txt"),
        ):
            backbones.build("keras_hub:resnet_50_imagenet", image_size=32)


if __name__ == "__main__":
    absltest.main()
