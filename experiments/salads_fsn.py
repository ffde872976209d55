"""50 Salads, mid granularity: the temporal CNN on given frame scores.

Dilated TCN's published row on richer features: 59.3 accuracy, 43.1 edit, 52.2,
47.6 and 37.4 F1 at 10, 25 and 50.
"""

from fsn_tf.experiment import Experiment

EXPERIMENT = Experiment(
    stream="features",
    snippet_frames=1,
    clip_frames=64,
    window_stride=1,
    min_action_frames=1,
    balance=False,
    temporal_filters=64,
    dropout=0.0,
    learning_rate=0.003,
    loss_reduction="mean",
    steps=1000,
    checkpoint_steps=1000,
)
