"""RGB WFSN w GMP: 11.6 segment mAP at 0.5 (Table 5); half of Table 3's WFSN."""

from fsn_tf.experiment import Experiment

EXPERIMENT = Experiment(network="wfsn", freeze_through="inception_3c")
