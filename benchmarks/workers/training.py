"""A training step of BN-Inception FSN by fsn_tf.

training.py BATCH float32|mixed
"""

import sys
import tempfile

import answering
import numpy as np
import shapes

_FACTS = {}


def make():
    import tensorflow as tf

    from fsn_tf.experiment import Experiment
    from fsn_tf.training.trainer import Trainer

    batch, precision = int(sys.argv[1]), sys.argv[2]
    experiment = Experiment(
        batch_size=batch, mixed_precision=precision == "mixed"
    )
    trainer = Trainer(experiment, shapes.CLASSES, tempfile.mkdtemp())
    images, labels = shapes.training_batch(batch)
    one = tf.data.Dataset.from_tensors(
        {
            "frames": images,
            "labels": labels,
            "weights": np.ones(labels.shape, np.float32),
            "row": np.arange(batch),
        }
    )
    # Cached, so that a step costs no copy from a constant of the graph.
    batches = trainer.batches(lambda first, share: one.repeat().prefetch(2))

    def turn():
        _FACTS["loss"] = float(trainer.run(batches, 1)[0])

    return turn


answering.answer(make, lambda: _FACTS)
