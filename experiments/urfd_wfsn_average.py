"""RGB WFSN w GAP on UR Fall."""

from fsn_tf import experiment

EXPERIMENT = experiment.like(__file__, "urfd_wfsn", pooling="average")
