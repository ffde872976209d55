"""FSN Flow: 41.4 frame mAP (Table 1), 20.0 segment mAP at 0.5 (Table 2)."""

from fsn_tf.experiment import Experiment

EXPERIMENT = Experiment(
    stream="flow", dropout=0.7, crop_scales=(1.0, 0.875, 0.75)
)
