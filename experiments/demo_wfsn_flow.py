"""The flow half of WFSN (Table 3) on the embedded benchmark."""

from fsn_tf import experiment

EXPERIMENT = experiment.like(__file__, "demo_wfsn_rgb")
