r"""Turns annotations or detections into the format of another tool.

    fsn convert --annotations=labels.json --rate=25 --to=csv --out=labels.csv

    fsn convert --annotations=OUT/detections.json --to=labelstudio \
        --videos=DIR --out=tasks.json

Reads files of ActivityNet, Audacity, BORIS, CVAT, ELAN, FiftyOne, Label
Studio, MS-TCN, THUMOS'14 and VIA, subtitles and CSV, which are known by their
content; of tools that keep a file for each video also a folder of them. What
the other format has no place for is said in notes, on the standard error.
Detections keep their scores where it has one: in Label Studio they become
predictions.
"""

import sys

from absl import flags

from fsn_tf.annotations import recognition
from fsn_tf.annotations import tool_files
from fsn_tf.commands import numbers
from fsn_tf.commands import shared_flags
from fsn_tf.datasets import conversion

FLAGS = flags.FlagValues()
_ANNOTATIONS = shared_flags.annotations(
    FLAGS, "A file or folder of annotations, or of detections."
)
_FROM = flags.DEFINE_enum(
    "from",
    None,
    recognition.FORMATS,
    "Its format, where its content fits several.",
    flag_values=FLAGS,
)
_TO = flags.DEFINE_enum(
    "to",
    None,
    tool_files.WRITTEN,
    "Format to write.",
    required=True,
    flag_values=FLAGS,
)
_OUT = shared_flags.out(
    FLAGS, "File to write, or folder for formats of several files."
)
_RATE = flags.DEFINE_float(
    "rate",
    None,
    "Frames per second, where a format counts frames; those that the videos "
    "declare if not given.",
    0.001,
    1000,
    flag_values=FLAGS,
)
_VIDEOS = shared_flags.videos(
    FLAGS,
    "Folder of the videos: their rates, lengths and file names.",
    required=False,
)
_RETIME = flags.DEFINE_bool(
    "retime",
    False,
    "Put labels right by the time stamps of the videos: frame n appears when "
    "the n-th frame of the file does; seconds move where the picture starts "
    "late.",
    flag_values=FLAGS,
)


def main() -> None:
    """Writes the other file; notes go to the standard error."""
    numbers.check(_RATE)
    notes = conversion.convert(
        _ANNOTATIONS.value,
        _OUT.value,
        to_format=_TO.value,
        from_format=_FROM.value,
        rate=_RATE.value,
        videos=_VIDEOS.value,
        retime=_RETIME.value,
    )
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    print(f"{_OUT.value}: {_TO.value}")
