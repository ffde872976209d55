"""CVAT for video, worked out by hand."""

from absl.testing import absltest

from fsn_tf import errors
from fsn_tf.annotations import cvat
from fsn_tf.annotations import labelings
from tests.kit import temporary_files

_TASK = (
    "<annotations><meta><task><name>n</name><size>{size}</size>{more}"
    "<source>a.mp4</source></task></meta>{tracks}</annotations>"
)


def _track(*shapes):
    boxes = "".join(f'<box frame="{x}" outside="{y}"/>' for x, y in shapes)
    return f'<track id="0" label="serve">{boxes}</track>'


class ReadTest(temporary_files.TestCase):
    def _read(self, tracks, *, size=100, more="", rates=None):
        text = _TASK.format(size=size, more=more, tracks=tracks)
        rates = rates or labelings.Rates(25.0)
        return cvat.read(self.write("x.xml", text), rates)

    def _times(self, found):
        return [(x.start_seconds, x.end_seconds) for x in found.instances]

    def test_lasts_from_inside_to_outside_or_to_the_end(self):
        found = self._read(_track((30, 0), (40, 0), (66, 1), (90, 0)))
        self.assertEqual(self._times(found), [(1.2, 2.64), (3.6, 4.0)])
        self.assertEqual(found.stated["a"].num_frames, 100)

    def test_a_filter_of_frames_scales_them(self):
        more = (
            "<start_frame>10</start_frame><frame_filter>step=5</frame_filter>"
        )
        found = self._read(_track((1, 0), (3, 1)), size=4, more=more)
        # Frames 10 + 5 and 10 + 15.
        self.assertEqual(self._times(found), [(0.6, 1.0)])
        self.assertIsNone(found.stated["a"].num_frames)

    def test_names_what_is_wrong(self):
        for tracks, more, message in (
            ("<image id='0'/>", "", "export the task as CVAT for video"),
            (_track(("x", 0)), "", "frame to be a whole number, got 'x'"),
            ("", "<frame_filter>odd</frame_filter>", "such as step=5"),
        ):
            with self.assertRaises(errors.InputError) as caught:
                self._read(tracks, more=more)
            self.assertIn(message, str(caught.exception))

    def test_asks_for_the_rate(self):
        with self.assertRaisesRegex(errors.InputError, "their rate is not"):
            self._read(_track((1, 0)), rates=labelings.Rates())


if __name__ == "__main__":
    absltest.main()
