"""`fsn split` in every format: what is written is read as it was."""

import json

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import annotations
from fsn_tf import segments
from fsn_tf.annotations import activitynet
from fsn_tf.annotations import csv_files
from fsn_tf.annotations import frame_labels
from fsn_tf.annotations import thumos14
from fsn_tf.annotations import video_labels
from tests.kit import running
from tests.kit import temporary_files

_TRUTH = segments.Annotations.from_rows(
    [
        (f"v{place}_{take}", ("Dive", "Run")[place % 2], take, take + 1.5)
        for place in range(8)
        for take in range(2)
    ],
    videos=[f"quiet{place}_0" for place in range(5)],
)


class SplitTest(temporary_files.TestCase):
    def _split(self, annotations_path, *arguments):
        return running.fsn(
            "split",
            f"--annotations={annotations_path}",
            f"--out={self.folder / 'out'}",
            *arguments,
        )

    @parameterized.parameters(
        ("all.csv", ".csv", csv_files),
        ("all.json", ".json", activitynet),
        ("kit", "", thumos14),
    )
    def test_parts_are_annotations_of_the_same_format(self, name, ending, form):
        source = self.folder / name
        form.write(source, _TRUTH)
        status, out, err = self._split(source, "--parts=0.6,0.4")
        self.assertEqual((status, err), (0, ""))
        truth = annotations.read(source)
        videos = []
        for place in (1, 2):
            path = self.folder / f"out/part-{place}-of-2{ending}"
            part = annotations.read(path)
            self.assertEqual(part, truth.of_videos(part.videos))
            self.assertLen({x.label for x in part.instances}, 2)
            videos += part.videos
        self.assertCountEqual(videos, truth.videos)
        lines = [line.split() for line in out.splitlines()]
        self.assertIn(["videos", "13", "8", "21"], lines)
        self.assertIn(["videos", "without", "action", "3", "2", "5"], lines)
        for label in ("Dive", "Run"):
            self.assertIn([label, "5", "3", "8"], lines)

    def test_folds_test_every_video_once(self):
        source = self.folder / "all.csv"
        csv_files.write(source, _TRUTH)
        status, _, _ = self._split(source, "--folds=3", r"--group=(\d+)_")
        self.assertEqual(status, 0)
        tested = []
        for fold in (1, 2, 3):
            parts = {
                name: annotations.read(
                    self.folder / f"out/fold-{fold}/{name}.csv"
                ).videos
                for name in ("train", "test")
            }
            self.assertCountEqual(sum(parts.values(), ()), _TRUTH.videos)
            takes = [{x.split("_")[0] for x in part} for part in parts.values()]
            self.assertNoCommonElements(*takes)
            tested += parts["test"]
        self.assertCountEqual(tested, _TRUTH.videos)

    def test_a_column_may_name_the_groups(self):
        rows = "".join(f"v{n},1,2,Dive,{n // 3}\n" for n in range(12))
        source = self.write("all.csv", "video,start,end,label,Person\n" + rows)
        status, _, _ = self._split(source, "--group_column=Person", "--folds=2")
        self.assertEqual(status, 0)
        people = [
            set(
                csv_files.column(
                    self.folder / f"out/{x}.csv", "person"
                ).values()
            )
            for x in ("fold-1/test", "fold-1/train")
        ]
        self.assertNoCommonElements(*people)
        self.assertEqual(sorted(map(len, people)), [2, 2])

    def test_takes_a_subset_alone(self):
        database = {
            f"v{n}": {
                "subset": "training" if n < 4 else "test",
                "annotations": [{"label": "Dive", "segment": [1, 2]}],
            }
            for n in range(6)
        }
        source = self.write("all.json", json.dumps({"database": database}))
        status, _, _ = self._split(
            source, "--subset=training", "--parts=0.5,0.5"
        )
        self.assertEqual(status, 0)
        part = annotations.read(
            self.folder / "out/part-1-of-2.json", subset="training"
        )
        self.assertLen(part.videos, 2)

    def test_lists_of_videos_keep_their_classes(self):
        rows = [f"{x}/{x}{n}.avi {n}" for x in ("a", "b") for n in range(5)]
        source = self.write("trainlist01.txt", "\n".join(rows))
        self.write("classInd.txt", "1 b\n2 a\n3 c\n")
        status, out, _ = self._split(source)
        self.assertEqual(status, 0)
        whole = video_labels.read(source)
        parts = [
            video_labels.read(self.folder / f"out/part-{n}-of-2.txt")
            for n in (1, 2)
        ]
        self.assertEqual(parts[0].labels | parts[1].labels, whole.labels)
        self.assertEqual([len(x.videos) for x in parts], [8, 2])
        self.assertEqual(parts[1].classes, ("b", "a", "c"))
        self.assertIn("note: c is in 0 groups of videos", out)

    def test_class_folders_become_lists(self):
        for name in ("a/1.avi", "a/2.mp4", "b/3.avi", "b/4.avi"):
            self.write(f"videos/{name}", "")
        status, _, _ = self._split(self.folder / "videos", "--parts=.5,.5")
        self.assertEqual(status, 0)
        part = video_labels.read(self.folder / "out/part-1-of-2.txt")
        self.assertEqual(part.classes, ("a", "b"))
        self.assertLen(part.videos, 2)

    def test_frame_labels_keep_names_and_all_that_is_of_a_video(self):
        length = np.array([3, 4, 5, 6])
        label = np.arange(18) % 3
        fold = np.array([1, 1, 2, 2])
        source = self.folder / "all.npz"
        np.savez(source, length=length, label=label, fold=fold)
        status, out, _ = self._split(
            source, "--parts=0.5,0.5", "--background=2"
        )
        self.assertEqual(status, 0)
        self.assertNotIn("\n2 ", out)
        status, _, err = self._split(source, "--background=0,cut")
        self.assertEqual(status, 1)
        self.assertIn("expected one of 0, 1, 2; got 'cut'", err)
        whole = frame_labels.read(source)
        for place in (1, 2):
            path = self.folder / f"out/part-{place}-of-2.npz"
            part = frame_labels.read(path)
            self.assertEqual(part.classes, ("0", "1", "2"))
            self.assertLen(part.labels, 2)
            for video, frames in part.labels.items():
                np.testing.assert_array_equal(frames, whole.labels[video])
            with np.load(path) as archive:
                numbers = [int(x) - 1 for x in archive["video"]]
                np.testing.assert_array_equal(archive["fold"], fold[numbers])

    def test_a_folder_of_frame_labels_becomes_bundles(self):
        for n in range(4):
            self.write(f"groundTruth/v{n}.txt", "cut\npeel\n")
        status, out, _ = self._split(self.folder / "groundTruth", "--folds=2")
        self.assertEqual(status, 0)
        listed = [
            (self.folder / f"out/fold-1/{x}.bundle").read_text().splitlines()
            for x in ("train", "test")
        ]
        self.assertCountEqual(sum(listed, []), [f"v{n}.txt" for n in range(4)])
        self.assertEqual([len(x) for x in listed], [2, 2])
        self.assertIn("cut", out)

    def test_the_same_again_changes_nothing_and_another_is_refused(self):
        source = self.folder / "all.csv"
        csv_files.write(source, _TRUTH)
        (self.folder / "out").mkdir()
        self.assertEqual(self._split(source)[0], 0)
        part = self.folder / "out/part-1-of-2.csv"
        before = part.read_bytes(), part.stat().st_mtime_ns
        status, out, _ = self._split(source)
        self.assertEqual(status, 0)
        self.assertIn("holds these already", out)
        self.assertEqual((part.read_bytes(), part.stat().st_mtime_ns), before)
        for flag in ("--seed=1", "--folds=2"):
            status, _, err = self._split(source, flag)
            self.assertEqual((status, err.count("\n")), (1, 1))
            self.assertIn("exists already; choose another --out", err)
        self.assertEqual(part.read_bytes(), before[0])

    def test_notes_a_class_that_cannot_be_everywhere(self):
        source = self.write("all.csv", "a,1,2,Dive\nb,1,2,Run\nc,1,2,Run\n")
        status, out, _ = self._split(source)
        self.assertEqual(status, 0)
        note = "note: Dive is in 1 groups of videos and not in 1 of 2 parts ("
        self.assertIn(note, out)

    @parameterized.parameters(
        (["--parts=0.8,0.1"], 2, "add up to 1"),
        (["--parts=1"], 2, "two shares or more"),
        (["--parts=1.5,-0.5"], 2, "each above 0"),
        (["--parts=a,b"], 2, "--parts=a,b: expected two shares"),
        (["--parts=.5,.5", "--folds=2"], 2, "one of --parts and --folds"),
        (["--folds=1"], 2, "folds"),
        (["--folds=30"], 1, "expected 30 groups of videos or more"),
        (["--group=nowhere"], 1, "expected 'nowhere' in the names"),
        (["--group=("], 1, "expected a regular expression"),
        (["--group_column=who"], 1, "expected a column who"),
        (["--group_column=label", "--group=v"], 2, "no --group beside"),
        (["--subset=training"], 2, "expected an ActivityNet JSON"),
        (["--background=x"], 2, "needs labels of frames"),
    )
    def test_refuses_in_one_line(self, arguments, expected, message):
        source = self.folder / "all.csv"
        csv_files.write(source, _TRUTH)
        status, out, err = self._split(source, *arguments)
        self.assertEqual((status, out), (expected, ""))
        self.assertIn(message, err)
        self.assertEqual(err.count("\n"), 1)
        self.assertFalse((self.folder / "out").exists())


if __name__ == "__main__":
    absltest.main()
