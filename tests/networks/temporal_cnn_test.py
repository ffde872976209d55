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


def _change_by_an_impulse(dilations, stages=0):
    inputs = keras.Input((None, 4))
    options = {"filters": 8, "dilations": dilations}
    outputs = temporal_cnn.temporal_cnn(inputs, 3, **options)
    *_, last = temporal_cnn.refined(outputs, stages, **options)
    model = keras.Model(inputs, last)
    if stages:
        # What the stages start with is too small to show in their softmax.
        rng = np.random.default_rng(0)
        model.set_weights(
            [rng.normal(0, 0.3, size=w.shape) for w in model.weights]
        )
    impulse = np.zeros((1, 41, 4), "float32")
    impulse[0, 20] = 1
    change = model(impulse) - model(np.zeros_like(impulse))
    return np.flatnonzero(np.abs(change).sum(axis=(0, 2)))


def _dilated(x, kernel, bias, rate):
    """(N, D) -> (N, filters), zeros beyond the ends."""
    padded = np.pad(x, ((rate, rate), (0, 0)))
    taps = [padded[tap * rate :][: len(x)] @ kernel[tap] for tap in range(3)]
    return sum(taps) + bias


def _residual_stage(x, weights, dilations):
    """MS-TCN's single stage, from weights by the names of their layers."""
    x = x @ weights["temporal_width"][0][0] + weights["temporal_width"][1]
    for depth, rate in enumerate(dilations, start=1):
        kernel, bias = weights[f"temporal_conv{depth}"]
        seen = np.maximum(_dilated(x, kernel, bias, rate), 0)
        mix, mix_bias = weights[f"temporal_mix{depth}"]
        x = x + seen @ mix[0] + mix_bias
    return x @ weights["scores"][0][0] + weights["scores"][1]


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
            expected = np.maximum(_dilated(expected, kernel, bias, rate), 0)
        expected = expected @ weights[6][0] + weights[7]

        np.testing.assert_allclose(
            model(features)[0], expected, rtol=1e-4, atol=1e-4
        )

    def _random(self, outputs, inputs):
        """(model, {layer name: its random weights})."""
        model, rng = keras.Model(inputs, outputs), np.random.default_rng(2)
        model.set_weights([rng.normal(size=w.shape) for w in model.weights])
        layers = [layer for layer in model.layers if layer.weights]
        return model, {layer.name: layer.get_weights() for layer in layers}

    def test_residual_layers_add_to_what_they_see(self):
        features = np.random.default_rng(1).normal(size=(1, 12, 4))
        inputs = keras.Input((None, 4))
        outputs = temporal_cnn.temporal_cnn(
            inputs, 3, filters=5, dilations=(1, 4, 16), residual=True
        )
        model, weights = self._random(outputs, inputs)

        expected = _residual_stage(features[0], weights, (1, 4, 16))

        np.testing.assert_allclose(model(features)[0], expected, rtol=1e-4)

    def test_residual_layers_need_convolutions_to_be_any(self):
        inputs = keras.Input((None, 4))
        outputs = temporal_cnn.temporal_cnn(
            inputs, 3, filters=5, dilations=(), residual=True
        )
        _, weights = self._random(outputs, inputs)
        self.assertEqual(list(weights), ["scores"])

    def test_stages_refine_the_softmax_of_the_stage_before(self):
        logits = np.random.default_rng(1).normal(size=(1, 12, 3))
        inputs = keras.Input((None, 3))
        outputs = temporal_cnn.refined(inputs, 2, filters=5, dilations=(1, 2))
        model, weights = self._random(outputs, inputs)

        found = model(logits)

        self.assertLen(found, 3)
        np.testing.assert_allclose(found[0], logits, rtol=1e-6)
        for stage in (2, 3):
            before = np.exp(found[stage - 2][0])
            prefix = f"stage{stage}_"
            expected = _residual_stage(
                before / before.sum(-1, keepdims=True),
                {
                    name.removeprefix(prefix): value
                    for name, value in weights.items()
                    if name.startswith(prefix)
                },
                (1, 2),
            )
            np.testing.assert_allclose(
                found[stage - 1][0], expected, rtol=1e-4, atol=1e-4
            )

    def test_context_grows_with_the_stages(self):
        seen = _change_by_an_impulse((1, 2), stages=2)
        self.assertEqual((seen.min(), seen.max()), (11, 29))
        self.assertEqual(temporal_cnn.context_snippets((1, 2), 2), 9 + 1)

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
