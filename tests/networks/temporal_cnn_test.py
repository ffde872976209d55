"""Section 3.3, checked against formulations that share no code with it."""

from absl.testing import absltest
from absl.testing import parameterized
import keras
import numpy as np

from fsn_tf.networks import temporal_cnn


class BilinearUpSampling1DTest(parameterized.TestCase):
    @parameterized.parameters(1, 2, 3, 5)
    def test_interpolates_between_snippet_centers(self, size):
        scores = np.random.default_rng(0).normal(size=(1, 7, 1))
        centers = (np.arange(7) + 0.5) * size - 0.5

        frames = temporal_cnn.BilinearUpSampling1D(size)(scores)

        expected = np.interp(np.arange(7 * size), centers, scores[0, :, 0])
        np.testing.assert_allclose(frames[0, :, 0], expected, atol=1e-6)

    def test_gives_a_center_frame_its_snippets_score(self):
        scores = np.random.default_rng(1).normal(size=(2, 4, 3))

        frames = temporal_cnn.BilinearUpSampling1D(5)(scores)

        np.testing.assert_allclose(frames[:, 2::5], scores, atol=1e-6)

    def test_works_on_a_single_snippet(self):
        frames = temporal_cnn.BilinearUpSampling1D(5)(np.full((1, 1, 2), 3.0))

        np.testing.assert_array_equal(frames, np.full((1, 5, 2), 3.0))

    def test_accepts_any_number_of_snippets(self):
        inputs = keras.Input((None, 21))
        outputs = temporal_cnn.BilinearUpSampling1D(5)(inputs)
        self.assertEqual(outputs.shape, (None, None, 21))


def _change_by_an_impulse(dilations):
    inputs = keras.Input((None, 4))
    outputs = temporal_cnn.temporal_cnn(
        inputs, 3, filters=8, dilations=dilations
    )
    model = keras.Model(inputs, outputs)
    impulse = np.zeros((1, 41, 4), "float32")
    impulse[0, 20] = 1
    change = model(impulse) - model(np.zeros_like(impulse))
    return np.flatnonzero(np.abs(change).sum(axis=(0, 2)))


class TemporalCnnTest(absltest.TestCase):
    def test_sees_seven_snippets_each_way(self):
        seen = _change_by_an_impulse((1, 2, 4))
        self.assertEqual((seen.min(), seen.max()), (13, 27))

    def test_without_convolutions_sees_its_own_snippet_alone(self):
        np.testing.assert_array_equal(_change_by_an_impulse(()), [20])

    def test_equals_dilated_convolutions_written_out(self):
        rng = np.random.default_rng(0)
        features = rng.normal(size=(1, 9, 4)).astype("float32")
        inputs = keras.Input((None, 4))
        model = keras.Model(
            inputs, temporal_cnn.temporal_cnn(inputs, 3, filters=5)
        )
        weights = [rng.normal(size=w.shape) for w in model.get_weights()]
        model.set_weights(weights)

        expected = features[0]
        for kernel, bias, rate in zip(
            weights[0:6:2], weights[1:6:2], (1, 2, 4), strict=True
        ):
            padded = np.pad(expected, ((rate, rate), (0, 0)))
            taps = [padded[tap * rate :][:9] @ kernel[tap] for tap in range(3)]
            expected = np.maximum(sum(taps) + bias, 0)
        expected = expected @ weights[6][0] + weights[7]

        np.testing.assert_allclose(
            model(features)[0], expected, rtol=1e-4, atol=1e-4
        )

    def test_context_covers_convolutions_and_upsampling(self):
        inputs = keras.Input((None, 4))
        x = temporal_cnn.temporal_cnn(inputs, 3, filters=8)
        model = keras.Model(inputs, temporal_cnn.BilinearUpSampling1D(5)(x))
        impulse = np.zeros((1, 61, 4), "float32")
        impulse[0, 30] = 1
        change = model(impulse) - model(np.zeros_like(impulse))
        frames = np.flatnonzero(np.abs(change).sum(axis=(0, 2)))
        reach = max(30 - frames.min() // 5, frames.max() // 5 - 30)
        self.assertEqual(temporal_cnn.context_snippets((1, 2, 4)), reach)


if __name__ == "__main__":
    absltest.main()
