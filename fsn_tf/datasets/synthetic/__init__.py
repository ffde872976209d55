r"""The embedded benchmark: small untrimmed videos that need no download.

Real video files in the layout of THUMOS'14, drawn from a seed. The classes
exist to put the paper's questions on a laptop; what tells them apart is:

- BaseballPitch, JavelinThrow: what the hand holds, visible in any frame.
- Shotput, VolleyballSpiking: balls go up or down. Both show the same set of
  frames, and in 0.2 s (five frames at 25 fps) the row of balls moves by half
  its spacing, so center frames show no direction either. Flow does.
- CricketShot, TennisSwing: the same swing; a red ball rolls along the ground
  or a yellow one flies, before the swing starts and after it has ended.
- CleanAndJerk: a failed attempt looks the same until the bar falls, and is
  background (Section 4.4).
- CliffDiving, Diving: each CliffDiving is a Diving too, and takes place at a
  cliff instead of a pool.
- SoccerPenalty: always on a lawn; the lawn is mostly without it (Figure 2).

Nothing else tells them apart: lookalikes take turns in the same scenes with
the same actors. No scene of a training video returns in a test video.

Beside the untrimmed videos there are trimmed clips in the layout of UCF101,
for TSN to learn from first.
"""

import pathlib

from fsn_tf import claims
from fsn_tf import errors
from fsn_tf import files
from fsn_tf import segments
from fsn_tf.datasets.synthetic import clips as synthetic_clips
from fsn_tf.datasets.synthetic import drawing
from fsn_tf.datasets.synthetic import scripts as synthetic_scripts

CLASSES = synthetic_scripts.CLASSES
MOTION_CLASSES = ("Shotput", "VolleyballSpiking")
CONTEXT_CLASSES = ("CricketShot", "TennisSwing")
_OPTIONS = "synthetic.json"
_OPTION_NAMES = ("seed", "train_videos", "test_videos", "clips_per_class")
# Raise it whenever the same seed gives other videos or times than before.
_VERSION = 1


def render(
    out: pathlib.Path | str,
    *,
    seed: int = 0,
    train_videos: int = 24,
    test_videos: int = 12,
    clips_per_class: int = 16,
) -> None:
    """Renders the benchmark into a folder; videos already there are kept.

    Args:
        out: The folder, new or holding this very benchmark. Videos appear
            in validation/ and test/, annotations in annotation_val/ and
            annotation_test/, clips in training/CLASS/, their lists in
            splits/, the arguments in synthetic.json.
        seed: Decides everything, byte for byte, on one build of OpenCV.
        train_videos: How many videos in validation/.
        test_videos: How many videos in test/.
        clips_per_class: How many trimmed clips of each class.

    Raises:
        errors.InputError: The arguments make no sense, the folder holds
            something else, or OpenCV cannot encode.
    """
    out = pathlib.Path(out)
    numbers = [seed, train_videos, test_videos, clips_per_class]
    options = dict(zip(_OPTION_NAMES, numbers, strict=True))
    _check(options)
    files.check_writable(out)
    _claim(out, options)
    counts = dict(
        zip(synthetic_scripts.SPLITS, (train_videos, test_videos), strict=True)
    )
    videos = {}
    for split, num_videos in counts.items():
        of_split = synthetic_scripts.scripts(
            split, seed=seed, num_videos=num_videos
        )
        _write_annotations(out, split, of_split)
        for script in of_split:
            videos[out / split / f"{script.name}.mp4"] = script
    clips = synthetic_clips.clips(seed=seed, clips_per_class=clips_per_class)
    for name, text in synthetic_clips.split_files(clips).items():
        files.write_text(out / "splits" / name, text)
    for clip in clips:
        path = out / "training" / clip.label / f"{clip.name}.mp4"
        videos[path] = clip.script
    drawing.write_videos(videos, seed)


def _check(options):
    for name, number in options.items():
        if number < 0:
            raise errors.InputError(
                f"expected {name.replace('_', ' ')} from 0 on, got {number}"
            )


def _claim(out, options):
    """Records the options of a new folder, compares those of an old one."""
    ours = {"version": _VERSION, **options}
    path = out / _OPTIONS
    if not path.exists() and out.exists() and any(out.iterdir()):
        raise errors.InputError(
            f"{out}: expected an empty folder or one with {_OPTIONS}; "
            "choose another folder"
        )
    claims.claim(
        path,
        ours,
        lambda _, theirs: (
            f"{path}: expected {ours}, found {theirs}; "
            "choose another folder or remove this one"
        ),
    )


def _write_annotations(out, split, scripts):
    """Writes the files of THUMOS'14's annotation kit."""
    short = {"validation": "val", "test": "test"}[split]
    folder = out / f"annotation_{short}"
    rows = [row for script in scripts for row in script.instances()]
    for label in (*CLASSES, segments.AMBIGUOUS):
        lines = [
            f"{row.video}  {row.start_seconds:.1f} {row.end_seconds:.1f}\n"
            for row in rows
            if row.label == label
        ]
        files.write_text(folder / f"{label}_{short}.txt", "".join(lines))
    ids = [f"{number} {name}\n" for number, name in enumerate(CLASSES, 1)]
    files.write_text(folder / "detclasslist.txt", "".join(ids))
