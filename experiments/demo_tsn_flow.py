"""TSN flow on the trimmed clips of the embedded benchmark."""

from fsn_tf import experiment

EXPERIMENT = experiment.like(
    __file__, "demo_tsn_rgb", stream="flow", gradient_clip=20.0
)
