"""FSN w/o temporal CNN (Table 4) on the embedded benchmark."""

from fsn_tf import experiment

EXPERIMENT = experiment.like(__file__, "demo", temporal_dilations=())
