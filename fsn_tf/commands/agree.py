r"""Compares two annotations of the same videos: how well do they agree?

    fsn agree --annotations=FIRST.csv,SECOND.csv --out=AGREEMENT

Nothing that learns from one annotator can be expected to agree better with
another than they do among themselves. Prints kappa of the frames, F1 of the
instances, and by how many frames starts and ends differ.
"""

from absl import flags

from fsn_tf import errors
from fsn_tf import files
from fsn_tf.commands import shared_flags

FLAGS = flags.FlagValues()
_ANNOTATIONS = flags.DEFINE_list(
    "annotations",
    None,
    "Two annotations, one of each annotator: THUMOS'14 kit folders, "
    "ActivityNet JSON or CSV files.",
    required=True,
    flag_values=FLAGS,
)
_SUBSET = shared_flags.subset(
    FLAGS, "Which videos of an ActivityNet JSON count, such as validation."
)
_FPS = flags.DEFINE_float(
    "fps",
    25.0,
    "Frames per second in which frames and offsets count.",
    lower_bound=0.001,
    flag_values=FLAGS,
)
_OUT = shared_flags.out(
    FLAGS,
    "Folder for agreement.json and agreement.md; nothing is written without "
    "it.",
    required=False,
)


def main() -> None:
    """Compares two annotations."""
    if len(_ANNOTATIONS.value) != 2 or not all(_ANNOTATIONS.value):
        raise errors.UsageError(
            "--annotations needs two paths with a comma between them, got "
            f"{len(list(filter(None, _ANNOTATIONS.value)))}"
        )
    # Loaded only now, so that --help answers at once.
    from fsn_tf import annotations
    from fsn_tf.evaluation import agreement
    from fsn_tf.reports import agreement_report
    from fsn_tf.reports import report

    if _OUT.value is not None:
        files.check_writable(_OUT.value)
    first, second = (
        annotations.read(path, subset=_SUBSET.value)
        for path in _ANNOTATIONS.value
    )
    found = agreement.agreement(first, second, fps=_FPS.value)
    if _OUT.value is not None:
        agreement_report.write(_OUT.value, found)
    for note in found["notes"]:
        print(f"note: {note}")
    print(agreement_report.setting(found))
    tables = map(report.text_table, agreement_report.tables(found))
    print("\n\n".join(tables))
