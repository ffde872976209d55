"""Batches of crops as fsn train draws them, without any network.

training_input.py PREPARED ANNOTATIONS.csv
"""

import sys

import answering
import shapes


def make():
    from fsn_tf import annotations
    from fsn_tf import quietly
    from fsn_tf.experiment import Experiment

    quietly.imported("tensorflow")
    from fsn_tf.training import pipeline
    from fsn_tf.training import training_sets

    experiment = Experiment(batch_size=shapes.INPUT_CLIPS)
    data = training_sets.load_windows(
        sys.argv[1], annotations.read(sys.argv[2]), experiment
    )
    batches = data.batches(experiment)(0, pipeline.Share())

    def turn():
        # An iterator of each turn's own: one that lived on would work ahead
        # while others have their turns.
        for _ in batches.take(shapes.INPUT_BATCHES):
            pass

    return turn


answering.answer(make)
