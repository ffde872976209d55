"""What a network sees of a video."""

from unittest import mock

from absl.testing import absltest
import numpy as np

from fsn_tf.timeline import stream_models
from tests.kit import textures


class FlowTest(absltest.TestCase):
    def test_on_tensorflow_is_that_of_opencv(self):
        frames = [textures.texture(step, size=(18, 20)) for step in range(4)]
        model = mock.Mock(card={"snippet_frames": 2, "frame_size": [20, 18]})
        stacks = []
        for model.flow in ("tvl1", "tvl1_tensorflow"):
            colored = enumerate(np.stack([x] * 3, -1) for x in frames)
            snippets = stream_models.StreamModel.snippets(model, colored)
            stacks.append(np.stack(list(snippets)).astype(int))
        self.assertEqual(stacks[0].shape, (2, 18, 20, 4))
        self.assertLess((np.abs(np.subtract(*stacks)) > 1).mean(), 0.01)
        self.assertGreater(np.abs(stacks[0] - 128).max(), 4)


if __name__ == "__main__":
    absltest.main()
