"""Which videos a folder holds."""

from absl.testing import absltest

from fsn_tf.errors import InputError
from fsn_tf.videos import sources
from tests.kit import temporary_files


class FindTest(temporary_files.TestCase):
    def test_looks_into_folders_of_classes(self):
        for name in (
            "Diving/v_Diving_g02_c01.avi",
            "Diving/readme.txt",
            "Diving/deeper/hidden.avi",
            "Archery/v_Archery_g01_c01.avi",
            "frames/img_00001.jpg",
            "Diving/stacks/flow_x_00001.jpg",
            ".cache/old.avi",
            "top.mp4",
        ):
            self.write(name, "")
        found, lines = sources.find(self.folder)
        names = [sources.name(path) for path in found]
        self.assertEqual(
            names,
            [
                "frames",
                "stacks",
                "top",
                "v_Archery_g01_c01",
                "v_Diving_g02_c01",
            ],
        )
        self.assertEmpty(lines)

    def test_takes_one_video_alone(self):
        file = self.write("v.avi", "")
        folder = self.write("v/img_00001.jpg", "").parent
        self.assertEqual(sources.find(file), ([file], []))
        self.assertEqual(sources.find(folder), ([folder], []))

    def test_refuses_one_name_in_two_folders(self):
        first = self.write("Diving/v.avi", "")
        second = self.write("Jump/v.mp4", "")
        with self.assertRaisesRegex(InputError, "same name") as caught:
            sources.find(self.folder)
        for path in (first, second):
            self.assertIn(str(path), str(caught.exception))


if __name__ == "__main__":
    absltest.main()
