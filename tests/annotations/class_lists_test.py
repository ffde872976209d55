"""What class ids in detections mean."""

import json

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf import annotations
from fsn_tf import errors
from fsn_tf.annotations import class_lists
from tests.kit import temporary_files


def _database(*annotated):
    """A JSON of annotations (label, id)."""
    entries = [
        {"label": label, "segment": [0, 1], "label_id": number}
        for label, number in annotated
    ]
    return json.dumps({"database": {"v": {"annotations": entries}}})


class SourcesTest(temporary_files.TestCase):
    def _numbering(self, classes=("Dive", "Run"), **texts):
        paths = {
            name: self.write(f"{name}{ending}", text)
            for name, (ending, text) in texts.items()
        }
        return class_lists.Sources(**paths).numbering(classes)

    @parameterized.parameters(
        ("Run\nDive\n", {0: "Run", 1: "Dive"}),
        ("Long Jump\n\nRun", {0: "Long Jump", 1: "Run"}),
        ("7 Run\n9 Long Jump\n", {7: "Run", 9: "Long Jump"}),
    )
    def test_reads_lists_with_and_without_ids(self, text, names):
        found = self._numbering(class_list=(".txt", text))
        self.assertEqual(found.names, names)

    def test_prefers_the_list_then_label_ids_then_the_order(self):
        truth = ".json", _database(("Run", 0), ("Dive", 4), ("Run", 0))
        of_list = self._numbering(
            class_list=(".txt", "3 Run\n"), annotations=truth
        )
        self.assertEqual(of_list.names, {3: "Run"})
        of_truth = self._numbering(annotations=truth)
        self.assertEqual(of_truth.names, {0: "Run", 4: "Dive"})
        self.assertRegex(of_truth.note("f"), "label_id in .*, where 0 is Run")
        self.assertEqual(self._numbering().names, {0: "Dive", 1: "Run"})

    @parameterized.parameters(
        ("Run\nRun\n", "an id and class once"),
        ("1 Run\n1 Dive\n", "an id and class once"),
        ("", "expected rows"),
        ("Walk\n", "classes such as 'Dive'"),
    )
    def test_refuses_lists_that_say_nothing_or_two_things(self, text, reason):
        with self.assertRaisesRegex(errors.InputError, reason):
            self._numbering(class_list=(".txt", text))

    def test_refuses_label_ids_of_two_meanings(self):
        with self.assertRaisesRegex(errors.InputError, "label_id 0 to be Run"):
            self._numbering(
                annotations=(".json", _database(("Run", 0), ("Dive", 0)))
            )


class JsonTest(temporary_files.TestCase):
    def _read(self, *found, classes=("Dive", "Run"), **given):
        path = self.write("found.json", json.dumps({"results": {"v": found}}))
        return annotations.read_detections(path, classes=classes, **given)

    def test_reads_opentads_names_and_ids(self):
        one = {"segment": [0.5, 1.25], "score": 0.5}
        found = self._read({**one, "label": "Run"}, {**one, "label": 0})
        self.assertEqual(
            found.rows(),
            [("v", "Run", 0.5, 1.25, 0.5), ("v", "Dive", 0.5, 1.25, 0.5)],
        )
        self.assertLen(found.notes, 1)

    def test_reads_mmaction2s_proposals_of_one_class(self):
        one = {"score": 0.5, "segment": [0.5, 1.25]}
        found = self._read(one, one, classes=("Run",))
        self.assertEqual(found.rows(), [("v", "Run", 0.5, 1.25, 0.5)] * 2)
        self.assertIn("without labels, taken as Run", found.notes[0])
        with self.assertRaisesRegex(errors.InputError, "MMAction2's proposals"):
            self._read(one)

    def test_a_list_says_what_the_kits_ids_mean(self):
        path = self.write("found.txt", "v 0 1 2 0.5\nv 0 1 1 0.5\n")
        of_list = class_lists.Sources(self.write("list.txt", "2 Dive\n1 Run\n"))
        for sources, labels in (
            (class_lists.ORDER, ["Run", "Dive"]),
            (of_list, ["Dive", "Run"]),
        ):
            found = annotations.read_detections(
                path, classes=("Dive", "Run"), numbered_in=sources
            )
            self.assertEqual([label for _, label, *_ in found.rows()], labels)


if __name__ == "__main__":
    absltest.main()
