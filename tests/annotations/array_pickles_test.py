"""Pickles of arrays are read, and nothing in them is run."""

import pickle
import random

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import errors
from fsn_tf.annotations import array_pickles
from tests.kit import temporary_files

_VALUE = {
    "names": ["v", "w", "v"],
    "numbers": np.array([1, 2.5, 3], np.float32),
    "big-endian": np.array([1, 2, 3], ">i8"),
    "by column": np.asfortranarray(np.arange(6).reshape(2, 3)),
    "none": np.zeros(0, np.float16),
    "text": np.array(["a", "bcd"]),
    "objects": np.array(["a", "bcd"], object),
    "scalar": np.float64(0.5),
    "plain": (None, True, -1, 2**70, 0.25, [b"x", {}]),
}


class _Runs:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


class _HasState:
    pass


class LoadTest(temporary_files.TestCase):
    def _load(self, content):
        return array_pickles.load(self.write("found.pkl", content))

    @parameterized.parameters(2, 3, 4, 5)
    def test_reads_what_pickle_reads(self, protocol):
        content = pickle.dumps(_VALUE, protocol)

        read = self._load(content)

        self.assertEqual(list(read), list(_VALUE))
        for name, expected in pickle.loads(content).items():
            if isinstance(expected, np.ndarray) and expected.dtype.kind in "fi":
                np.testing.assert_array_equal(read[name], expected)
            elif isinstance(expected, np.ndarray):
                self.assertEqual(read[name], expected.tolist())
            else:
                self.assertEqual(read[name], expected)

    def test_reads_what_another_numpy_wrote(self):
        content = pickle.dumps(_VALUE, 4).replace(
            b"\x16numpy._core.multi", b"\x15numpy.core.multi"
        )
        # Without the frame, whose count of bytes no longer fits.
        content = content[:2] + content[11:]
        np.testing.assert_array_equal(
            self._load(content)["numbers"], _VALUE["numbers"]
        )

    @parameterized.parameters(2, 4, 5)
    def test_runs_nothing(self, protocol):
        trap = self.folder / "trap"
        content = pickle.dumps({"label": [_Runs(trap)]}, protocol)
        with self.assertRaisesRegex(
            errors.InputError, "nothing was run: its pickle names .*open; exp"
        ):
            self._load(content)
        self.assertFalse(trap.exists())

    @parameterized.parameters(
        # getattr by way of what may be named.
        (b"cnumpy\nndarray\n(tR.", "calls 'numpy.ndarray'"),
        (b"cnumpy\ndtype\nq\x00h\x00(tR.", "damaged"),
        (b"cbuiltins\neval\n(X\x01\x00\x00\x001tR.", "names builtins.eval"),
        (b"cnumpy\ndtype.type\n.", "names numpy.dtype.type"),
        (b"ios\nsystem\n.", "uses INST"),
        (b"]}b.", "sets attributes"),
        (b"\x82\x01.", "uses EXT1"),
        (b"Pid\n.", "uses PERSID"),
    )
    def test_says_what_it_refuses(self, words, reason):
        with self.assertRaisesRegex(errors.InputError, reason):
            self._load(b"\x80\x04" + words)

    def test_refuses_objects_of_classes(self):
        with self.assertRaisesRegex(errors.InputError, "names .*_HasState"):
            self._load(pickle.dumps(_HasState()))

    def test_survives_any_damage(self):
        content, draw = pickle.dumps(_VALUE, 4), random.Random(0)
        for _ in range(300):
            damaged = bytearray(content[: draw.randrange(len(content) + 1)])
            for _ in range(min(draw.randint(0, 5), len(damaged))):
                damaged[draw.randrange(len(damaged))] = draw.randrange(256)
            try:
                self._load(bytes(damaged))
            except errors.InputError as error:
                self.assertNotIn("\n", str(error))


if __name__ == "__main__":
    absltest.main()
