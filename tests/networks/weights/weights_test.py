"""Weights from elsewhere give the same network, or an error of one line."""

import functools
import pathlib
import re
import tempfile
import zipfile

from absl.testing import absltest
import h5py
import keras
import numpy as np
import pytest

from fsn_tf.errors import InputError
from fsn_tf.networks import backbones
from fsn_tf.networks import weights
from fsn_tf.networks.backbones import applications
from tests.kit import made_up_weights
from tests.kit import running
from tests.kit import temporary_files

_SIZE = 32


@functools.cache
def _model(name="BNInception", channels=3):
    """(2D CNN with random weights, the weights in PyTorch's layout)."""
    model = backbones.build(name, image_size=_SIZE, channels=channels)
    made = made_up_weights.values(model)
    made_up_weights.assign(model, made)
    return model, made


def _caffe_name(layer):
    """conv1_7x7_s2 -> conv1/7x7_s2, inception_3a_1x1 -> inception_3a/1x1."""
    block = "_".join(layer.split("_")[: 2 if "inception" in layer else 1])
    return f"{block}/{layer[len(block) + 1 :]}"


def _published_name(name):
    """blocks_3_bn0.weight -> _blocks.3._bn0.weight, bn0.bias -> _bn0.bias."""
    return "_" + re.sub(r"blocks_(\d+)_", r"blocks.\1._", name)


def _caffe_model(made, legacy):
    """A .caffemodel of TSN's branch of Caffe, with its classifier."""
    parts = {}
    for name, value in made.items():
        layer = name.rpartition(".")[0]
        if layer.endswith("_bn"):
            value = value.reshape(1, -1, 1, 1)
        content = made_up_weights.blob(value, legacy_shape=legacy)
        parts.setdefault(layer, []).append(content)
    parts["fc-action"] = [made_up_weights.blob(np.ones((101, 1024)))]
    write = made_up_weights.v1_layer if legacy else made_up_weights.layer
    kind = 4 if legacy else "Odd"
    return b"".join(
        write(_caffe_name(layer) if "_" in layer else layer, kind, blobs)
        for layer, blobs in parts.items()
    )


