"""An image is whole where it ends, not where its file does."""

from absl.testing import absltest
from absl.testing import parameterized
import cv2
import numpy as np

from fsn_tf.videos import image_ends

_NOISE = np.random.default_rng(0).integers(0, 255, (40, 60, 3), np.uint8)
_PROGRESSIVE = (cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
_RESTARTS = (cv2.IMWRITE_JPEG_RST_INTERVAL, 1)


def _bytes(ending, *options):
    return cv2.imencode(ending, _NOISE, list(options))[1].tobytes()


class WholeTest(parameterized.TestCase):
    @parameterized.parameters(
        (".jpg", ()),
        (".jpg", _PROGRESSIVE),
        (".jpg", _RESTARTS),
        (".png", ()),
    )
    def test_may_be_followed_by_anything_and_may_not_be_cut(
        self, ending, options
    ):
        whole = _bytes(ending, *options)
        for more in (b"", b"\0" * 9, b"SEFT trailer", b"\xff\xe1", whole[:50]):
            self.assertTrue(image_ends.is_whole(whole + more))
        for size in (0, 2, 30, len(whole) // 2, len(whole) - 2):
            self.assertFalse(image_ends.is_whole(whole[:size]), size)

    def test_looks_past_the_small_picture_within(self):
        whole, small = _bytes(".jpg"), _bytes(".jpg", *_PROGRESSIVE)
        size = (len(small) + 2).to_bytes(2, "big")
        with_small = whole[:2] + b"\xff\xe1" + size + small + whole[2:]
        self.assertTrue(image_ends.is_whole(with_small + b"more"))
        self.assertFalse(image_ends.is_whole(with_small[:-9]))

    def test_one_that_is_cut_off_by_another_is_not_whole(self):
        whole = _bytes(".jpg")
        self.assertFalse(image_ends.is_whole(whole[: len(whole) // 2] + whole))


if __name__ == "__main__":
    absltest.main()
