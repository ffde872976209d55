"""RGB FSN w/o temporal CNN: 42.5 frame mAP, 19.7 segment mAP at 0.5."""

from fsn_tf.experiment import Experiment

EXPERIMENT = Experiment(temporal_dilations=())