class ImportTest(temporary_files.TestCase):
    def _import(self, source, **options):
        out = self.folder / "out.weights.h5"
        return out, weights.import_file(source, out, **options)

    def _assert_imports(
        self, source, name="BNInception", channels=3, **options
    ):
        """The report, once the file has given the same weights back."""
        out, report = self._import(source, **options)
        model, _ = _model(name, channels)
        expected = model.get_weights()
        model.set_weights([0 * weight for weight in expected])
        model.load_weights(out)
        for ours, theirs in zip(model.get_weights(), expected, strict=True):
            np.testing.assert_array_equal(ours, theirs)
        return "\n".join(report)

    def _assert_refuses(self, source, *words, **options):
        with self.assertRaises(InputError) as caught:
            self._import(source, **options)
        message = str(caught.exception)
        self.assertNotIn("\n", message)
        self.assertFalse((self.folder / "out.weights.h5").exists())
        for word in (str(source), *words):
            self.assertIn(word, message)

    def _torch(self, arrays, write=made_up_weights.write_torch_zip, wrap=dict):
        path = self.folder / "x.pth"
        state, storages = made_up_weights.torch_state(arrays)
        write(path, wrap(state), storages)
        return path

    def test_imports_bn_inception_of_pytorch(self):
        _, made = _model()
        # The first releases kept batch norms as rows, the rest as vectors.
        arrays = {
            name: value[None] if "_bn." in name else value
            for name, value in made.items()
        }
        arrays["conv1_7x7_s2_bn.num_batches_tracked"] = np.array(7)
        arrays["last_linear.weight"] = np.ones((10, 1024), "f4")
        report = self._assert_imports(self._torch(arrays))
        self.assertIn("PyTorch (zip), TorchBNInception for RGB", report)
        self.assertIn("left out: last_linear", report)

    def test_imports_checkpoints_of_tsn_pytorch_for_flow(self):
        _, made = _model(channels=10)
        arrays = {f"module.base_model.{name}": made[name] for name in made}
        arrays["module.new_fc.weight"] = np.ones((10, 1024), "f4")
        arrays["module.new_fc.bias"] = np.ones(10, "f4")
        path = self._torch(
            arrays,
            made_up_weights.write_torch_legacy,
            lambda state: {"epoch": 3, "state_dict": state},
        )
        report = self._assert_imports(path, channels=10)
        self.assertIn("PyTorch (before 1.6), BNInception for flow", report)
        self.assertIn("left out: new_fc", report)

    def test_imports_what_other_loops_wrap_around_weights(self):
        _, made = _model()
        arrays = {f"module.encoder_q.model.{name}": made[name] for name in made}
        # MoCo's other encoder, which only follows, and its queue.
        arrays |= {f"module.encoder_k.{name}": made[name] for name in made}
        arrays["module.queue"] = np.ones((8, 4), "f4")
        path = self._torch(
            arrays, wrap=lambda x: {"model": {"state_dict": x}, "epoch": 3}
        )
        self._assert_imports(path)

    def test_imports_the_models_of_tsn(self):
        _, made = _model()
        path = self.write("tsn.caffemodel.v5", _caffe_model(made, legacy=True))
        report = self._assert_imports(path)
        self.assertIn("Caffe, BNInception for RGB", report)
        self.assertIn("left out: fc-action", report)

    def test_imports_resnet_50_of_mmaction2(self):
        _, made = _model("TorchResNet50")
        arrays = {}
        for name, value in made.items():
            layer, _, parameter = name.rpartition(".")
            stage = layer.replace("_", ".")
            for old, new in (
                ("downsample.0", "downsample.conv"),
                ("downsample.1", "downsample.bn"),
                *((f"bn{i}", f"conv{i}.bn") for i in (1, 2, 3)),
            ):
                stage = stage.replace(old, new)
            if stage[-5:-1] == "conv":
                stage += ".conv"
            arrays[f"backbone.{stage}.{parameter}"] = value
        self.assertIn("backbone.layer1.0.conv1.bn.running_mean", arrays)
        self.assertIn("backbone.layer2.0.downsample.conv.weight", arrays)
        arrays["cls_head.fc_cls.weight"] = np.ones((400, 2048), "f4")
        report = self._assert_imports(self._torch(arrays), "TorchResNet50")
        self.assertIn("left out: cls_head_fc_cls", report)

    def test_imports_efficientnet_lite_as_it_is_published(self):
        for name in ("EfficientNetLite0", "EfficientNetLite2"):
            _, made = _model(name)
            arrays = {_published_name(ours): made[ours] for ours in made}
            self.assertIn("_blocks.3._depthwise_conv.weight", arrays)
            self.assertIn("_bn1.running_var", arrays)
            arrays["_blocks.0._bn1.num_batches_tracked"] = np.array(7)
            arrays["_fc.weight"] = np.ones((1000, 1280), "f4")
            arrays["_fc.bias"] = np.ones(1000, "f4")
            path = self._torch(arrays, made_up_weights.write_torch_legacy)
            report = self._assert_imports(path, name)
            self.assertIn(f"{name} for RGB", report)
            self.assertIn("left out: fc", report)

    def test_names_all_that_a_file_of_efficientnet_lite_lacks(self):
        _, made = _model("EfficientNetLite0")
        arrays = {_published_name(ours): made[ours] for ours in made}
        del arrays["_blocks.3._bn0.running_mean"]
        arrays["_blocks.5._se_reduce.weight"] = np.ones((4, 144, 1, 1), "f4")
        arrays["_conv_head.weight"] = np.ones((1280, 352, 1, 1), "f4")
        self._assert_refuses(
            self._torch(arrays),
            "does not fit EfficientNetLite0",
            "1 missing: blocks_3_bn0.running_mean",
            "1 unknown: blocks_5_se_reduce.weight",
            "is (1280, 352, 1, 1), expected (1280, 320, 1, 1)",
        )

    def test_takes_no_efficientnet_lite_for_flow_of_an_unknown_scale(self):
        _, made = _model("EfficientNetLite0")
        stem = np.ones((32, 10, 3, 3), "f4")
        path = self._torch({**made, "conv_stem.weight": stem})
        self._assert_refuses(path, "starts from a file for RGB")

    def test_imports_what_keras_saved(self):
        model, _ = _model("tiny")
        for name in ("model.keras", "model.weights.h5"):
            path = self.folder / name
            save = model.save if name == "model.keras" else model.save_weights
            save(path)
            self._assert_imports(path, "tiny", backbone="tiny")
        (self.folder / "out.weights.h5").unlink()
        # It numbers layers by their class, which any 2D CNN has.
        self._assert_refuses(path, "--backbone=NAME")
        self._assert_refuses(path, "does not fit", backbone="MobileNet")

    def test_imports_files_of_keras_2_by_the_names_of_layers(self):
        model, _ = _model("tiny")
        path = self.folder / "model.h5"
        with h5py.File(path, "w") as file:
            names = [layer.name for layer in model.layers]
            # Another order of layers changes nothing.
            file.attrs["layer_names"] = sorted(names)
            for layer in model.layers:
                group = file.create_group(layer.name)
                values = {f"{v.path}:0": v.numpy() for v in layer.weights}
                group.attrs["weight_names"] = list(values)
                for name, value in values.items():
                    group[name] = value
        self._assert_imports(path, "tiny", backbone="tiny")

    def test_imports_models_of_keras_applications(self):
        source = keras.applications.MobileNet(
            weights=None, input_shape=(32, 32, 3), classes=7
        )
        path = self.folder / "mobilenet.keras"
        source.save(path)
        self._assert_refuses(path, "conv2d_14", backbone="MobileNet")
        out, report = self._import(
            path,
            backbone="MobileNet",
            allow_missing=["layers/conv2d_14/vars"],
        )
        self.assertIn("left out: layers/conv2d_14/vars", report)
        bare = applications.bare("MobileNet", 32, weights=str(out))
        for ours, theirs in zip(bare.weights, source.weights, strict=False):
            np.testing.assert_array_equal(ours, theirs)

    def test_half_a_file_is_damage(self):
        arrays = {"conv1_7x7_s2.weight": np.ones((64, 3, 7, 7), "f4")}
        saved = self.folder / "model.weights.h5"
        _model("tiny")[0].save_weights(saved)
        sources = {
            "half.caffemodel": _caffe_model(arrays, False),
            "half.pth": self._torch(arrays).read_bytes(),
            "half.weights.h5": saved.read_bytes(),
        }
        for name, whole in sources.items():
            path = self.write(name, whole[: len(whole) // 2])
            self._assert_refuses(path, "damaged", "cut short")

    def test_names_every_key_and_shape_that_does_not_fit(self):
        _, made = _model()
        arrays = dict(made)
        arrays["inception_3a_1x1_renamed.weight"] = arrays.pop(
            "inception_3a_1x1.weight"
        )
        arrays["inception_5b_pool_proj.bias"] = np.ones(3, "f4")
        self._assert_refuses(
            self._torch(arrays),
            "does not fit TorchBNInception",
            "1 missing: inception_3a_1x1.weight",
            "1 unknown: inception_3a_1x1_renamed.weight",
            "inception_5b_pool_proj.bias is (3,), expected (128,)",
        )

    @pytest.mark.slow
    def test_allow_missing_names_layers_without_a_counterpart(self):
        _, made = _model()
        arrays = dict(made)
        del arrays["inception_5b_pool_proj.weight"]
        arrays["module.my_head.weight"] = np.ones((5, 1024), "f4")
        path = self._torch(arrays)
        self._assert_refuses(path, "pool_proj.weight", "my_head.weight")
        layers = ["module.my_head", "inception_5b/pool_proj"]
        _, report = self._import(path, allow_missing=layers)
        self.assertIn("left out: my_head", report)
        self.assertIn("not in the file, random: inception_5b_pool_proj", report)

    def test_another_architecture_is_told(self):
        alexnet = {"features.0.weight": np.ones((64, 3, 11, 11), "f4")}
        path = self._torch(alexnet)
        self._assert_refuses(path, "no architecture", "features_0.weight")
        self._assert_refuses(path, "none of its names", backbone="BNInception")
        shallow = {"layer1.0.conv1.weight": np.ones((64, 64, 3, 3), "f4")}
        self._assert_refuses(
            self._torch(shallow), "(64, 64, 3, 3), expected (64, 64, 1, 1)"
        )

    def test_keras_own_resnet_50_is_another_function(self):
        path = self._torch({"layer1.0.conv1.weight": np.ones(1, "f4")})
        with self.assertRaisesRegex(InputError, "use TorchResNet50"):
            self._import(path, backbone="ResNet50")

    def test_numbers_that_are_not_finite_are_refused(self):
        _, made = _model()
        made = {**made, "conv2_3x3.bias": np.full(192, np.nan, "f4")}
        self._assert_refuses(self._torch(made), "conv2_3x3.bias", "finite")

    def test_the_command_writes_what_training_starts_from(self):
        original, made = _model("TorchBNInception")
        # Blue, green and red less what tsn-pytorch's models were trained with.
        seen = original.get_layer("normalize")(np.full((1, 1, 1, 3), 200.0))
        np.testing.assert_array_equal(seen[0, 0, 0], [96, 83, 72])
        source, out = self._torch(made), self.folder / "x.weights.h5"
        flags = f"--source={source}", f"--out={out}"
        status, printed, _ = running.fsn("import_weights", *flags)
        self.assertEqual(status, 0)
        self.assertIn(f"--backbone=TorchBNInception --init_from={out}", printed)
        model = backbones.build(
            "TorchBNInception", image_size=_SIZE, weights=str(out)
        )
        rng = np.random.default_rng(0)
        images = rng.integers(0, 256, (2, _SIZE, _SIZE, 3), np.uint8)
        np.testing.assert_array_equal(model(images), original(images))

    def test_the_command_tells_what_is_wrong_on_one_line(self):
        for source, out, expected in (
            (self.write("x.pth", "?"), "x.h5", 2),
            (self.folder / "none.pth", "x.weights.h5", 1),
        ):
            status, _, errors = running.fsn(
                "import_weights", f"--source={source}", f"--out={out}"
            )
            self.assertEqual((status, errors.count("\n")), (expected, 1))


class StartTest(absltest.TestCase):
    def test_flow_starts_from_the_mean_of_an_rgb_kernel(self):
        rgb, _ = _model()
        with tempfile.TemporaryDirectory() as folder:
            path = str(pathlib.Path(folder) / "rgb.weights.h5")
            rgb.save_weights(path)
            flow = backbones.build(
                "BNInception", image_size=_SIZE, channels=10, weights=path
            )
        mean = rgb.get_layer("conv1_7x7_s2").kernel.numpy().mean(axis=2)
        kernel = flow.get_layer("conv1_7x7_s2").kernel.numpy()
        for channel in range(10):
            np.testing.assert_allclose(kernel[:, :, channel], mean, rtol=1e-6)
        for ours, theirs in zip(flow.weights[1:], rgb.weights[1:], strict=True):
            np.testing.assert_array_equal(ours, theirs)

    def test_keras_applications_see_flow_around_zero(self):
        zero = np.full((1, 32, 32, 10), 128, np.uint8)
        for name in ("MobileNetV2", "MobileNetV3Small"):
            model = backbones.build(name, image_size=32, channels=10)
            normalized = model.get_layer("normalize")(zero)
            np.testing.assert_allclose(normalized, 0 * normalized, atol=1e-6)

    def test_files_that_need_importing_say_so(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "x.pth"
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("archive/data.pkl", b"")
            for channels in (3, 10):
                with self.assertRaisesRegex(InputError, "import-weights"):
                    backbones.build(
                        "BNInception",
                        image_size=_SIZE,
                        channels=channels,
                        weights=str(path),
                    )
        with self.assertRaisesRegex(InputError, "fsn import-weights"):
            backbones.build("BNInception", image_size=_SIZE, weights="imagenet")


if __name__ == "__main__":
    absltest.main()
