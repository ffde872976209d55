"""A folder is for one thing, and says what it was made for."""

import json

from absl.testing import absltest

from fsn_tf import claims
from fsn_tf import errors
from tests.kit import temporary_files


class CheckSameTest(absltest.TestCase):
    def test_names_the_first_fact_that_differs(self):
        known = {"fps": 25, "flow": "dis", "size": [2, 3]}
        claims.check_same(known, {"fps": 25, "size": [2, 3]}, str)
        with self.assertRaisesRegex(errors.InputError, "^flow is not so$"):
            claims.check_same(
                known,
                {"fps": 25, "flow": "tvl1", "size": [1, 1]},
                lambda name: f"{name} is not so",
            )

    def test_what_is_missing_differs_from_what_is_asked(self):
        with self.assertRaisesRegex(errors.InputError, "^flow$"):
            claims.check_same({}, {"flow": "dis"}, str)


class ClaimTest(temporary_files.TestCase):
    def _claim(self, facts):
        claims.claim(
            self.folder / "note.json",
            facts,
            lambda name, known: f"{name}: {known}",
        )

    def test_notes_once_and_takes_the_same_again(self):
        facts = {"network": "fsn", "classes": ["a", "b"]}
        for _ in range(2):
            self._claim(facts)
            note = json.loads((self.folder / "note.json").read_text())
            self.assertEqual(note, facts)

    def test_refuses_something_else_and_keeps_the_note(self):
        self._claim({"network": "fsn"})
        with self.assertRaisesRegex(errors.InputError, "network: .*'fsn'"):
            self._claim({"network": "wfsn"})
        self._claim({"network": "fsn"})

    def test_refuses_a_note_that_cannot_be_read(self):
        self.write("note.json", "{")
        with self.assertRaisesRegex(errors.InputError, "is not JSON"):
            self._claim({"network": "fsn"})


if __name__ == "__main__":
    absltest.main()
