"""What lies in a folder is the export that is asked for, or another."""

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf import files
from fsn_tf.errors import InputError
from fsn_tf.exports import finished_exports
from tests.kit import temporary_files

_ASKED = {
    "format": "tflite",
    "checkpoint": "last",
    "precision": "float32",
    "fusion_weights": None,
    "weights_sha256": ["a"],
    "results_sha256": None,
}


class IsDoneTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.model = self.folder / "model"

    def _export(self, **others):
        self.write("model/model.tflite", "whole")
        card = {
            "format": "tflite",
            "stream": "rgb",
            "classes": ["a", "background"],
            "frame_size": [64, 48],
            "fps": 25.0,
            "snippet_frames": 5,
            "clip_snippets": 20,
            "context_snippets": 3,
            "bytes": {"model.tflite": 5},
            "made_of": _ASKED,
        }
        files.write_json(self.model / "model.json", {**card, **others})

    def test_the_same_is_done_and_nothing_is_not(self):
        self.assertFalse(finished_exports.is_done(self.model, _ASKED))
        self._export()
        self.assertTrue(finished_exports.is_done(self.model, _ASKED))

    @parameterized.parameters(
        ({"weights_sha256": ["b"]}, "of other weights"),
        ({"results_sha256": "c"}, "with other results"),
        ({"precision": "bfloat16"}, "with precision float32"),
        ({"format": "onnx"}, "with format tflite"),
        ({"checkpoint": "best"}, "with checkpoint last"),
    )
    def test_another_is_refused_by_name(self, other, named):
        self._export()
        with self.assertRaisesRegex(InputError, f"model: .* {named}; choose"):
            finished_exports.is_done(self.model, _ASKED | other)

    def test_what_is_cut_gone_or_no_export_is_refused(self):
        self.model.mkdir()
        with self.assertRaisesRegex(InputError, "exists already"):
            finished_exports.is_done(self.model, _ASKED)
        self._export(made_of=None)
        with self.assertRaisesRegex(InputError, "exists already"):
            finished_exports.is_done(self.model, _ASKED)
        self._export()
        self.write("model/model.tflite", "who")
        with self.assertRaisesRegex(InputError, "has 3 bytes, expected 5"):
            finished_exports.is_done(self.model, _ASKED)
        (self.model / "model.tflite").unlink()
        with self.assertRaisesRegex(InputError, "is not whole"):
            finished_exports.is_done(self.model, _ASKED)


if __name__ == "__main__":
    absltest.main()
