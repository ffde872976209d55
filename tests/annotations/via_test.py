"""VIA 3 projects, worked out by hand."""

import json

from absl.testing import absltest

from fsn_tf import errors
from fsn_tf.annotations import via
from tests.kit import temporary_files

_ATTRIBUTES = {
    "1": {"anchor_id": "FILE1_Z2_XY0", "options": {"0": "serve", "1": "hit"}}
}


def _entry(*times, value="0", **more):
    return {
        "vid": "1",
        "flg": 0,
        "z": list(times),
        "xy": [],
        "av": {"1": value},
        **more,
    }


class ReadTest(temporary_files.TestCase):
    def _read(self, *entries, attributes=_ATTRIBUTES):
        content = {
            "metadata": {str(x): y for x, y in enumerate(entries)},
            "view": {"1": {"fid_list": ["1"]}},
            "file": {"1": {"fname": "a.mp4"}},
            "attribute": attributes,
        }
        return via.read(self.write("x.json", json.dumps(content)))

    def test_leaves_out_what_is_no_segment(self):
        found = self._read(
            _entry(1.2, 2.64),
            _entry(1, 2, flg=1),
            _entry(1),
            _entry(1, 2, xy=[2, 1, 1, 5, 5]),
            _entry(),
            _entry(1, 2, value=""),
        )
        (one,) = found.instances
        self.assertEqual(
            (one.video, one.label, one.start_seconds, one.end_seconds),
            ("a", "serve", 1.2, 2.64),
        )
        self.assertEqual(sum(found.losses.values()), 5)

    def test_a_checkbox_holds_several(self):
        attributes = {"1": {**_ATTRIBUTES["1"], "type": 2}}
        found = self._read(_entry(1, 2, value="0,1"), attributes=attributes)
        self.assertEqual([x.label for x in found.instances], ["serve", "hit"])

    def test_text_labels_where_nothing_has_options(self):
        attributes = {"1": {"anchor_id": "FILE1_Z2_XY0", "options": {}}}
        found = self._read(_entry(1, 2, value="a, b"), attributes=attributes)
        self.assertEqual(found.instances[0].label, "a, b")

    def test_names_a_view_on_one_line(self):
        content = {
            "metadata": {},
            "view": {"a\nb": {"fid_list": ["2"]}},
            "file": {},
            "attribute": {},
        }
        path = self.write("x.json", json.dumps(content))
        with self.assertRaises(errors.InputError) as caught:
            via.read(path)
        self.assertNotIn("\n", str(caught.exception))

    def test_names_what_is_wrong(self):
        for entry, message in (
            (_entry(1, 2, value="7"), "one of the options"),
            (_entry(1, 2, 3), "expected z to be two times at most"),
            (_entry(2, 1), "expected end to be 2.0 seconds or later"),
            (_entry(1, 2, vid="4"), "vid to be one of its views"),
        ):
            with self.assertRaises(errors.InputError) as caught:
                self._read(entry)
            self.assertIn(message, str(caught.exception))


if __name__ == "__main__":
    absltest.main()
