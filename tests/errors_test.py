"""One that fails costs one line; the others go on."""

from absl.testing import absltest

from fsn_tf import errors


class FailuresTest(absltest.TestCase):
    def test_each_costs_one_line_and_the_others_are_done(self):
        lines, done = [], []
        failures = errors.Failures(lines.append)
        for number in range(4):
            with failures.caught():
                if number % 2:
                    raise errors.InputError(f"{number} is odd")
                done.append(number)
        self.assertEqual(done, [0, 2])
        self.assertEqual(lines, ["1 is odd", "3 is odd"])
        self.assertEqual([str(x) for x in failures.errors], lines)
        self.assertLen(failures, 2)

    def test_what_is_no_fault_of_the_input_comes_out(self):
        failures = errors.Failures(print)
        with self.assertRaises(OSError), failures.caught():
            raise OSError("the disk is full")
        self.assertEmpty(failures.errors)


class LineTest(absltest.TestCase):
    def test_names_the_file_the_cause_and_the_lack_of_memory(self):
        path_error = OSError(28, "No space left on device", "a/b")
        cause = ImportError(
            "x.so: failed to map segment\\nmore".replace("\\n", "\n")
        )
        outer = ImportError("Read this page first")
        outer.__cause__ = cause
        exhausted = type("ResourceExhaustedError", (Exception,), {})
        for error, expected in (
            (path_error, "a/b: No space left on device"),
            (errors.InputError("two\nlines"), "two; lines"),
            (outer, "cannot be loaded: x.so: failed to map segment"),
            (MemoryError(), "out of memory: there is no more; free some"),
            (exhausted("OOM\nat"), "out of memory: OOM; free some"),
            (RuntimeError("can't start new thread"), "out of memory: can't"),
        ):
            self.assertTrue(errors.is_expected(error), error)
            self.assertStartsWith(errors.line(error), expected)
        self.assertFalse(errors.is_expected(RuntimeError("a mistake of ours")))


if __name__ == "__main__":
    absltest.main()
