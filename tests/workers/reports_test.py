"""What workers tell becomes lines and progress."""

import io
from unittest import mock

from absl.testing import absltest

from fsn_tf import progress
from fsn_tf.workers import reports
from fsn_tf.workers.engines import Job
from tests.kit import temporary_files


class ReportsTest(temporary_files.TestCase):
    def test_a_video_is_done_with_its_last_part_and_fails_once(self):
        said = io.StringIO()
        shown = mock.create_autospec(progress.Progress, instance=True, total=9)
        shown.message.side_effect = lambda line: print(line, file=said)
        parts = [Job("long", (), 3, ("joining",)) for _ in range(2)]
        jobs = [*parts, Job("short", (), 2), Job("bad", (), 1, ())]
        seen = reports.Seen(self.folder, jobs, shown)

        def report(name, *what):
            reports.write(
                reports.path(self.folder, name), reports.Report(*what)
            )
            seen.look()
            return shown.update.call_args.args

        self.assertEqual(report("0", "long", "", "", 3.0), (3, "0/3 videos"))
        self.assertEqual(report("2", "short", "odd", "", 2), (5, "1/3 videos"))
        self.assertEqual(report("3", "bad", "", "no", 1), (6, "2/3 videos"))
        self.assertEqual(seen.unfinished(), ["long"])
        almost, detail = report("1", "long", "", "", 3.0)
        self.assertLess(almost, 9)
        self.assertEqual(detail, "2/3 videos")
        report("4", "bad", "", "no", 0)
        end = report("joined-0", "long", "", "")
        self.assertEqual(end, (9, "3/3 videos"))
        self.assertEqual(seen.failures, {"bad": "no"})
        self.assertEqual(said.getvalue(), "odd\nno\n")


if __name__ == "__main__":
    absltest.main()
