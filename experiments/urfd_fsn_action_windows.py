"""FSN on UR Fall, of the paper's windows: 5 frames of action and more."""

from fsn_tf import experiment

EXPERIMENT = experiment.like(__file__, "urfd_fsn", min_action_frames=5)
