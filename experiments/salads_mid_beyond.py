"""50 Salads, mid granularity, beyond the paper: minutes of context, refined.

Published on the same features: ED-TCN 64.7 accuracy, 59.8 edit, 68.0, 63.9 and
52.6 F1 at 10, 25 and 50. Residual layers, the further stages and the loss that
smooths are MS-TCN's (Farha and Gall 2019).
"""

from fsn_tf import experiment

EXPERIMENT = experiment.like(
    __file__,
    "salads_mid_fsn",
    temporal_filters=32,
    temporal_dilations=(1, 2, 4, 8, 16, 32, 64),
    temporal_residual=True,
    refinement_stages=2,
    smoothing_weight=0.15,
    clip_frames=256,
    learning_rate=0.1,
    learning_rate_steps=(600,),
    gradient_clip=2.0,
    steps=750,
    checkpoint_steps=750,
)
