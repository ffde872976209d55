"""Flow of a stream of frames, some pairs at a time."""

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf.videos import flow
from fsn_tf.videos import snippet_images
from tests.kit import textures


def _frames(count):
    """Frame k is a plain gray of 10 * k."""
    for k in range(count):
        yield k, np.full((4, 6, 3), 10 * k, np.uint8)


class FlowsTest(parameterized.TestCase):
    @parameterized.parameters((1, 1), (2, 1), (6, 1), (6, 2), (6, 5), (6, 9))
    def test_lead_from_each_frame_to_the_next(self, num_frames, at_once):
        asked = []

        def between(firsts, seconds):
            asked.extend(zip(firsts[:, 0, 0], seconds[:, 0, 0], strict=True))
            self.assertLessEqual(len(firsts), at_once)
            # A pixel to the right for frame 0, two for frame 1 ...
            right = firsts / 10 + 1
            return np.stack([right, 0 * right], axis=-1).astype(np.float32)

        method = flow.Method(between, at_once)
        found = list(snippet_images.flows(_frames(num_frames), method))

        ends = [10 * k for k in range(num_frames)]
        self.assertEqual(asked, list(zip(ends, ends[1:], strict=False)))
        # The last frame repeats the one before; alone it has not moved.
        pixels = [*range(1, num_frames), num_frames - 1]
        self.assertLen(found, num_frames)
        for moved, right in zip(found, pixels, strict=True):
            np.testing.assert_array_equal(
                moved, np.broadcast_to(flow.quantized([right, 0]), (4, 6, 2))
            )

    def test_by_opencv_are_those_of_its_pairs(self):
        grays = [textures.texture(right) for right in (0, 1, 3)]
        frames = ((k, np.stack([x] * 3, -1)) for k, x in enumerate(grays))
        found = list(snippet_images.flows(frames, flow.opencv("dis")))
        for moved, pair in zip(found, ((0, 1), (1, 2), (1, 2)), strict=True):
            between = flow.dis(*(grays[k] for k in pair))
            np.testing.assert_array_equal(moved, flow.quantized(between))


if __name__ == "__main__":
    absltest.main()
