"""Labels put right by time stamps, worked out by hand."""

from absl.testing import absltest

from fsn_tf import segments
from fsn_tf.annotations import labelings
from fsn_tf.datasets import retiming

# Ten frames at 10 a second, then five at 5.
_VARIABLE = retiming.RealTimes(
    tuple(x / 10 for x in range(10)) + tuple(1 + x / 5 for x in range(5)), 2.0
)
# Four frames at 2 a second, after half a second of sound alone.
_LATE = retiming.RealTimes((0.5, 1.0, 1.5, 2.0), 2.5)


def _labeling(start, end, stated):
    found = labelings.of_annotations(
        "x", segments.Annotations.from_rows([("a", "serve", start, end)])
    )
    found.stated["a"] = stated
    return found


class RetimeTest(absltest.TestCase):
    def _retimed(self, start, end, stated, real):
        found = _labeling(start, end, stated)
        retiming.retime(found, "a", real)
        (one,) = found.instances
        return one.start_seconds, one.end_seconds

    def test_frames_lie_where_they_appear(self):
        stated = labelings.Stated(fps=10.0, in_frames=True)
        # Frames 5 to 11 of the file, the twelfth excluded.
        times = self._retimed(0.5, 1.2, stated, _VARIABLE)
        self.assertEqual(times, (0.5, 1.4))
        self.assertEqual(self._retimed(0, 1.5, stated, _VARIABLE), (0, 2.0))
        late = labelings.Stated(fps=2.0, in_frames=True)
        self.assertEqual(self._retimed(0, 1.0, late, _LATE), (0.5, 1.5))

    def test_past_the_last_frame_is_the_end(self):
        stated = labelings.Stated(fps=10.0, in_frames=True)
        found = _labeling(1.0, 9.0, stated)
        retiming.retime(found, "a", _VARIABLE)
        self.assertEqual(found.instances[0].end_seconds, 2.0)
        self.assertEqual(sum(found.losses.values()), 1)

    def test_seconds_move_only_where_the_length_is_the_picture_s(self):
        for seconds, expected in ((2.0, 1.5), (2.5, 1.0), (None, 1.0)):
            stated = labelings.Stated(seconds=seconds)
            start, _ = self._retimed(1.0, 1.5, stated, _LATE)
            self.assertEqual(start, expected)
        # There is nothing to move in a video that starts at once.
        stated = labelings.Stated(seconds=1.0)
        self.assertEqual(self._retimed(1, 2, stated, _VARIABLE), (1, 2))


if __name__ == "__main__":
    absltest.main()
