"""A name is one and the same, however it came in."""

import errno
import os

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf import files
from fsn_tf.errors import InputError
from fsn_tf.segments import names

# "é" in one letter, and in two as a Mac writes it.
_ONE, _TWO = "\u00e9lan", "e\u0301lan"


class NamesTest(parameterized.TestCase):
    @parameterized.parameters(
        ("game.mp4", "game"),
        ("game.MTS", "game"),
        (" game .mp4 ", "game"),
        ("game", "game"),
        ("game.1", "game.1"),
        (".mp4", ".mp4"),
        (f"{_TWO}.avi", _ONE),
        ("clip.mp4.mkv", "clip.mp4"),
    )
    def test_leaves_the_ending_of_a_file_away(self, text, expected):
        self.assertEqual(names.of_video(text), expected)

    def test_reads_what_it_writes_whatever_a_name_ends_in(self):
        endings = (*files.VIDEO_ENDINGS, ".MP4", ".gif", ".mp4.mkv", "")
        for ending in endings:
            name = f"clip{ending}"
            self.assertEqual(names.of_video(names.written(name)), name)
        self.assertEqual(names.written("clip"), "clip")

    @parameterized.parameters(
        "a", "Final:1", "-x", "\u202fPM", "\U0001f468\u200d\U0001f467", _TWO
    )
    def test_takes_what_cameras_and_macs_write(self, text):
        self.assertTrue(names.is_name(text))
        names.check_path(f"folder/{text}.mp4")

    @parameterized.parameters(
        ("new\nline", r"new\nline"),
        ("caf\udce9", r"caf\xe9"),
        ("a\x1b[31m", r"a\x1b[31m"),
        ("a\u2028b", r"a\u2028b"),
        ("\ufeffa", r"\ufeffa"),
        ("a\u200bb", r"a\u200bb"),
    )
    def test_refuses_on_one_line_what_cannot_be_said(self, text, shown):
        self.assertFalse(names.is_name(text))
        self.assertEqual(names.shown(text), shown)
        with self.assertRaises(InputError) as caught:
            names.check_path(f"folder/{text}.mp4")
        line = str(caught.exception)
        self.assertIn(f"folder/{shown}.mp4: ", line)
        self.assertTrue(line.isprintable())

    def test_knows_a_video_by_its_other_names(self):
        for known, name, meant in (
            (["v_ID", "x"], "ID", "v_ID"),
            (["ID", "x"], "v_ID", "ID"),
            (["ID", "v_ID"], "ID", "ID"),
            (["clip.mp4"], "clip", "clip.mp4"),
            (["clip.mp4", "clip"], "clip", "clip"),
            (["x"], "ID", "ID"),
        ):
            self.assertEqual(names.known_as([name], known), {name: meant})

    def test_says_that_a_name_is_too_long_and_nothing_else(self):
        with (
            self.assertRaisesRegex(InputError, "name of 300 bytes is too"),
            names.short_enough("n" * 300),
        ):
            os.stat("n" * 300)
        with self.assertRaises(OSError) as caught, names.short_enough("n"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.assertEqual(caught.exception.errno, errno.ENOSPC)


if __name__ == "__main__":
    absltest.main()
