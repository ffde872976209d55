r"""Divides annotated videos into parts, or into folds.

    fsn split --annotations=all.csv --out=parts --parts=0.8,0.2

    fsn split --annotations=all.csv --out=folds --folds=5 --group='_g(\d+)_'

A video is never cut, nor is a group of videos that belong together, such as
those of one person, place or recording: frames of either would be known
before the test. Each part gets its share of the instances of every class and
of the videos without any. Writes part-1-of-2.csv and so on, or fold-1/train
and fold-1/test, in the format of --annotations (class folders become split
lists, a folder of frame labels lists of its videos, files of labeling tools
CSVs), and split.json.
"""

import math

from absl import flags

from fsn_tf import errors
from fsn_tf import fingerprints
from fsn_tf.commands import shared_flags
from fsn_tf.datasets import part_files
from fsn_tf.datasets import part_report
from fsn_tf.datasets import splitting
from fsn_tf.reports import report

FLAGS = flags.FlagValues()
_ANNOTATIONS = shared_flags.annotations(
    FLAGS,
    "A CSV, an ActivityNet JSON or a THUMOS'14 kit folder; labels of whole "
    "videos or of frames.",
)
_OUT = shared_flags.out(FLAGS, "Folder for the parts.")
_PARTS = flags.DEFINE_list(
    "parts",
    None,
    "The share of each part; 0.8,0.2 if neither this nor --folds is given.",
    flag_values=FLAGS,
)
_FOLDS = flags.DEFINE_integer(
    "folds",
    None,
    "So many folds instead: each is tested once, the others train.",
    2,
    flag_values=FLAGS,
)
_GROUP = shared_flags.group(FLAGS)
_GROUP_COLUMN = flags.DEFINE_string(
    "group_column",
    None,
    "Column of a CSV that names the group of each video.",
    flag_values=FLAGS,
)
_SUBSET = shared_flags.subset(FLAGS, "Subset of an ActivityNet JSON.")
_BACKGROUND = shared_flags.background(
    FLAGS, "Class that is no action, where frames are labeled."
)
_SEED = shared_flags.seed(FLAGS, "Of the choice among equally even ways.")


def main() -> None:
    """Writes the parts and shows what is in them."""
    shares = _shares()
    labeled = part_files.read(
        _ANNOTATIONS.value, subset=_SUBSET.value, background=_BACKGROUND.value
    )
    groups, notes = part_files.groups(
        labeled, pattern=_GROUP.value, column=_GROUP_COLUMN.value
    )
    parts = splitting.parts(labeled.counts, groups, shares, seed=_SEED.value)
    named = splitting.named(parts, are_folds=_FOLDS.value is not None)
    is_new = part_files.write(_OUT.value, labeled, named, _facts(labeled))
    print(report.text_table(part_report.rows(labeled, parts)))
    for note in [*notes, *part_report.notes(labeled, groups, parts)]:
        print(f"note: {note}")
    written = " ".join(f"{name}{labeled.ending}" for name in named)
    print(f"{_OUT.value}: {written if is_new else 'holds these already'}")


def _shares():
    """The share of each part; they add up to 1."""
    if _FOLDS.value is not None:
        if _PARTS.value is not None:
            raise errors.UsageError("give one of --parts and --folds")
        return [1 / _FOLDS.value] * _FOLDS.value
    texts = _PARTS.value if _PARTS.value is not None else ["0.8", "0.2"]
    try:
        shares = [float(text) for text in texts]
    except ValueError:
        shares = []
    if not (
        len(shares) > 1
        and all(share > 0 for share in shares)
        and math.isclose(sum(shares), 1, abs_tol=1e-3)
    ):
        raise errors.UsageError(
            f"--parts={','.join(texts)}: expected two shares or more, each "
            "above 0, that add up to 1"
        )
    return [share / sum(shares) for share in shares]


def _facts(labeled):
    """How the parts came about, for split.json."""
    holders = _PARTS, _FOLDS, _GROUP, _GROUP_COLUMN, _SUBSET, _BACKGROUND, _SEED
    return {
        "annotations": labeled.path.absolute().name,
        "annotations_sha256": fingerprints.of_path(labeled.path),
        **{holder.name: holder.value for holder in holders},
    }
