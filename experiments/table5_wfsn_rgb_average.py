"""RGB WFSN w GAP: 9.8 segment mAP at 0.5 (Table 5)."""

from fsn_tf import experiment

EXPERIMENT = experiment.like(__file__, "table3_wfsn_rgb", pooling="average")
