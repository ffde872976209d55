"""The same head without temporal context on UR Fall."""

from fsn_tf import experiment

EXPERIMENT = experiment.like(__file__, "urfd_fsn", temporal_dilations=())
