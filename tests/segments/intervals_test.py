"""Intervals and frames, checked by hand and against other formulations."""

import itertools

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import annotations
from fsn_tf import segments
from tests.kit import shared_data


class TiouTest(parameterized.TestCase):
    @parameterized.parameters(
        ((0, 4), (2, 6), 2 / 6),
        ((0, 4), (1, 2), 1 / 4),
        ((0, 4), (0, 4), 1),
        ((0, 4), (4, 6), 0),
        ((0, 4), (5, 6), 0),
        ((4, 0), (2, 6), 2 / 6),  # The end points come in either order.
        ((3, 3), (3, 3), 0),
    )
    def test_is_overlap_over_union(self, first, second, expected):
        self.assertAlmostEqual(float(segments.tiou(*first, *second)), expected)
        self.assertAlmostEqual(float(segments.tiou(*second, *first)), expected)

    def test_compares_all_with_all_by_broadcasting(self):
        start, end = np.array([0.0, 1, 7]), np.array([2.0, 4, 9])
        table = segments.tiou(start[:, None], end[:, None], start, end)
        expected = [[1, 1 / 4, 0], [1 / 4, 1, 0], [0, 0, 1]]
        np.testing.assert_allclose(table, expected)


class FrameSpanTest(parameterized.TestCase):
    @parameterized.parameters(
        # r(25 * 0.2) = 5 and r(25 * 0.4) = 10: frames 5..10 counted from 1.
        (0.2, 0.4, (4, 10)),
        # 2.5 and 3.5 round away from zero; round() would give 2 and 4.
        (0.1, 0.14, (2, 4)),
        # Frame 0 does not exist; the first frame is frame 1.
        (0.0, 0.04, (0, 1)),
        # The video has 100 frames.
        (3.0, 9.0, (74, 100)),
    )
    def test_rounds_halves_away_from_zero(self, start, end, expected):
        span = segments.frame_span(start, end, num_frames=100, fps=25)
        self.assertEqual(span, expected)

    @parameterized.parameters((5.0, 6.0), (0.0, 0.0))
    def test_is_empty_where_no_frame_is_left(self, start, end):
        first, stop = segments.frame_span(start, end, num_frames=100, fps=25)
        self.assertGreaterEqual(first, stop)

    def test_rounds_down_the_float_just_below_a_half(self):
        below = np.nextafter(0.5, 0)
        first, stop = segments.frame_span(below, below, num_frames=9, fps=1)
        self.assertGreaterEqual(first, stop)


class FrameLabelsTest(absltest.TestCase):
    def test_shows_two_classes_in_one_frame(self):
        instances = [
            segments.Instance("v", "Dive", 1, 3),
            segments.Instance("v", "Jump", 2, 2),
            segments.Instance("v", "Dive", 5, 9),
        ]
        labels = segments.frame_labels(
            instances, ("Jump", "Dive"), num_frames=6, fps=1
        )
        jump, dive = [0, 1, 0, 0, 0, 0], [1, 1, 1, 0, 1, 1]
        np.testing.assert_array_equal(labels.T, np.array([jump, dive], bool))

    def test_equals_the_published_labels_in_every_entry(self):
        published = np.load(
            shared_data.path("thumos14/frame_labels/frame_labels_first100.npz")
        )
        truth = annotations.read(shared_data.path("thumos14/annotation_test"))
        columns = published["columns"].tolist()
        matrix = np.unpackbits(published["packed"], axis=1, count=len(columns))
        stops = np.cumsum(published["n_frames"])[:-1]
        for video, expected in zip(
            published["video"], np.split(matrix, stops), strict=True
        ):
            drawn = segments.frame_labels(
                [
                    each
                    for each in (*truth.instances, *truth.ambiguous)
                    if each.video == video
                ],
                columns,
                num_frames=len(expected),
                fps=25,
            )
            np.testing.assert_array_equal(drawn, expected, err_msg=video)


class RunsTest(absltest.TestCase):
    def test_equals_groupby_row_by_row(self):
        mask = np.random.default_rng(0).random((40, 17)) < 0.6
        mask[0], mask[1] = True, False

        expected = []
        for row, frames in enumerate(mask):
            for value, group in itertools.groupby(
                range(17), key=lambda frame, frames=frames: frames[frame]
            ):
                members = list(group)
                if value:
                    expected.append((row, members[0], members[-1] + 1))

        found = np.stack(segments.runs(mask), axis=1)
        np.testing.assert_array_equal(found, expected)

    def test_finds_none_in_no_frames(self):
        for column in segments.runs(np.zeros((3, 0), bool)):
            self.assertEmpty(column)


class SecondsTest(absltest.TestCase):
    def test_a_run_lasts_as_long_as_its_frames(self):
        # Ten frames at 25 fps take 0.4 s.
        np.testing.assert_allclose(segments.seconds([5, 15], 25), [0.2, 0.6])


if __name__ == "__main__":
    absltest.main()
