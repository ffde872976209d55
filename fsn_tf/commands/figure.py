r"""Draws what was annotated and what was found over time (Figure 2).

    fsn figure --results=FSN=results/fsn,WFSN=results/wfsn \
        --annotations=thumos14/annotation_test --videos=thumos14/test \
        --best=2 --worst=2 --out=figure2

Writes OUT.svg and OUT.png: for each video sampled frames, the ground truth,
and a row for each method. The best and the worst are those of the first
method, by the mean AP at tIoU 0.5 over the classes annotated in the video.
"""

from absl import flags

from fsn_tf import errors
from fsn_tf.commands import numbers
from fsn_tf.commands import shared_flags
from fsn_tf.paper import figure_files

FLAGS = flags.FlagValues()
_RESULTS = flags.DEFINE_list(
    "results",
    None,
    "NAME=PATH of each method: a folder that fsn evaluate wrote, or a file of "
    "detections.",
    required=True,
    flag_values=FLAGS,
)
_ANNOTATIONS = shared_flags.annotations(
    FLAGS, "Ground truth: a kit folder, an ActivityNet JSON or a CSV."
)
_SUBSET = shared_flags.subset(FLAGS, "Subset of an ActivityNet JSON.")
_VIDEOS = shared_flags.videos(FLAGS)
_OUT = shared_flags.out(FLAGS, "Path of the pictures, without their ending.")
_CHOSEN = flags.DEFINE_list(
    "chosen", [], "Names of videos to show.", flag_values=FLAGS
)
_BEST = flags.DEFINE_integer(
    "best", 0, "How many of the best to show.", 0, flag_values=FLAGS
)
_WORST = flags.DEFINE_integer(
    "worst", 0, "How many of the worst to show.", 0, flag_values=FLAGS
)
_THRESHOLD = flags.DEFINE_float(
    "threshold",
    0.5,
    "Segments that score higher are drawn.",
    flag_values=FLAGS,
)


def main() -> None:
    """Draws the figure."""
    results = dict(_named(word) for word in _RESULTS.value)
    if len(results) != len(_RESULTS.value):
        raise errors.UsageError("--results names a method twice")
    if not (_CHOSEN.value or _BEST.value or _WORST.value):
        raise errors.UsageError("give --chosen, --best or --worst")
    numbers.check(_THRESHOLD)
    names = figure_files.write(
        _OUT.value,
        results,
        _ANNOTATIONS.value,
        _VIDEOS.value,
        chosen=_CHOSEN.value,
        best=_BEST.value,
        worst=_WORST.value,
        threshold=_THRESHOLD.value,
        subset=_SUBSET.value,
    )
    print(f"{_OUT.value}.svg, {_OUT.value}.png: {', '.join(names)}")


def _named(word):
    name, equals, path = word.partition("=")
    if not (name and equals and path):
        raise errors.UsageError(f"--results: expected NAME=PATH, got {word!r}")
    if name == figure_files.TRUTH:
        raise errors.UsageError(f"--results: {name!r} is a row of its own")
    return name, path
