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


if __name__ == "__main__":
    absltest.main()
