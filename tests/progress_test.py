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


if __name__ == "__main__":
    absltest.main()
