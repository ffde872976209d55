"""THUMOS'14 kit folders and detection files."""

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.annotations import numbering
from fsn_tf.annotations import thumos14
from tests.kit import temporary_files


class ReadTest(temporary_files.TestCase):
    def test_orders_instances_by_class_and_line(self):
        self.write("Jump_val.txt", "w  5.0 6.0\nv  1.0 2.0\n")
        self.write("Dive_val.txt", "w  3.0 4.0\n")
        self.write("Ambiguous_val.txt", "u  0.0 1.5\n")

        read = thumos14.read(self.folder)

        self.assertEqual(read.classes, ("Dive", "Jump"))
        self.assertEqual(read.videos, ("u", "v", "w"))
        self.assertEqual(
            read.instances,
            (
                segments.Instance("w", "Dive", 3, 4),
                segments.Instance("w", "Jump", 5, 6),
                segments.Instance("v", "Jump", 1, 2),
            ),
        )
        self.assertEqual(
            read.ambiguous, (segments.Instance("u", "Ambiguous", 0, 1.5),)
        )

    def test_reads_files_as_the_web_has_them(self):
        self.write(
            "Dive_test.txt", "\ufeff v.mpeg\t1 2.50\r\n\r\n  w.AVI  0  0\r\n"
        )
        self.assertEqual(
            thumos14.read(self.folder).instances,
            (
                segments.Instance("v", "Dive", 1, 2.5),
                segments.Instance("w", "Dive", 0, 0),
            ),
        )

    def test_leaves_other_files_alone(self):
        self.write("Long_Jump_test.txt", "v 1 2")
        for name in ("README.txt", "README", "kit.pdf", "._Dive_test.txt"):
            self.write(name, b"\xff\0")
        self.assertEqual(thumos14.read(self.folder).classes, ("Long_Jump",))

    def test_takes_the_class_list_of_the_folder_before_its_parents(self):
        self.write("kit/Dive_test.txt", "v 1 2")
        self.write("kit/Jump_test.txt", "v 3 4")
        self.write("detclasslist.txt", "7 Jump\n9 Dive\n")
        outer = thumos14.read(self.folder / "kit")
        self.write("kit/detclasslist.txt", "\n2\tJump\r\n1 Dive\r\n3 Run\r\n")
        own = thumos14.read(self.folder / "kit")

        self.assertEqual(outer.classes, ("Jump", "Dive"))
        self.assertEqual(
            [each.label for each in outer.instances], ["Jump", "Dive"]
        )
        self.assertEqual(own.classes, ("Dive", "Jump", "Run"))
        self.assertEqual(
            own.notes, (f"{self.folder / 'kit'}: no file for class Run",)
        )

    def test_keeps_the_order_of_given_classes(self):
        self.write("Dive_test.txt", "v 1 2")
        self.write("detclasslist.txt", "1 Dive")
        read = thumos14.read(self.folder, classes=["Run", "Dive"])
        self.assertEqual(read.classes, ("Run", "Dive"))

    def test_notes_an_empty_class(self):
        self.write("Dive_test.txt", "v 1 2")
        path = self.write("Jump_test.txt", "\n")
        read = thumos14.read(self.folder)
        self.assertEqual(read.classes, ("Dive", "Jump"))
        self.assertEqual(read.notes, (f"{path}: no instance",))

    @parameterized.parameters(
        ("v 1", r"3 columns `video start end`, got \['v', '1'\]"),
        ("v 1 2 3", "3 columns"),
        ("v one 2", "start to be a finite number, got 'one'"),
        ("v 1_0 20", "start to be a finite number, got '1_0'"),
        ("v 1 nan", "end to be a finite number, got 'nan'"),
        ("v 1 inf", "end to be a finite number, got 'inf'"),
        ("v -1 2", "start to be 0 seconds or later, got '-1'"),
        ("v 2 1.5", "end to be 2.0 seconds or later, got 1.5"),
        ("\x07 1 2", "video to be a name"),
    )
    def test_names_the_line_of_a_mistake(self, line, message):
        path = self.write("Dive_test.txt", f"v 1 2\n\n{line}\n")
        expected = f"^{path}:3: expected {message}"
        with self.assertRaisesRegex(errors.InputError, expected):
            thumos14.read(self.folder)

    def test_refuses_a_label_that_is_not_among_the_classes(self):
        self.write("Dive_test.txt", "v 1 2")
        path = self.write("Jump_test.txt", "\nv 1 2")
        expected = rf"^{path}:2: expected one of 1 classes \(Dive\), got 'Jump'"
        with self.assertRaisesRegex(errors.InputError, expected):
            thumos14.read(self.folder, classes=["Dive"])

    def test_a_list_of_its_own_names_videos_without_action(self):
        self.write("Dive_val.txt", "v 1 2\n")
        path = self.write("Background_val.txt", "quiet.mp4\n\nv\n")
        read = thumos14.read(self.folder)
        self.assertEqual(read.videos, ("quiet", "v"))
        self.assertEqual(read.classes, ("Dive",))
        self.assertLen(read.instances, 1)
        note = f"{self.folder}: v is listed without an action and has one"
        self.assertEqual(read.notes, (note,))
        self.write("Background_val.txt", "quiet\nv 1 2\n")
        expected = f"^{path}:2: expected 1 column `video`"
        with self.assertRaisesRegex(errors.InputError, expected):
            thumos14.read(self.folder)

    @parameterized.parameters(
        ((), "CLASS_val.txt or CLASS_test.txt files, got none"),
        (("Dive_val.txt", "Jump_test.txt"), "files, got both"),
        (("Dive_val.txt",), "an instance, got none"),
        (("Ambiguous_val.txt",), "an instance, got none"),
    )
    def test_refuses_a_folder_without_one_subset(self, names, message):
        for name in names:
            self.write(name, "")
        expected = f"^{self.folder}: expected .*{message}"
        with self.assertRaisesRegex(errors.InputError, expected):
            thumos14.read(self.folder)

    @parameterized.parameters(
        ("1 Dive\n1 Jump", "2: expected an id and class once"),
        ("1 Dive\n2 Dive", "2: expected an id and class once"),
        ("Dive", "1: expected class to be a name, got ''"),
        ("one Dive", "1: expected class id to be a finite number"),
        ("1.5 Dive", "1: expected class id to be a whole number"),
        ("\n", " expected rows `ID CLASS`, got none"),
    )
    def test_refuses_a_wrong_class_list(self, content, message):
        self.write("Dive_test.txt", "v 1 2")
        path = self.write("detclasslist.txt", content)
        with self.assertRaisesRegex(errors.InputError, f"^{path}:{message}"):
            thumos14.read(self.folder)


