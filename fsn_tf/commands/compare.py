r"""Compares two results: is the difference more than chance?

    fsn compare --results=RESULTS/rgb,RESULTS/fused --out=COMPARISON

Both are folders that fsn evaluate wrote, of the same ground truth and
protocol; nothing is evaluated again. The test videos are drawn again with
replacement, the same ones for both (a paired bootstrap). Frame mAP has no
interval, as its frames are not among the results.
"""

from absl import flags

from fsn_tf import errors
from fsn_tf import files
from fsn_tf.commands import shared_flags
from fsn_tf.reports import comparison
from fsn_tf.reports import report

FLAGS = flags.FlagValues()
_RESULTS = flags.DEFINE_list(
    "results",
    None,
    "Two folders of results, the second to be compared with the first.",
    required=True,
    flag_values=FLAGS,
)
_NUM_RESAMPLES = shared_flags.num_resamples(FLAGS)
_SEED = shared_flags.seed(FLAGS, "Of the draws.")
_OUT = shared_flags.out(
    FLAGS,
    "Folder for comparison.json and comparison.md; nothing is written "
    "without it.",
    required=False,
)


def main() -> None:
    """Compares two results."""
    if len(_RESULTS.value) != 2:
        raise errors.UsageError(
            f"--results needs two folders with a comma between them, got "
            f"{len(_RESULTS.value)}"
        )
    if _OUT.value is not None:
        files.check_writable(_OUT.value)
    found = comparison.compare(
        *_RESULTS.value, num_resamples=_NUM_RESAMPLES.value, seed=_SEED.value
    )
    if _OUT.value is not None:
        comparison.write(_OUT.value, found)
    print("\n".join(comparison.setting(found)))
    print(report.text_table(comparison.table(found)))
