"""Which videos a folder holds."""

import contextlib
import os
import pathlib
import shutil

from absl.testing import absltest

from fsn_tf.errors import InputError
from fsn_tf.videos import sources
from tests.kit import made_up
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

    def test_gives_what_cannot_be_named_to_be_refused_when_opened(self):
        for name in (b"caf\xe9.mp4", b"a\nb.mp4", b"fr\xe9/img_00001.jpg"):
            self.write(os.fsdecode(name), "")
        found, lines = sources.find(self.folder)
        self.assertEqual(lines, [])
        self.assertEqual(
            list(map(sources.name, found)), [r"a\nb", r"caf\xe9", r"fr\xe9"]
        )
        for path in found:
            with self.assertRaisesRegex(InputError, "a name in UTF-8"):
                sources.opened(path, 25 if path.is_dir() else None)

    def test_opens_names_that_ffmpeg_takes_for_something_else(self):
        made_up.write_video(self.folder / "base.mp4", range(10))
        self.enterContext(contextlib.chdir(self.folder))
        for name in ("Final:1", "file:x", "http:x", "a%03d", "-x", "a|b;c=d"):
            path = pathlib.Path(f"{name}.mp4")
            shutil.copy("base.mp4", path)
            self.assertEqual(sources.name(path), name)
            self.assertLen(sources.opened(path, None).first_times(20), 10)

    def test_takes_one_video_alone(self):
        file = self.write("v.avi", "")
        folder = self.write("v/img_00001.jpg", "").parent
        self.assertEqual(sources.find(file), ([file], []))
        self.assertEqual(sources.find(folder), ([folder], []))

    def test_takes_a_video_once_that_is_there_twice(self):
        file = self.write("v.avi", "")
        (self.folder / "again").symlink_to(self.folder)
        self.assertEqual(sources.find(self.folder), ([file], []))

    def test_refuses_one_name_in_two_folders(self):
        first = self.write("Diving/v.avi", "")
        second = self.write("Jump/v.mp4", "")
        with self.assertRaisesRegex(InputError, "same name") as caught:
            sources.find(self.folder)
        for path in (first, second):
            self.assertIn(str(path), str(caught.exception))


if __name__ == "__main__":
    absltest.main()
