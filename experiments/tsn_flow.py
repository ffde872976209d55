"""TSN flow on UCF101; --init_from an RGB network as TSN does."""

from fsn_tf import experiment

EXPERIMENT = experiment.like(
    __file__,
    "tsn_rgb",
    stream="flow",
    dropout=0.7,
    crop_scales=(1.0, 0.875, 0.75),
    steps=18_000,
    learning_rate=0.005,
    learning_rate_steps=(10_000, 16_000),
    gradient_clip=20.0,
)
