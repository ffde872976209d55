"""ActionFormer's pickle of detections."""

import pickle

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import annotations
from fsn_tf import errors
from fsn_tf.annotations import class_lists
from tests.kit import temporary_files

_CLASSES = ("Dive", "Run")
# As its eval.py makes them: one list, and arrays that PyTorch gave.
_COLUMNS = {
    "video-id": ["w", "w", "v"],
    "t-start": np.array([1.5, 0, 2], np.float32),
    "t-end": np.array([2, 1, 4.25], np.float32),
    "label": np.array([0, 1, 1]),
    "score": np.array([0.5, 0.25, 0.125], np.float32),
}
_ROWS = [
    ("w", "Dive", 1.5, 2.0, 0.5),
    ("w", "Run", 0.0, 1.0, 0.25),
    ("v", "Run", 2.0, 4.25, 0.125),
]


class ReadDetectionsTest(temporary_files.TestCase):
    def _read(self, columns, **given):
        path = self.write("eval_results.pkl", pickle.dumps(columns))
        return annotations.read_detections(path, classes=_CLASSES, **given)

    def test_reads_rows_in_the_order_of_the_file(self):
        found = self._read(_COLUMNS)
        self.assertEqual(found.rows(), _ROWS)
        [note] = found.notes
        self.assertIn("annotated classes in their order, where 0 is Dive", note)

    def test_takes_ids_from_a_list(self):
        path = self.write("category_idx.txt", "Run\nDive\n")
        found = self._read(_COLUMNS, numbered_in=class_lists.Sources(path))
        self.assertEqual(
            [label for _, label, *_ in found.rows()], ["Run", "Dive", "Dive"]
        )
        self.assertIn(f"{path}, where 0 is Run", found.notes[0])

    def test_takes_labels_that_are_names(self):
        found = self._read({**_COLUMNS, "label": ["Dive", "Run", "Run"]})
        self.assertEqual(found.rows(), _ROWS)
        self.assertEqual(found.notes, ())

    @parameterized.parameters(
        ({"label": np.array([0, 1, 2])}, "detection 2: expected a class id fr"),
        ({"label": [0, 1.5, 1]}, "detection 1: expected label to be a class"),
        ({"score": np.array([0.5, np.nan, 1])}, "detection 1: .* finite"),
        ({"score": np.zeros(2)}, r"columns of one length, got \[3, 3, 3, 3, 2"),
        ({"score": np.zeros((3, 1))}, r"score: expected a list, or an array"),
        ({"video-id": [1, 2, 3]}, "detection 0: expected video to be a name"),
        (dict.fromkeys(_COLUMNS, []), "expected a detection, got none"),
    )
    def test_names_the_mistake(self, wrong, reason):
        with self.assertRaisesRegex(errors.InputError, reason):
            self._read({**_COLUMNS, **wrong})

    @parameterized.parameters([{}], [[1]], [None])
    def test_refuses_other_pickles(self, value):
        with self.assertRaisesRegex(errors.InputError, "a dict of video-id, t"):
            self._read(value)


if __name__ == "__main__":
    absltest.main()
