"""What does not fit between labels and time stamps."""

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf.annotations.labelings import Stated
from fsn_tf.dataset_check import label_fit
from fsn_tf.datasets import retiming


def _even(count, fps, start=0.0):
    times = tuple(start + x / fps for x in range(count))
    return retiming.RealTimes(times, start + count / fps)


_EVEN = _even(100, 25.0)
_VARIABLE = retiming.RealTimes((*_EVEN.times[:50], *range(2, 12)), 13.0)


class OfVideoTest(parameterized.TestCase):
    @parameterized.parameters(
        (Stated(25.0, 100, 4.0, in_frames=True), _EVEN),
        # Half a frame is nothing.
        (Stated(25.1, in_frames=True), _EVEN),
        (Stated(seconds=4.03), _EVEN),
        # By time an uneven rate is no trouble.
        (Stated(25.0), _VARIABLE),
        (Stated(seconds=4.5), _even(100, 25.0, start=0.5)),
    )
    def test_finds_nothing_where_nothing_is(self, stated, real):
        self.assertEmpty(list(label_fit.of_video("a", stated, real)))

    @parameterized.parameters(
        (Stated(num_frames=101), _EVEN, False, "labeled as 101 (off by one)"),
        (Stated(num_frames=90), _EVEN, True, "labeled as 90 (10 frames)"),
        (Stated(30.0, in_frames=True), _EVEN, True, "a: 25, labeled at 30"),
        (Stated(30.0), _EVEN, False, "a: 25, labeled at 30"),
        (Stated(25.0, in_frames=True), _VARIABLE, True, "a: up to "),
        (Stated(25.0, in_frames=True), _even(9, 25, 0.5), True, "at 0.50 s"),
        (Stated(seconds=4.0), _even(100, 25, 0.5), True, "a: at 0.50 s"),
        (Stated(seconds=4.1), _EVEN, False, "4.000 s, labeled as 4.100 s"),
    )
    def test_names_what_does_not_fit(self, stated, real, is_problem, line):
        (found,) = label_fit.of_video("a", stated, real)
        self.assertIn(line, found.line)
        self.assertEqual(found.is_problem, is_problem)


if __name__ == "__main__":
    absltest.main()
