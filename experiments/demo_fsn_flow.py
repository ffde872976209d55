"""FSN Flow (Tables 1 and 2) on the embedded benchmark."""

from fsn_tf import experiment

EXPERIMENT = experiment.like(__file__, "demo", stream="flow", steps=600)
