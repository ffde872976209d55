"""The head without temporal context on UR Fall, of the paper's windows."""

from fsn_tf import experiment

EXPERIMENT = experiment.like(
    __file__, "urfd_without_temporal_cnn", min_action_frames=5
)
