"""Folders in MS-TCN's layout as instances, worked out by hand."""

import pathlib

from absl.testing import absltest

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.annotations import labelings
from fsn_tf.annotations import mstcn_folders
from tests.kit import temporary_files

_RATE = labelings.Rates(2.0)


class FolderTest(temporary_files.TestCase):
    def test_runs_of_frames_are_instances(self):
        self.write("x/mapping.txt", "0 SIL\n1 serve\n2 hit\n")
        self.write("x/groundTruth/a.txt", "SIL\nserve\nserve\nhit\nserve\n")
        found = mstcn_folders.read(self.folder / "x", _RATE)
        self.assertEqual(
            [
                (x.label, x.start_seconds, x.end_seconds)
                for x in found.instances
            ],
            [("serve", 0.5, 1.5), ("hit", 1.5, 2.0), ("serve", 2.0, 2.5)],
        )
        self.assertEqual(found.classes, ["serve", "hit"])
        self.assertEqual(found.stated["a"].duration_seconds, 2.5)
        self.assertIn("frames of SIL are no action", found.all_notes()[0])

    def test_says_what_it_has_no_place_for(self):
        truth = segments.Annotations.from_rows(
            [
                ("a", "serve", 0, 1),
                ("a", "hit", 0.5, 1.5),
                ("a", "hit", 1.5, 2),
                ("a", "hit", 2.1, 2.2),
            ],
            durations_seconds={"a": 4.0},
        )
        found = labelings.of_annotations("x", truth)
        mstcn_folders.write(self.folder / "y", found, rates=_RATE, media={})
        text = pathlib.Path(self.folder, "y/groundTruth/a.txt").read_text()
        self.assertEqual(
            text.split(), ["serve", *["hit"] * 3, *["background"] * 4]
        )
        self.assertEqual(
            set(found.losses),
            {
                "instances drawn over others",
                "instances joined with one that they touch",
                "instances of less than a frame left out",
            },
        )

    def test_refuses_names_with_blanks(self):
        truth = segments.Annotations.from_rows([("a", "to net", 0, 1)])
        found = labelings.of_annotations("x", truth)
        with self.assertRaisesRegex(errors.InputError, "without blanks"):
            mstcn_folders.write(self.folder / "y", found, rates=_RATE, media={})
        self.assertFalse((self.folder / "y").exists())


if __name__ == "__main__":
    absltest.main()
