"""Lists of videos are read as annotations are."""

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf.annotations import video_lists
from fsn_tf.errors import InputError
from tests.kit import temporary_files


class ReadTest(temporary_files.TestCase):
    @parameterized.parameters(
        ("\ufeffa.mp4\r\nb\r\n\r\n", ["a", "b"]),
        ("a, b.MKV,c\n", ["a", "b", "c"]),
        ('"b, c.mp4"\nclip.mp4.mkv', ["b, c", "clip.mp4"]),
        ("e\u0301lan\n", ["\u00e9lan"]),
    )
    def test_takes_names_from_a_file_and_from_a_text(self, content, expected):
        path = self.write("list.txt", content)
        self.assertEqual(video_lists.read(str(path)), expected)
        text = content.removeprefix("\ufeff")
        self.assertEqual(video_lists.read(text), expected)

    def test_names_the_line_of_a_mistake(self):
        for content, message in (
            (b"a\nb\xe9\n", "list.txt:2: not UTF-8"),
            (b'a\n"b\n', "list.txt:2: expected names"),
            (b"a\nb\x07\n", "list.txt:2: expected video to be a name"),
        ):
            path = self.write("list.txt", content)
            with self.assertRaisesRegex(InputError, message):
                video_lists.read(str(path))


if __name__ == "__main__":
    absltest.main()
