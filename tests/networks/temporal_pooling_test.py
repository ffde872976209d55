"""Pooling by the largest scores, checked against NumPy and the paper's two."""

import dataclasses

from absl.testing import absltest
from absl.testing import parameterized
import keras
import numpy as np
import tensorflow as tf

from fsn_tf.experiment import Experiment
from fsn_tf.networks import temporal_pooling
from tests.kit import temporary_files


def _top(share, values):
    return temporal_pooling.GlobalTopPooling1D(share)(values)


class GlobalTopPooling1DTest(parameterized.TestCase):
    def test_averages_the_largest_of_each_channel(self):
        values = [[[1, 0], [4, -8], [2, -2], [0, -6], [3, -4.0]]]
        pooled = _top(0.4, np.array(values, "float32"))
        np.testing.assert_array_equal(pooled, [[3.5, -1]])

    @parameterized.parameters(
        (0.1, 30, 3), (0.25, 10, 3), (0.3, 5, 2), (0.01, 7, 1), (0.7, 10, 7)
    )
    def test_equals_a_sort_in_numpy(self, share, size, k):
        values = np.random.default_rng(0).normal(size=(2, size, 3))
        expected = np.sort(values, axis=1)[:, -k:].mean(axis=1)
        np.testing.assert_allclose(_top(share, values), expected, rtol=1e-5)

    def test_lies_between_the_poolings_of_the_paper(self):
        values = np.random.default_rng(1).normal(size=(2, 9, 3))
        maximum = keras.layers.GlobalMaxPooling1D()(values)
        np.testing.assert_array_equal(_top(0.05, values), maximum)
        average = keras.layers.GlobalAveragePooling1D()(values)
        np.testing.assert_allclose(_top(1.0, values), average, rtol=1e-5)

    def test_teaches_each_of_the_largest_alike(self):
        values = tf.constant([[[1.0], [4], [2], [0], [3]]])
        with tf.GradientTape() as tape:
            tape.watch(values)
            pooled = _top(0.4, values)
        gradient = tape.gradient(pooled, values)
        np.testing.assert_array_equal(gradient[0, :, 0], [0, 0.5, 0, 0, 0.5])

    def test_takes_any_length_in_a_graph(self):
        layer = temporal_pooling.GlobalTopPooling1D(0.5)
        pooled = tf.function(layer, [tf.TensorSpec((None, None, 2))])
        for size in (2, 4, 8):
            values = np.random.default_rng(size).normal(size=(3, size, 2))
            expected = np.sort(values, axis=1)[:, -size // 2 :].mean(axis=1)
            np.testing.assert_allclose(
                pooled(values.astype("float32")), expected, rtol=1e-5
            )


class SavedTest(temporary_files.TestCase):
    def test_survives_a_model_file(self):
        inputs = keras.Input((None, 2))
        outputs = temporal_pooling.GlobalTopPooling1D(0.3)(inputs)
        self.assertEqual(outputs.shape, (None, 2))
        path = self.folder / "model.keras"
        keras.Model(inputs, outputs).save(path)
        values = np.random.default_rng(2).normal(size=(1, 10, 2))
        loaded = keras.saving.load_model(path)
        np.testing.assert_array_equal(loaded(values), _top(0.3, values))


class TemporalPoolingTest(absltest.TestCase):
    def test_takes_the_share_of_the_experiment(self):
        experiment = Experiment(
            network="wfsn", pooling="top_k", pooling_share=0.5
        )
        values = np.array([[[1], [5], [3], [2.0]]], "float32")
        for share, expected in ((0.5, 4), (0.75, 10 / 3), (1.0, 2.75)):
            chosen = dataclasses.replace(experiment, pooling_share=share)
            pooled = temporal_pooling.temporal_pooling(values, chosen)
            np.testing.assert_allclose(pooled, [[expected]], rtol=1e-6)


if __name__ == "__main__":
    absltest.main()
