"""RGB WFSN that pools by the mean of the larger half; not in the paper.

Compare with Table 5's two poolings on the embedded benchmark.
"""

from fsn_tf import experiment

EXPERIMENT = experiment.like(
    __file__, "demo_wfsn_rgb", pooling="top_k", pooling_share=0.5
)
