"""The flow half of WFSN: 16.8 segment mAP at 0.5 (Table 3)."""

from fsn_tf import experiment

EXPERIMENT = experiment.like(
    __file__, "table1_fsn_flow", network="wfsn", freeze_through="inception_3c"
)
