"""RGB WFSN w GAP (Table 5) on the embedded benchmark."""

from fsn_tf import experiment

EXPERIMENT = experiment.like(__file__, "demo_wfsn_rgb", pooling="average")
