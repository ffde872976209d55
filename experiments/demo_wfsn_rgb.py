"""RGB WFSN w GMP (Tables 3 and 5) on the embedded benchmark.

On features of TSN that are kept, so that all of the 2D CNN is frozen.
"""

from fsn_tf.experiment import Experiment

EXPERIMENT = Experiment(
    network="wfsn",
    stream="features",
    temporal_filters=128,
    dropout=0.0,
    learning_rate=0.003,
    steps=300,
    checkpoint_steps=100,
)
