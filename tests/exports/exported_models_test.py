"""Folders of exported models that were copied in part."""

from absl.testing import absltest
from absl.testing import parameterized

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

    @parameterized.parameters("model.json", "variables/variables.index")
    def test_names_a_file_that_git_lfs_did_not_fetch(self, name):
        self.write("model.json", "{}")
        self.write(name, "version https://git-lfs.github.com/spec/v1\n")
        with self.assertRaisesRegex(InputError, f"{name}: a Git LFS pointer"):
            exported_models.read(self.folder)


if __name__ == "__main__":
    absltest.main()