class WriteTest(temporary_files.TestCase):
    def test_reads_back_the_same(self):
        truth = segments.Annotations(
            classes=("Jump", "Dive", "High Jump"),
            videos=("u", "v", "w"),
            instances=(
                segments.Instance("w", "Jump", 1 / 3, 2e-7 + 1),
                segments.Instance("v", "Jump", 5.0, 5.0),
                segments.Instance("v", "Dive", 1.0, 2.0),
            ),
            ambiguous=(segments.Instance("u", "Ambiguous", 1.0, 2.0),),
        )
        thumos14.write(self.folder / "new", truth, subset="val")
        read = thumos14.read(self.folder / "new")
        empty = self.folder / "new" / "High Jump_val.txt"
        self.assertEqual(read.notes, (f"{empty}: no instance",))
        for name in ("classes", "videos", "instances", "ambiguous"):
            self.assertEqual(getattr(read, name), getattr(truth, name))

    def test_keeps_videos_without_action(self):
        truth = segments.Annotations.from_rows(
            [("v", "Dive", 1.0, 2.0), ("u", "Ambiguous", 1.0, 2.0)],
            videos=["quiet", "x"],
        )
        thumos14.write(self.folder / "new", truth)
        listed = (self.folder / "new" / "Background_test.txt").read_text()
        self.assertEqual(listed, "quiet\nx\n")
        self.assertEqual(thumos14.read(self.folder / "new"), truth)

    def test_lists_none_where_all_videos_show_something(self):
        truth = segments.Annotations.from_rows([("v", "Dive", 1.0, 2.0)])
        thumos14.write(self.folder / "new", truth)
        names = {path.name for path in (self.folder / "new").iterdir()}
        self.assertEqual(names, {"Dive_test.txt", "detclasslist.txt"})

    def test_takes_some_videos_with_subset_and_ids(self):
        self.write("kit/Dive_val.txt", "v 1 2\nw 3 4\n")
        self.write("kit/Jump_val.txt", "w 5 6.25\n")
        self.write("kit/Background_val.txt", "quiet\nx\n")
        self.write("kit/detclasslist.txt", "40 Jump\n51 Dive\n")
        thumos14.write_videos(
            self.folder / "part", self.folder / "kit", {"w", "quiet"}
        )
        whole = thumos14.read(self.folder / "kit")
        part = thumos14.read(self.folder / "part")
        self.assertEqual(part, whole.of_videos(["w", "quiet"]))
        self.assertEqual(part.classes, ("Jump", "Dive"))
        ids = numbering.class_list(self.folder / "part")
        self.assertEqual(ids, {"Jump": 40, "Dive": 51})

    @parameterized.parameters(
        ("v", "a/b", "CLASS_val.txt or CLASS_test.txt, got 'a/b_test.txt'"),
        ("my video", "Dive", "a video without blanks, got 'my video'"),
        ("v", "Background", "no class Background, whose file lists videos"),
        ("v", "Dive", "no other class files, got 'Jump_test.txt'"),
    )
    def test_refuses_what_could_not_be_read(self, video, label, message):
        self.write("Jump_test.txt", "")
        truth = segments.Annotations.from_rows([(video, label, 1, 2)])
        with self.assertRaisesRegex(errors.InputError, message):
            thumos14.write(self.folder, truth)


