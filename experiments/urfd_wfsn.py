"""RGB WFSN w GMP on UR Fall, from labels of whole videos."""

from fsn_tf.experiment import Experiment

EXPERIMENT = Experiment(
    network="wfsn",
    stream="features",
    temporal_filters=128,
    segments=32,
    dropout=0.5,
    batch_size=8,
    learning_rate=0.003,
    steps=200,
    checkpoint_steps=200,
)
