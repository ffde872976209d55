"""FSN RGB on the embedded benchmark: a small network, minutes on a CPU."""

from fsn_tf.experiment import Experiment

EXPERIMENT = Experiment(
    backbone="tiny",
    temporal_filters=64,
    image_size=72,
    dropout=0.0,
    learning_rate=0.002,
    steps=600,
)