class ReadDetectionsTest(temporary_files.TestCase):
    classes = ("BaseballPitch", "BasketballDunk", "Billiards", "Diving")

    def _labels(self, ids, **keywords):
        rows = [f"v 1 2 {number} 0.5" for number in ids]
        path = self.write("found.txt", "\n".join(rows))
        found = thumos14.read_detections(path, **keywords)
        return [found.classes[label] for label in found.label], found.notes

    def test_keeps_rows_as_they_are(self):
        path = self.write(
            "found.txt",
            "w.mpeg\t7.5\t10.1\t2\t-3e-1\r\n\r\nv.mp4 9 -8.3 1 2\nw 0 1 2 7\n",
        )
        found = thumos14.read_detections(path, classes=("A", "B"))
        self.assertEqual(found.videos, ("w", "v"))
        self.assertEqual(found.video.tolist(), [0, 1, 0])
        self.assertEqual(found.label.tolist(), [1, 0, 1])
        self.assertEqual(found.start_seconds.tolist(), [7.5, 9, 0])
        self.assertEqual(found.end_seconds.tolist(), [10.1, -8.3, 1])
        self.assertEqual(found.score.tolist(), [-0.3, 2, 7])
        self.assertEqual(found.notes, ())

    @parameterized.parameters(
        ((1, 4), ["BaseballPitch", "Diving"]),
        ((26, 7), ["Diving", "BaseballPitch"]),
        # MATLAB may write 7 as 7.0.
        (("7.0", "9"), ["BaseballPitch", "BasketballDunk"]),
    )
    def test_tells_the_two_numberings_apart(self, ids, expected):
        labels, notes = self._labels(ids, classes=self.classes)
        self.assertEqual(labels, expected)
        self.assertEqual(notes, ())

    def test_takes_ids_that_fit_both_in_class_order_with_a_note(self):
        classes = tuple(numbering.UCF101_IDS)
        labels, notes = self._labels((7, 9, 12), classes=classes)
        self.assertEqual(labels, ["CricketShot", "FrisbeeCatch", "HighJump"])
        self.assertLen(notes, 1)
        self.assertIn("two meanings, taken as 7 CricketShot", notes[0])
        # Diving's 26 settles it.
        labels, notes = self._labels((7, 26), classes=classes)
        self.assertEqual(labels, ["BaseballPitch", "Diving"])
        self.assertEqual(notes, ())

    def test_knows_the_ids_of_the_class_list(self):
        ids = {"Run": 40, "Dive": 30}
        labels, _ = self._labels(
            (40, 30), classes=("Dive", "Run"), class_ids=ids
        )
        self.assertEqual(labels, ["Run", "Dive"])

    def test_lets_a_list_that_counts_to_k_say_what_1_means(self):
        ids = {"Run": 1, "Dive": 2}
        labels, notes = self._labels(
            (1, 2), classes=("Dive", "Run"), class_ids=ids
        )
        self.assertEqual(labels, ["Run", "Dive"])
        self.assertEqual(notes, ())

    @parameterized.parameters(
        ("v 1 2 3 0.5", "a class id of 1, 2, got '3'"),
        ("v 1 2 0 0.5", "a class id of 1, 2, got '0'"),
        ("v 1 2 1.5 0.5", "class id to be a whole number"),
        ("v 1 2 Dive 0.5", "class id to be a finite number, got 'Dive'"),
        ("v 1 2 1", "5 columns `video start end class_id score`"),
        ("v 1 2 1 nan", "score to be a finite number, got 'nan'"),
        ("v 1 inf 1 1", "end to be a finite number, got 'inf'"),
        ("v x 2 1 1", "start to be a finite number, got 'x'"),
    )
    def test_names_the_line_of_a_mistake(self, line, message):
        path = self.write("found.txt", f"v 1 2 1 0.5\n{line}\n")
        expected = f"^{path}:2: expected {message}"
        with self.assertRaisesRegex(errors.InputError, expected):
            thumos14.read_detections(path, classes=("A", "B"))

    def test_refuses_ids_of_two_numberings_in_one_file(self):
        expected = ":3: expected a class id of 7, 9, 12, 26, got '1'"
        with self.assertRaisesRegex(errors.InputError, expected):
            self._labels((7, 7, 1), classes=self.classes)

    @parameterized.parameters("empty.txt", "absent.txt", ".")
    def test_refuses_a_file_without_rows(self, name):
        self.write("empty.txt", "\n")
        with self.assertRaises(errors.InputError):
            thumos14.read_detections(self.folder / name, classes=("A",))


if __name__ == "__main__":
    absltest.main()
