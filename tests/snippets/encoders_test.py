"""Features differ where something tells so, and a folder's name does not."""

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf.snippets import encoders


def _setting(**features_from):
    return {"fps": 25.0, "features_from": features_from}


class AgreedTest(parameterized.TestCase):
    @parameterized.parameters(
        ({"file": "train"}, {"file": "test"}),
        ({"file": "train"}, {"file": "x", "layout": "DT"}),
        ({"file": "train"}, {"workdir": "run", "checkpoint_sha256": "1"}),
        ({}, {"checkpoint_sha256": "1"}),
        (
            {"workdir": "old", "checkpoint_sha256": "1"},
            {"workdir": "new", "checkpoint_sha256": "1"},
        ),
    )
    def test_what_nothing_tells_apart_is_the_same(self, first, second):
        first, second = _setting(**first), _setting(**second)
        self.assertEqual(encoders.agreed(first, second), first)
        self.assertEqual(encoders.agreed(second, first), second)

    @parameterized.parameters(
        ({"checkpoint_sha256": "1"}, {"checkpoint_sha256": "2"}),
        ({"checkpoint_sha256": "1"}, {"weights_sha256": "1"}),
        ({"file": "a"}, {"file": "a", "phase": 0}),
    )
    def test_another_encoder_or_frame_stays_another(self, first, second):
        first, second = _setting(**first), _setting(**second)
        self.assertEqual(encoders.agreed(first, second), second)

    def test_leaves_streams_of_images_alone(self):
        asked = {"fps": 25.0}
        self.assertEqual(encoders.agreed(_setting(file="a"), asked), asked)


if __name__ == "__main__":
    absltest.main()
