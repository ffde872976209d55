"""FSN on kept features of UR Fall; also of windows that show no action."""

from fsn_tf.experiment import Experiment

EXPERIMENT = Experiment(
    stream="features",
    clip_frames=75,
    window_stride=5,
    min_action_frames=0,
    balance=False,
    temporal_filters=128,
    dropout=0.5,
    batch_size=8,
    learning_rate=0.01,
    loss_reduction="mean",
    steps=300,
    checkpoint_steps=300,
)
