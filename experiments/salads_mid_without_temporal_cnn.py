"""50 Salads, mid granularity: the same head without temporal context.

Published on the same features: Spatial CNN 54.9 accuracy, 24.8 edit, 32.3, 27.1
and 18.9 F1 at 10, 25 and 50.
"""

from fsn_tf import experiment

EXPERIMENT = experiment.like(__file__, "salads_mid_fsn", temporal_dilations=())
