"""TSN RGB on the trimmed clips of the embedded benchmark."""

from fsn_tf.experiment import Experiment

EXPERIMENT = Experiment(
    network="tsn",
    segments=3,
    backbone="tiny",
    batch_norm="all",
    balance=False,
    dropout=0.0,
    image_size=72,
    crop_scales=(1.0, 0.875),
    batch_size=16,
    steps=450,
    learning_rate=0.01,
    learning_rate_steps=(300,),
    gradient_clip=40.0,
    checkpoint_steps=150,
)
