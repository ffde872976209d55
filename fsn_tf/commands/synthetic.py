r"""Renders the embedded benchmark: small untrimmed videos, annotated.

    fsn synthetic --out=demo/videos

Gives validation/ and test/ with videos, annotation_val/ and annotation_test/
in the layout of THUMOS'14; training/ with clips in class folders and splits/
with their lists in that of UCF101. The same command again renders what is
missing.
"""

from absl import flags

FLAGS = flags.FlagValues()
_OUT = flags.DEFINE_string(
    "out",
    None,
    "Folder of the benchmark, new or begun with the same flags.",
    required=True,
    flag_values=FLAGS,
)
_SEED = flags.DEFINE_integer(
    "seed", 0, "Another seed, another benchmark.", 0, flag_values=FLAGS
)
_TRAIN_VIDEOS = flags.DEFINE_integer(
    "train_videos", 24, "Videos in validation/.", 0, flag_values=FLAGS
)
_TEST_VIDEOS = flags.DEFINE_integer(
    "test_videos", 12, "Videos in test/.", 0, flag_values=FLAGS
)
_CLIPS = flags.DEFINE_integer(
    "clips_per_class",
    16,
    "Trimmed clips of each class in training/.",
    0,
    flag_values=FLAGS,
)


def main():
    """Renders what is missing of the benchmark."""
    from fsn_tf.datasets import synthetic

    synthetic.render(
        _OUT.value,
        seed=_SEED.value,
        train_videos=_TRAIN_VIDEOS.value,
        test_videos=_TEST_VIDEOS.value,
        clips_per_class=_CLIPS.value,
    )
