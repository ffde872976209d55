"""What is not looked at is named."""

from absl.testing import absltest

from fsn_tf.errors import InputError
from fsn_tf.videos import passed_over
from fsn_tf.videos import sources
from tests.kit import temporary_files


class LinesTest(temporary_files.TestCase):
    def test_names_other_endings_and_folders_too_deep(self):
        for name in (
            "a.mp4",
            "b.gif",
            "c.gif",
            "d.m2ts",
            ".hidden",
            "class/e.avi",
            "class/readme.txt",
            "class/deeper/f.avi",
            "class/deeper/g/h.avi",
            "class/deeper/frames/img_00001.jpg",
            "class/frames/img_00001.jpg",
            "class/empty/notes.txt",
        ):
            self.write(name, "")
        expected = (
            "b.gif: left out, as its ending is not that of a video; 1 more of "
            ".gif",
            "d.m2ts: left out, as its ending is not that of a video",
            "readme.txt: left out, as its ending is not that of a video",
            "deeper: left out, too deep; it holds 3 videos, such as "
            f"{self.folder}/class/deeper/f.avi, so move them up or name this "
            "folder",
        )
        lines = passed_over.lines(self.folder)
        for line, end in zip(lines, expected, strict=True):
            self.assertEndsWith(line, end)

    def test_says_nothing_of_one_video(self):
        file = self.write("v.mp4", "")
        folder = self.write("v/img_00001.jpg", "").parent
        self.assertEqual(passed_over.lines(file), [])
        self.assertEqual(passed_over.lines(folder), [])

    def test_is_said_where_there_is_nothing_else(self):
        self.write("a/b/c.mp4", "")
        with self.assertRaisesRegex(InputError, "b: left out, too deep"):
            sources.find(self.folder)


if __name__ == "__main__":
    absltest.main()
