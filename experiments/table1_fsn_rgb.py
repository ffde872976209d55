"""FSN RGB: 47.5 frame mAP (Table 1), 24.9 segment mAP at 0.5 (Table 2)."""

from fsn_tf.experiment import Experiment

EXPERIMENT = Experiment()
