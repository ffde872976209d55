"""UCF101 as tensorflow-datasets leaves it: every video there, or named."""

import pathlib
from unittest import mock
import zipfile

from absl.testing import absltest
from absl.testing import parameterized
from tensorflow_datasets.video import ucf101 as of_tfds

from fsn_tf.annotations import video_labels
from fsn_tf.datasets import ucf101
from tests.kit import made_up
from tests.kit import running
from tests.kit import temporary_files

# As the official lists write them; files have a small s in Handstand.
_LISTS = {
    "trainlist01": (
        "Archery/v_Archery_g01_c01.avi 1\n"
        "HandstandPushups/v_HandStandPushups_g01_c01.avi 2\n"
        "HandstandPushups/v_HandStandPushups_g01_c02.avi 2\n"
    ),
    "testlist01": "HandstandPushups/v_HandStandPushups_g02_c01.avi\n",
}
_VIDEOS = (
    "v_Archery_g01_c01 v_HandstandPushups_g01_c01 v_HandstandPushups_g01_c02 "
    "v_HandstandPushups_g02_c01"
).split()
_DOWNLOADS = pathlib.Path("downloads/extracted")


class Ucf101Test(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        sizes = {"trainlist01": 3, "testlist01": 1}
        self.enterContext(mock.patch.dict(ucf101.NUM_VIDEOS, sizes))
        self.data = self.folder / "tfds"
        self.out = self.folder / "prepared"
        lists = _DOWNLOADS / "ZIP.lists" / "ucfTrainTestlist"
        for name, text in _LISTS.items():
            self.write(f"tfds/{lists}/{name}.txt", text)
        classes = "1 Archery\n2 HandstandPushups\n"
        self.write(f"tfds/{lists}/classInd.txt", classes)
        self.videos = self.data / _DOWNLOADS / "ZIP.videos" / "UCF101"
        self.videos.mkdir(parents=True)
        for number, name in enumerate(_VIDEOS):
            made_up.write_video(self.videos / f"{name}.avi", [number * 40] * 6)

    def _prepare(self, *arguments, split="train"):
        return running.fsn(
            "prepare",
            "--tfds=ucf101/ucf101_1",
            f"--data_dir={self.data}",
            f"--split={split}",
            f"--out={self.out}",
            "--size=64x48",
            "--workers=1",
            *arguments,
        )

    def _prepared(self):
        return sorted(path.stem for path in self.out.glob("rgb/*.tfrecord"))

    def test_prepares_a_split_with_its_labels(self):
        status, out, err = self._prepare()
        self.assertEqual(status, 0, err)
        self.assertIn("3 written, 0 kept, 0 failed", out)
        self.assertIn("trainlist01.txt: labels of its videos", out)
        truth = video_labels.read(self.out / "trainlist01.txt")
        self.assertEqual(truth.classes, ("Archery", "HandstandPushups"))
        # The names are those of the prepared videos.
        self.assertEqual(list(truth.videos), self._prepared())
        name = "v_HandstandPushups_g01_c02"
        self.assertEqual(truth.labels[name], ("HandstandPushups",))

    def test_knows_the_classes_that_have_no_test_video(self):
        part = ucf101.find(self.data, "testlist01")
        test = video_labels.read(ucf101.write_list(self.out, part))
        self.assertEqual(test.classes, ("Archery", "HandstandPushups"))
        self.assertEqual(test.videos, tuple(_VIDEOS[3:]))

    def test_names_a_missing_video_and_prepares_the_others(self):
        (self.videos / "v_HandstandPushups_g01_c02.avi").unlink()
        status, out, err = self._prepare()
        self.assertEqual(status, 1)
        self.assertIn("2 written, 0 kept, 1 failed", out)
        self.assertIn("v_HandStandPushups_g01_c02: is in trainlist01.txt", err)
        self.assertLen(self._prepared(), 2)
        # It stays in the list, so that training asks for it as well.
        truth = video_labels.read(self.out / "trainlist01.txt")
        self.assertLen(truth.videos, 3)

    def test_finds_class_folders_packed_out_by_hand(self):
        for path in self.videos.glob("*.avi"):
            label = path.name.split("_")[1]
            target = self.data / "UCF-101" / label / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
        part = ucf101.find(self.data, "trainlist01")
        self.assertEqual([path.stem for path in part.paths], _VIDEOS[:3])
        self.assertEmpty(part.missing)

    def test_leaves_what_is_still_being_packed_out(self):
        parent = self.videos.parent
        parent.rename(parent.with_name("incomplete.1_ZIP.videos"))
        status, _, err = self._prepare()
        self.assertEqual(status, 1)
        self.assertIn("holds no videos of UCF101", err)

    def test_refuses_a_list_that_is_not_whole(self):
        with mock.patch.dict(ucf101.NUM_VIDEOS, {"trainlist01": 9537}):
            status, _, err = self._prepare()
        self.assertEqual(status, 1)
        self.assertIn("trainlist01.txt: expected 9537 videos, got 3", err)
        self.assertFalse(self.out.exists())

    @parameterized.parameters(
        (["--tfds=ucf101/ucf101_1_256"], "expected ucf101/ucf101_1, _2 or"),
        (["--videos=x"], "takes one of --videos or --tfds"),
    )
    def test_refuses_flags_that_make_no_sense(self, arguments, message):
        status, _, err = self._prepare(*arguments)
        self.assertEqual(status, 2)
        self.assertIn(message, err)
        self.assertEqual(err.count("\n"), 1)

    def test_flags_of_one_source_need_it(self):
        for flag in ("--split=train", "--download", "--data_dir=x"):
            videos = f"--videos={self.videos}"
            status, _, err = running.fsn(
                "prepare", videos, flag, f"--out={self.out}"
            )
            self.assertEqual(status, 2)
            self.assertIn("need", err)

    def test_downloads_where_it_is_asked_to(self):
        cache = self.data / _DOWNLOADS
        archives = {}
        for name in ("lists", "videos"):
            archives[name] = self.folder / f"{name}.zip"
            root = cache / f"ZIP.{name}"
            with zipfile.ZipFile(archives[name], "w") as archive:
                for path in root.rglob("*.*"):
                    archive.write(path, path.relative_to(root))
        urls = {
            "SPLITS_URL": str(archives["lists"]),
            "UCF_101_URL": str(archives["videos"]),
        }
        self.data = self.folder / "empty"
        self.assertIn("--download fetches it", self._prepare()[2])
        with mock.patch.multiple(of_tfds, **urls):
            status, _, err = self._prepare("--download")
        self.assertEqual(status, 0, err)
        self.assertLen(self._prepared(), 3)
        # What is there is not fetched again.
        archives["videos"].unlink()
        with mock.patch.multiple(of_tfds, **urls):
            ucf101.download(self.data)


class ListsTest(absltest.TestCase):
    def test_each_split_has_all_videos(self):
        for split in "123":
            sizes = [
                ucf101.NUM_VIDEOS[ucf101.list_name(f"ucf101/ucf101_{split}", x)]
                for x in ("train", "test")
            ]
            self.assertEqual(sum(sizes), 13320)


if __name__ == "__main__":
    absltest.main()
