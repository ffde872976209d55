"""Folders of exported models that were copied in part."""

from absl.testing import absltest

from fsn_tf.errors import InputError
from fsn_tf.exports import exported_models
from tests.kit import temporary_files


class SizesTest(temporary_files.TestCase):
    def test_a_file_cut_short_is_an_error(self):
        self.write("model.json", "{}")
        path = self.write("model.tflite", "four")
        card = {"bytes": exported_models.sizes(self.folder)}
        self.assertEqual(card, {"bytes": {"model.tflite": 4}})
        exported_models.check_sizes(self.folder, card)
        path.write_text("fou")
        with self.assertRaisesRegex(
            InputError, "model.tflite: has 3 bytes, expected 4"
        ):
            exported_models.check_sizes(self.folder, card)

    def test_older_cards_and_missing_files_are_for_who_loads_them(self):
        exported_models.check_sizes(self.folder, {"bytes": {"model.onnx": 4}})
        self.write("model.tflite", "four")
        exported_models.check_sizes(self.folder, {})


if __name__ == "__main__":
    absltest.main()
