"""Labels of whole videos, from every kind of source."""

import os

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import errors
from fsn_tf.annotations import video_labels
from tests.kit import temporary_files


class ClassFoldersTest(temporary_files.TestCase):
    def test_a_folder_is_the_class_of_what_is_in_it(self):
        self.write("run/a.avi", "")
        self.write("dive/c.MP4", "")
        self.write("dive/b/img_00001.jpg", "")
        for name in ("dive/.hidden.avi", ".old/d.avi", "dive/notes.txt"):
            self.write(name, "")
        read = video_labels.read(self.folder)
        self.assertEqual(read.classes, ("dive", "run"))
        self.assertEqual(read.videos, ("a", "b", "c"))
        expected = {"a": ("run",), "b": ("dive",), "c": ("dive",)}
        self.assertEqual(read.labels, expected)
        np.testing.assert_array_equal(read.targets(), [[0, 1], [1, 0], [1, 0]])

    def test_refuses_a_video_in_two_classes(self):
        self.write("run/a.avi", "")
        self.write("dive/a.mp4", "")
        with self.assertRaisesRegex(errors.InputError, "a is named twice"):
            video_labels.read(self.folder)

    def test_leaves_out_what_cannot_be_named_and_says_so(self):
        for name in (b"Jump/a.avi", b"Jump/caf\xe9.avi", b"R\xe9/b.avi"):
            self.write(os.fsdecode(name), "")
        read = video_labels.read(self.folder)
        self.assertEqual(read.labels, {"a": ("Jump",)})
        self.assertIn("2 videos left out, whose names", read.notes[0])
        named = read.named_as(["v_a"])
        self.assertEqual(named.labels, {"v_a": ("Jump",)})
        self.assertEqual(named.videos, ("v_a",))


class ListTest(temporary_files.TestCase):
    def test_classes_come_by_name_without_a_class_list(self):
        path = self.write("list.txt", "run/a.avi 2\n\ndive/b.c.avi 1\n")
        read = video_labels.read(path)
        self.assertEqual(read.classes, ("dive", "run"))
        self.assertEqual(read.labels, {"a": ("run",), "b.c": ("dive",)})

    def test_a_class_list_gives_the_order_and_classes_without_videos(self):
        self.write("classInd.txt", "1 swim\n2 run\n3 dive\n")
        read = video_labels.read(self.write("list.txt", "run/a.avi\r\n"))
        self.assertEqual(read.classes, ("swim", "run", "dive"))
        np.testing.assert_array_equal(read.targets(), [[0, 1, 0]])

    @parameterized.parameters(
        ("a.avi 1\n", "1 run", "list.txt:1: expected CLASS/VIDEO.avi"),
        ("run/a.avi 1 2\n", "1 run", "list.txt:1: expected CLASS/VIDEO.avi"),
        ("run/a.avi\nrun/a.avi\n", "1 run", "a is named twice"),
        ("dive/a.avi\n", "1 run", "'dive', which is not in classInd.txt"),
        ("run/a.avi\n", "0 run", "expected rows of a number, from 1 on"),
        ("run/a.avi\n", "1 run fast", "expected rows of a number"),
        ("\n", "1 run", "names no video"),
    )
    def test_names_what_is_wrong(self, rows, classes, message):
        path = self.write("list.txt", rows)
        self.write("classInd.txt", classes)
        with self.assertRaisesRegex(errors.InputError, message):
            video_labels.read(path)


class InstancesTest(temporary_files.TestCase):
    def test_a_video_of_two_classes_is_half_of_each(self):
        self.write("Dive_val.txt", "v  3.0 4.0\nw 1 2\nw 3 4\n")
        self.write("Jump_val.txt", "v  5.0 6.0\nv  1.0 2.0\n")
        self.write("Run_val.txt", "u 1 2\n")
        self.write("Ambiguous_val.txt", "x  0.0 1.5\n")
        read = video_labels.read(self.folder)
        self.assertEqual(read.classes, ("Dive", "Jump", "Run"))
        self.assertEqual(read.videos, ("u", "v", "w"))
        expected = [[0, 0, 1], [0.5, 0.5, 0], [1, 0, 0]]
        np.testing.assert_array_equal(read.targets(), expected)
        self.assertIn("1 videos without an action left out", read.notes)

    def test_refuses_videos_without_any_action(self):
        self.write("Dive_val.txt", "")
        self.write("Background_val.txt", "v\n")
        with self.assertRaisesRegex(errors.InputError, "an instance, got none"):
            video_labels.read(self.folder)

    def test_does_not_look_at_times(self):
        rows = [("v", "a"), ("w", "a"), ("w", "b"), ("u", "b"), ("v", "a")]
        rng = np.random.default_rng(0)
        results = []
        for number in range(5):
            starts = rng.permutation(len(rows)) * 10
            lines = [
                f"{video},{start},{start + 1 + number},{label}"
                for start, (video, label) in zip(starts, rows, strict=True)
            ]
            # The order of the rows does not matter either.
            lines = [lines[place] for place in rng.permutation(len(rows))]
            path = self.write(
                "t.csv", "\n".join(["video,start,end,label", *lines])
            )
            results.append(video_labels.read(path))
        for other in results[1:]:
            self.assertEqual(other, results[0])
        expected = [[0, 1], [1, 0], [0.5, 0.5]]
        np.testing.assert_array_equal(results[0].targets(), expected)


if __name__ == "__main__":
    absltest.main()
