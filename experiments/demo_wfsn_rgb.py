"""RGB WFSN w GMP (Tables 3 and 5) on the embedded benchmark."""

from fsn_tf import experiment

EXPERIMENT = experiment.like(
    __file__,
    "demo",
    network="wfsn",
    freeze_through="conv2",
    segments=25,
    batch_size=4,
    steps=600,
)
