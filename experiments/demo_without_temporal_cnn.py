"""FSN w/o temporal CNN (Table 4) on the embedded benchmark."""

from fsn_tf.experiment import Experiment

EXPERIMENT = Experiment(
    backbone="tiny",
    batch_norm="all",
    temporal_dilations=(),
    dropout=0.0,
    image_size=72,
    crop_scales=(1.0, 0.875),
    window_stride=5,
    learning_rate=0.0003,
    steps=1600,
    checkpoint_steps=200,
)
