"""FSN w/o temporal CNN (Table 4) on the embedded benchmark."""

from fsn_tf.experiment import Experiment

EXPERIMENT = Experiment(
    backbone="tiny",
    temporal_dilations=(),
    image_size=72,
    dropout=0.0,
    window_stride=5,
    learning_rate=0.0005,
    steps=1000,
    checkpoint_steps=250,
)
