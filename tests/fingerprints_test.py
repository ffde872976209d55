"""Fingerprints change with what they are of, and with nothing else."""

import dataclasses
import hashlib

from absl.testing import absltest

from fsn_tf import fingerprints
from fsn_tf import segments
from tests.kit import temporary_files


class PathTest(temporary_files.TestCase):
    def test_is_the_sha256_of_a_file(self):
        path = self.write("a.txt", "walk")
        expected = hashlib.sha256(b"walk").hexdigest()
        self.assertEqual(fingerprints.of_path(path), expected)

    def test_lists_the_files_of_a_folder(self):
        self.write("folder/b.txt", "run")
        self.write("folder/a.txt", "walk")
        lines = "".join(
            f"{hashlib.sha256(content).hexdigest()} {name}\n"
            for name, content in (("a.txt", b"walk"), ("b.txt", b"run"))
        )
        expected = hashlib.sha256(lines.encode()).hexdigest()
        self.assertEqual(fingerprints.of_path(self.folder / "folder"), expected)
        self.write("folder/.hidden", "by the system")
        self.assertEqual(fingerprints.of_path(self.folder / "folder"), expected)

    def test_sees_a_renamed_and_a_changed_file(self):
        path = self.write("folder/a.txt", "walk")
        before = fingerprints.of_path(self.folder / "folder")
        path.rename(self.folder / "folder/b.txt")
        renamed = fingerprints.of_path(self.folder / "folder")
        self.write("folder/b.txt", "run")
        changed = fingerprints.of_path(self.folder / "folder")
        self.assertLen({before, renamed, changed}, 3)


class AnnotationsTest(absltest.TestCase):
    def test_sees_every_part_that_counts(self):
        truth = segments.Annotations.from_rows(
            [("a", "Run", 1, 2), ("a", "Run", 3, 4)]
        )
        one, other = truth.instances
        variants = [
            truth,
            dataclasses.replace(truth, instances=(other, one)),
            dataclasses.replace(truth, videos=("a", "b")),
            dataclasses.replace(truth, classes=("Jump", "Run")),
            dataclasses.replace(truth, instances=(one,)),
        ]
        found = {fingerprints.of_annotations(each) for each in variants}
        self.assertLen(found, 5)

    def test_does_not_see_the_format(self):
        whole = segments.Instance("a", "Run", 1, 2)
        parts = segments.Instance("a", "Run", 1.0, 2.0)
        found = {
            fingerprints.of_annotations(
                segments.Annotations(("Run",), ("a",), (each,), notes=notes)
            )
            for each, notes in ((whole, ()), (parts, ("odd",)))
        }
        self.assertLen(found, 1)


if __name__ == "__main__":
    absltest.main()
