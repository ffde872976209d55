"""What is said of CPUs, from files that describe made-up ones."""

import contextlib
import io
from unittest import mock

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf.prediction import precisions
from tests.kit import temporary_files


class NoteTest(temporary_files.TestCase, parameterized.TestCase):
    def _noted(self, precision, cpuinfo=None):
        path = self.folder / "cpuinfo"
        if cpuinfo is not None:
            path.write_text(cpuinfo)
        said = io.StringIO()
        with (
            mock.patch.object(precisions, "_CPUINFO", path),
            contextlib.redirect_stderr(said),
        ):
            precisions.note_if_slow(precision)
        return said.getvalue()

    def test_a_cpu_that_lacks_the_instructions_is_named(self):
        noted = self._noted("bfloat16", "model: 1\nflags\t\t: fpu avx512f\n")
        self.assertIn("neither amx_bf16 nor avx512_bf16", noted)
        self.assertEqual(noted.count("\n"), 1)

    @parameterized.parameters("amx_bf16", "avx512_bf16")
    def test_one_that_has_either_is_not(self, flag):
        self.assertEmpty(self._noted("bfloat16", f"flags : fpu {flag}\n"))

    def test_nothing_is_said_where_nothing_is_known(self):
        self.assertEmpty(self._noted("bfloat16"))
        self.assertEmpty(self._noted("bfloat16", "Features : fp asimd\n"))

    def test_nor_of_float32(self):
        self.assertEmpty(self._noted("float32", "flags : fpu\n"))


if __name__ == "__main__":
    absltest.main()
