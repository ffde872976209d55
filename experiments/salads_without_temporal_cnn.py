"""50 Salads, mid granularity: the same head without temporal context."""

from fsn_tf import experiment

EXPERIMENT = experiment.like(__file__, "salads_fsn", temporal_dilations=())
