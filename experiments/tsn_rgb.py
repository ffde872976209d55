"""TSN RGB on UCF101, which FSN and WFSN start from (Wang et al., 2016)."""

from fsn_tf.experiment import Experiment

EXPERIMENT = Experiment(
    network="tsn",
    segments=3,
    balance=False,
    batch_size=128,
    steps=4500,
    learning_rate=0.001,
    learning_rate_steps=(1500, 3500),
    gradient_clip=40.0,
)
