r"""Compares results: is a difference more than chance?

    fsn compare --results=RESULTS/rgb,RESULTS/fused --out=COMPARISON

All are folders that fsn evaluate wrote, of the same ground truth and
protocol; nothing is evaluated again. The test videos are drawn again with
replacement, the same ones for all (a paired bootstrap). Of three or more each
is compared with each, and p corrected for how many pairs there are (Holm).
Frames are not among the results: frame mAP, multilabel and oad need results of
fsn evaluate --meaning with the same --num_resamples and --seed.
"""

from absl import flags

from fsn_tf import errors
from fsn_tf import files
from fsn_tf.commands import shared_flags
from fsn_tf.reports import comparison
from fsn_tf.reports import comparison_report
from fsn_tf.reports import report

FLAGS = flags.FlagValues()
_RESULTS = flags.DEFINE_list(
    "results",
    None,
    "Folders of results; of two the second is compared with the first, of "
    "more each with each.",
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
    if len(_RESULTS.value) < 2:
        raise errors.UsageError(
            "--results needs two folders or more with commas between them, "
            f"got {len(_RESULTS.value)}"
        )
    if _OUT.value is not None:
        files.check_writable(_OUT.value)
    draws = {"num_resamples": _NUM_RESAMPLES.value, "seed": _SEED.value}
    if len(_RESULTS.value) == 2:
        found = comparison.compare(*_RESULTS.value, **draws)
    else:
        found = comparison.compare_all(_RESULTS.value, **draws)
    if _OUT.value is not None:
        comparison_report.write(_OUT.value, found)
    print("\n".join(comparison_report.setting(found)))
    tables = map(report.text_table, comparison_report.tables(found))
    print("\n\n".join(tables))
