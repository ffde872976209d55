"""50 Salads, mid granularity: FSN's temporal CNN on a spatial CNN's features.

Published on the same features: Dilated TCN 59.3 accuracy, 43.1 edit, 52.2, 47.6
and 37.4 F1 at 10, 25 and 50. Chosen on a part of the training videos alone.
"""

from fsn_tf.experiment import Experiment

EXPERIMENT = Experiment(
    stream="features",
    snippet_frames=1,
    clip_frames=128,
    window_stride=1,
    min_action_frames=1,
    balance=False,
    batch_size=4,
    temporal_filters=64,
    dropout=0.5,
    learning_rate=0.03,
    learning_rate_steps=(300,),
    loss_reduction="mean",
    steps=450,
    checkpoint_steps=450,
)
