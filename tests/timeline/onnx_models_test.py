"""ONNX files beside packages and files that do not fit: one line each."""

import importlib
import types
from unittest import mock

from absl.testing import absltest
import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.timeline import onnx_models
from tests.kit import temporary_files

_CARD = {"snippet_frames": 5, "clip_snippets": 7, "context_snippets": 8}


def _openvino(outcome):
    """A package whose networks give or raise an outcome."""
    core = mock.Mock()
    core.compile_model.return_value = mock.Mock(side_effect=outcome)
    return types.SimpleNamespace(Core=lambda: core)


def _imported(**packages):
    """Replaces imports: a package, or what importing it raises."""
    return mock.patch.object(
        importlib, "import_module", mock.Mock(side_effect=packages.values())
    )


class OnnxModelTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        for name in ("features", "probabilities"):
            self.write(f"{name}.onnx", "x")

    def loaded(self):
        return onnx_models.OnnxModel(self.folder, _CARD, "float32")

    def test_runs_by_another_package_where_the_first_is_broken(self):
        given = np.zeros((1, 2, 2, 3), np.uint8)
        with _imported(
            onnxruntime=ImportError("libx.so: not found"),
            openvino=_openvino(lambda images: [images + 1]),
        ):
            model = self.loaded()
        self.assertEqual(model.runtime, "OpenVINO")
        np.testing.assert_array_equal(model.features(given), given + 1)

    def test_says_why_none_can_be_imported(self):
        with (
            _imported(
                onnxruntime=ImportError("libx.so: not found"),
                openvino=ModuleNotFoundError("No module named 'openvino'"),
            ),
            self.assertRaisesRegex(
                InputError,
                r"onnxruntime or openvino \(libx.so: not found; No module "
                r"named 'openvino'\); pip install onnxruntime",
            ),
        ):
            self.loaded()

    def test_a_file_that_takes_another_shape_is_one_line(self):
        broken = _openvino(RuntimeError("Exception from x.cpp:\n3 != 10\n\n"))
        with _imported(onnxruntime=ImportError(""), openvino=broken):
            model = self.loaded()
        with self.assertRaisesRegex(
            InputError,
            r"features.onnx: cannot be run on uint8 of shape \(1, 2, 2, 3\): "
            r"3 != 10; export the model again$",
        ):
            model.features(np.zeros((1, 2, 2, 3), np.uint8))


if __name__ == "__main__":
    absltest.main()
