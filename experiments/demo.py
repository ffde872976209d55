"""FSN RGB on the embedded benchmark: a small network, minutes on a CPU."""

from fsn_tf.experiment import Experiment

EXPERIMENT = Experiment(
    backbone="tiny",
    batch_norm="all",
    temporal_filters=128,
    dropout=0.0,
    image_size=72,
    crop_scales=(1.0, 0.875),
    window_stride=5,
    learning_rate=0.0005,
    steps=1200,
    checkpoint_steps=200,
)
