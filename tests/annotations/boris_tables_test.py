"""BORIS's tables, worked out by hand."""

from absl.testing import absltest

from fsn_tf import errors
from fsn_tf.annotations import boris_tables
from fsn_tf.annotations import labelings
from fsn_tf.annotations import tool_files
from tests.kit import temporary_files

_AGGREGATED = (
    "Observation id,Weather,Media duration (s),FPS (frame/s),Subject,Behavior,"
    "Modifier #1,Behavior type,Start (s),Stop (s),Media file name\n"
    "o1,sunny,60.0,25.0,ann,serve,hard,STATE,1.2,2.64,d/a.mp4\n"
    "o1,sunny,60.0,25.0,ann,hit,,POINT,3.0,3.0,d/a.mp4\n"
)
_OLD = """Observation id\to1

Media file(s)
Player #1\ta.mp4

Time\tMedia file path\tFPS\tSubject\tBehavior\tStatus
1.2\ta.mp4\t25\t\tserve\tSTART
2\ta.mp4\t25\t\thit\tPOINT
2.64\ta.mp4\t25\t\tserve\tSTOP
4\ta.mp4\t25\t\tserve\tSTART
"""


class ReadTest(temporary_files.TestCase):
    def test_takes_both_kinds_of_table(self):
        for name, text in (("x.csv", _AGGREGATED), ("x.data", _OLD)):
            path = self.write(name, text)
            found = tool_files.read(path, "boris", labelings.Rates())
            (one,) = found.instances
            self.assertEqual(
                (one.video, one.label, one.start_seconds, one.end_seconds),
                ("a", "serve", 1.2, 2.64),
            )
            self.assertEqual(found.losses["points left out"], 1)
            self.assertEqual(found.stated["a"].fps, 25)
        self.assertIn("x.data:10: never stops", found.all_notes()[0])

    def test_names_what_is_wrong(self):
        for text, message in (
            (_AGGREGATED.replace("1.2", "x"), ":2: expected start (s) to be a"),
            (_OLD.replace("START", "STOP"), ":7: expected START, STOP or"),
            ("a,b\n", "expected a header with Behavior"),
        ):
            with self.assertRaises(errors.InputError) as caught:
                boris_tables.read(self.write("x.csv", text))
            self.assertIn(message, str(caught.exception))


if __name__ == "__main__":
    absltest.main()
