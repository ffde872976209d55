"""RGB WFSN that pools by the mean of the larger half, on UR Fall."""

from fsn_tf import experiment

EXPERIMENT = experiment.like(
    __file__, "urfd_wfsn", pooling="top_k", pooling_share=0.5
)
