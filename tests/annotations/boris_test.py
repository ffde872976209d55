"""BORIS projects, worked out by hand."""

import json

from absl.testing import absltest

from fsn_tf import errors
from fsn_tf.annotations import boris
from tests.kit import temporary_files

_KINDS = {
    "0": {"code": "serve", "type": "State event"},
    "1": {"code": "hit", "type": "Point event"},
}


class ReadTest(temporary_files.TestCase):
    def _read(self, events, **more):
        one = {
            "type": "MEDIA",
            "file": {"1": ["d/a.mp4"]},
            "events": events,
            "media_info": {
                "fps": {"d/a.mp4": 25.0},
                "length": {"d/a.mp4": 10.0},
            },
            **more,
        }
        content = {"behaviors_conf": _KINDS, "observations": {"o1": one}}
        return boris.read(self.write("x.boris", json.dumps(content)))

    def _rows(self, found):
        return [
            (x.video, x.start_seconds, x.end_seconds) for x in found.instances
        ]

    def test_states_start_and_stop_by_turns_for_each_subject(self):
        found = self._read(
            [
                [1.0, "ann", "serve", "", ""],
                [2.0, "bob", "serve", "", ""],
                [2.5, "", "hit", "", ""],
                [3.0, "ann", "serve", "", ""],
                [4.0, "bob", "serve", "", ""],
                [5.0, "bob", "serve", "", ""],
            ]
        )
        self.assertEqual(self._rows(found), [("a", 1.0, 3.0), ("a", 2.0, 4.0)])
        self.assertIn("events[5]: never stops; left out", found.all_notes()[0])
        self.assertEqual(found.losses["points left out"], 1)
        self.assertEqual(found.stated["a"].fps, 25)

    def test_files_of_a_player_run_on(self):
        found = self._read(
            [
                [9.0, "", "serve", "", ""],
                [12.0, "", "serve", "", ""],
                [13.0, "", "serve", "", ""],
                [14.0, "", "serve", "", ""],
            ],
            file={"1": ["d/a.mp4", "b.mp4"]},
        )
        self.assertEqual(
            self._rows(found),
            [("a", 9.0, 10.0), ("b", 0.0, 2.0), ("b", 3.0, 4.0)],
        )

    def test_takes_the_offset_off(self):
        events = [[101.0, "", "serve", "", ""], [103.0, "", "serve", "", ""]]
        found = self._read(events, **{"time offset": 100.0})
        self.assertEqual(self._rows(found), [("a", 1.0, 3.0)])

    def test_names_what_is_wrong(self):
        for events, message in (
            ([[1.0, "", "jump", ""]], "expected one of its behaviors"),
            ([["x", "", "serve"]], "expected time to be a number, got 'x'"),
            ([[1.0]], "expected time, subject, code"),
            ([[-1, "", "serve"], [1, "", "serve"]], "expected start to be 0"),
        ):
            with self.assertRaises(errors.InputError) as caught:
                self._read(events)
            self.assertIn(message, str(caught.exception))


if __name__ == "__main__":
    absltest.main()
