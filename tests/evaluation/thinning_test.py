"""NMS of each video as it comes leaves what NMS of all together leaves."""

import dataclasses

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import segments
from fsn_tf.evaluation import cdc
from fsn_tf.evaluation import settings
from fsn_tf.evaluation import thinning
from fsn_tf.grouping import suppression

_CLASSES = ("CliffDiving", "Diving", "Run")


def _video(draw, name):
    """Random detections of one video, with ties."""
    size = int(draw.integers(0, 40))
    start = draw.integers(0, 20, size)
    return segments.Detections(
        _CLASSES,
        (name,),
        np.zeros(size, int),
        draw.integers(0, 3, size),
        start,
        start + draw.integers(0, 8, size),
        draw.integers(1, 5, size) / 4,
    )


class JoinedTest(parameterized.TestCase):
    @parameterized.product(nms=(True, False), copies=(True, False))
    def test_is_that_of_all_videos_together(self, nms, copies):
        draw = np.random.default_rng(0)
        rules = settings.Detection(
            tious=(0.1, 0.5, 0.9), nms=nms, copy_cliff_diving=copies
        )
        for _ in range(20):
            parts = [_video(draw, f"v{x}") for x in range(4)]
            everything = segments.join(parts)

            left = thinning.joined(
                [thinning.thinned(part, rules) for part in parts]
            )

            if copies:
                everything = cdc.with_copied_detections(everything)
            expected = [np.ones(len(everything), bool)] * 3
            if nms:
                # At the tIoU - 0.1 of Section 4.2.
                expected = suppression.survivors(everything, [0, 0.4, 0.8])
            for mask, kept in zip(expected, left.kept, strict=True):
                np.testing.assert_array_equal(
                    left.row[kept], np.flatnonzero(mask)
                )
                self.assertEqual(
                    left.detections.take(kept).rows(),
                    everything.take(mask).rows(),
                )
            whole = thinning.thinned(segments.join(parts), rules)
            self.assertEqual(
                dataclasses.astuple(whole)[3:], dataclasses.astuple(left)[3:]
            )


if __name__ == "__main__":
    absltest.main()
