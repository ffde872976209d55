r"""Renders the embedded benchmark: small untrimmed videos, annotated.

    fsn synthetic --out=demo/videos

Gives validation/ and test/ with videos, annotation_val/ and annotation_test/
in the layout of THUMOS'14; training/ with clips in class folders and splits/
with their lists in that of UCF101. The same command again renders what is
missing.
"""

from absl import flags

from fsn_tf.commands import shared_flags

FLAGS = flags.FlagValues()
_OUT = shared_flags.out(
    FLAGS, "Folder of the benchmark, new or begun with the same flags."
)
_SEED = shared_flags.seed(FLAGS, "Another seed, another benchmark.")
_TRAIN_VIDEOS = shared_flags.train_videos(
    FLAGS, "Videos in validation/.", least=0
)
_TEST_VIDEOS = shared_flags.test_videos(FLAGS, "Videos in test/.", least=0)
_CLIPS = shared_flags.clips_per_class(
    FLAGS, "Trimmed clips of each class in training/.", least=0
)


def main() -> None:
    """Renders what is missing of the benchmark."""
    from fsn_tf.datasets import synthetic

    synthetic.render(
        _OUT.value,
        seed=_SEED.value,
        train_videos=_TRAIN_VIDEOS.value,
        test_videos=_TEST_VIDEOS.value,
        clips_per_class=_CLIPS.value,
    )
