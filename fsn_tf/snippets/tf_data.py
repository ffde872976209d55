"""How tf.data is asked to work."""

import tensorflow as tf


def untuned(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """A dataset that tf.data does not tune while it runs.

    Its thread for that sleeps up to a minute at a time, and an iterator is
    not gone before the thread has woken up.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    # What is mapped runs side by side; its parts are too small to be shared.
    options.threading.max_intra_op_parallelism = 1
    # They copy all tensors that are taken from outside, such as a whole set.
    options.experimental_optimization.apply_default_optimizations = False
    return dataset.with_options(options)
