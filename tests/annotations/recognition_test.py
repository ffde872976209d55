"""Formats are known by content, and an ambiguous one is refused."""

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf import annotations
from fsn_tf import errors
from fsn_tf.annotations import recognition
from fsn_tf.annotations import video_labels
from tests.kit import temporary_files

_EAF = '<?xml version="1.0"?>\n<!-- x -->\n<ANNOTATION_DOCUMENT A="1"/>'
_BORIS = '{"behaviors_conf": {}, "observations": {}}'
_VIA = '{"metadata": {}, "view": {}, "file": {}, "attribute": {}}'
_TABLE = "Observation id,Behavior,Start (s),Stop (s)"
_CUE = "00:00:01{}000 --> 00:00:02{}000\nx\n"
_LABELS = "1.0\t2.0\tserve\n"


class RecognitionTest(temporary_files.TestCase):
    @parameterized.parameters(
        ("{}", "activitynet"),
        (_LABELS, "audacity"),
        (_BORIS, "boris"),
        (_TABLE, "boris"),
        ("label,end,start,video\nx,2,1,a\n", "csv"),
        ("\ufeff<annotations/>", "cvat"),
        (_EAF, "elan"),
        ('{"classes": [], "labels": {"a": []}}', "fiftyone"),
        ('[{"data": {"video": "a"}}]', "labelstudio"),
        ('[{"x": [{"ranges": []}]}]', "labelstudio"),
        ("\n1\n" + _CUE.format(",", ","), "srt"),
        (_VIA, "via"),
        ("\ufeffWEBVTT\n", "webvtt"),
    )
    def test_knows_a_file_whatever_its_name(self, text, expected):
        # The ending decides nothing where the content says what it is.
        self.assertEqual(recognition.of(self.write("x.data", text)), expected)

    def test_a_video_may_have_any_name_in_a_csv(self):
        for name in ("[1] a", "{a}", "<a>"):
            path = self.write("x.csv", f"{name},1,2,serve")
            self.assertEqual(annotations.read(path).videos, (name,))

    @parameterized.parameters(
        (_CUE.format(".", "."), "srt and as webvtt"),
        (_BORIS[:-1] + "," + _VIA[1:], "boris and as via"),
        (_VIA[:-1] + ', "database": {}}', "via and as activitynet"),
        (_TABLE + ",video,start,end,label", "boris and as csv"),
    )
    def test_refuses_what_can_be_read_in_two_ways(self, text, message):
        with self.assertRaisesRegex(errors.InputError, f"read as {message}"):
            recognition.of(self.write("x.data", text))

    def test_a_prefix_says_which(self):
        path = self.write("a.x", _CUE.format(".", "."))
        for name in ("srt", "srt@25"):
            found = annotations.read(f"{name}:{path}")
            self.assertEqual(found.instances[0].end_seconds, 2.0)
        self.assertEqual(annotations.location(f"srt:{path}"), path)
        # A file that has such a name is that file.
        self.write("csv:x", "a,1,2,serve")
        given = self.folder / "csv:x"
        self.assertEqual(recognition.source(given).path, given)

    def test_a_folder_holds_files_of_one_kind(self):
        self.write("x/a.txt", _LABELS)
        self.write("x/b.txt", "")
        self.write("x/notes.md", "what we did")
        read = annotations.read(self.folder / "x")
        # The track of b is empty: nothing happens there.
        self.assertEqual(read.videos, ("a", "b"))
        self.write("x/a.srt", _CUE.format(",", ","))
        with self.assertRaisesRegex(errors.InputError, "audacity and as srt"):
            annotations.read(self.folder / "x")
        read = annotations.read(f"srt:{self.folder / 'x'}")
        self.assertEqual(read.instances[0].label, "x")
        self.write("x/c.txt", "what is this")
        with self.assertRaisesRegex(errors.InputError, "c.txt: expected"):
            annotations.read(self.folder / "x")

    def test_tells_instances_from_labels_of_videos(self):
        self.write("classes/dive/a.avi", "")
        self.write("list.txt", "dive/a.avi 1\n")
        self.write("51/data/a.mp4", "")
        self.write("51/labels.json", '{"labels": {}}')
        labels = self.write("labels.txt", _LABELS)
        self.assertTrue(video_labels.are_at(self.folder / "classes"))
        self.assertTrue(video_labels.are_at(self.folder / "list.txt"))
        self.assertFalse(video_labels.are_at(self.folder / "51"))
        self.assertFalse(video_labels.are_at(labels))
        self.assertFalse(video_labels.are_at(f"audacity:{labels}"))
        self.assertEqual(
            video_labels.read(labels).labels, {"labels": ("serve",)}
        )


if __name__ == "__main__":
    absltest.main()
