"""ELAN's files, worked out by hand."""

from absl.testing import absltest

from fsn_tf import errors
from fsn_tf.annotations import elan
from tests.kit import temporary_files

_HEAD = '<HEADER TIME_UNITS="milliseconds">{}</HEADER>'
_MEDIA = '<MEDIA_DESCRIPTOR MEDIA_URL="file:///C:/x/{}" {}/>'


def _one(number, first, second, value):
    return (
        f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{number}" '
        f'TIME_SLOT_REF1="{first}" TIME_SLOT_REF2="{second}">'
        f"<ANNOTATION_VALUE>{value}</ANNOTATION_VALUE>"
        "</ALIGNABLE_ANNOTATION></ANNOTATION>"
    )


class ReadTest(temporary_files.TestCase):
    def _read(self, annotations, *, times=(1200, 2640), media="", more=""):
        slots = "".join(
            f'<TIME_SLOT TIME_SLOT_ID="t{number}" '
            + ("" if time is None else f'TIME_VALUE="{time}"')
            + "/>"
            for number, time in enumerate(times, start=1)
        )
        text = (
            f"<ANNOTATION_DOCUMENT>{_HEAD.format(media)}"
            f"<TIME_ORDER>{slots}</TIME_ORDER>"
            f'<TIER TIER_ID="act">{annotations}</TIER>{more}'
            "</ANNOTATION_DOCUMENT>"
        )
        return elan.read(self.write("a.eaf", text))

    def _rows(self, found):
        return [
            (x.video, x.label, x.start_seconds, x.end_seconds)
            for x in found.instances
        ]

    def test_takes_the_value_as_label_or_else_the_tier(self):
        found = self._read(
            _one(1, "t1", "t2", "ser\n ve") + _one(2, "t1", "t2", ""),
            more='<TIER TIER_ID="b"><ANNOTATION><REF_ANNOTATION '
            'ANNOTATION_ID="a3" ANNOTATION_REF="a1"/></ANNOTATION></TIER>',
        )
        self.assertEqual(
            self._rows(found),
            [("a", "ser ve", 1.2, 2.64), ("a", "act", 1.2, 2.64)],
        )
        self.assertIn("refer to others left out: 1", found.all_notes()[0])

    def test_takes_the_video_and_the_origin_that_it_names(self):
        media = _MEDIA.format("s.wav", "") + _MEDIA.format(
            "b%20c.mp4", 'TIME_ORIGIN="500"'
        )
        found = self._read(_one(1, "t1", "t2", "serve"), media=media)
        self.assertEqual(self._rows(found), [("b c", "serve", 1.7, 3.14)])
        self.assertIn("is of the video b c", found.all_notes()[0])

    def test_spreads_open_times_evenly(self):
        annotations = "".join(
            _one(x, f"t{x}", f"t{x + 1}", "x") for x in range(1, 4)
        )
        found = self._read(annotations, times=(0, None, None, 3000))
        self.assertEqual([x.start_seconds for x in found.instances], [0, 1, 2])
        with self.assertRaisesRegex(errors.InputError, "t4 has no time"):
            self._read(annotations, times=(0, None, 2000, None))

    def test_refuses_entities_and_other_units(self):
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><ANNOTATION_DOCUMENT/>'
        with self.assertRaisesRegex(errors.InputError, ":1: declares the enti"):
            elan.read(self.write("x.eaf", bomb))
        text = (
            '<ANNOTATION_DOCUMENT><HEADER TIME_UNITS="PAL-frames"/>'
            "</ANNOTATION_DOCUMENT>"
        )
        with self.assertRaisesRegex(errors.InputError, "in milliseconds"):
            elan.read(self.write("x.eaf", text))

    def test_names_a_slot_that_is_missing(self):
        with self.assertRaisesRegex(errors.InputError, "a1: .* 't9'"):
            self._read(_one(1, "t1", "t9", "x"))


if __name__ == "__main__":
    absltest.main()
