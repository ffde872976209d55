"""The time that remains, on a clock made by hand."""

import io
from unittest import mock

from absl.testing import absltest

from fsn_tf import progress


class ProgressTest(absltest.TestCase):
    def _lines(self, updates, **kwargs):
        """Lines printed by updates [(seconds, done)]."""
        stream = io.StringIO()
        with mock.patch.object(progress.time, "monotonic") as now:
            now.return_value = 0.0
            shown = progress.Progress(100, "s", stream=stream, **kwargs)
            for now.return_value, done in updates:
                shown.update(done)
        return stream.getvalue().splitlines()

    def test_leaves_the_start_out(self):
        # 30 s to start, then one second for each unit: 60 remain after 40.
        lines = self._lines([(0, 0), (30, 0), (31, 1.0), (70, 40.0)])
        self.assertEqual(lines[0], "0/100 s  elapsed 0:00  ETA ?")
        self.assertEqual(lines[-1], "40/100 s  elapsed 1:10  ETA 1:00")

    def test_work_of_an_earlier_run_is_not_speed(self):
        lines = self._lines([(10, 85)], already=80)
        self.assertEqual(lines, ["85/100 s  elapsed 0:10  ETA 0:30"])

    def _followed(self, seconds_each):
        """What is yielded of "abcdef", and the lines printed meanwhile."""
        stream, now = io.StringIO(), mock.Mock(return_value=0.0)
        found = []
        with (
            mock.patch.object(progress.time, "monotonic", now),
            mock.patch.object(progress.sys, "stderr", stream),
        ):
            for item in progress.followed("abcdef", 6, "letters"):
                found.append(item)
                now.return_value += seconds_each
        return "".join(found), stream.getvalue().splitlines()

    def test_follows_in_silence_what_is_short(self):
        self.assertEqual(self._followed(0.3), ("abcdef", []))

    def test_says_how_far_it_is_once_that_takes_a_while(self):
        found, lines = self._followed(1.0)
        self.assertEqual(found, "abcdef")
        self.assertLen(lines, 1)
        self.assertStartsWith(lines[0], "3/6 letters  elapsed 0:03")


if __name__ == "__main__":
    absltest.main()
