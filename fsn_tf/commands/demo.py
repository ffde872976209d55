r"""Goes the whole path on the embedded benchmark, in minutes on a CPU.

    fsn demo --out=demo

Draws videos, then calls the commands a user would: prepare, train, predict,
evaluate, export, localize. FSN is trained with and without its temporal CNN
(Table 4 of the paper). The same command again goes on where it was stopped.
"""

import pathlib
import shutil
import subprocess
import sys

from absl import flags

from fsn_tf import errors
from fsn_tf import report

FLAGS = flags.FlagValues()

_OUT = flags.DEFINE_string(
    "out", "demo", "Folder to work in.", flag_values=FLAGS
)
_STEPS = flags.DEFINE_integer(
    "steps",
    None,
    "Training steps, instead of those of the experiments.",
    1,
    flag_values=FLAGS,
)
_TRAIN_VIDEOS = flags.DEFINE_integer(
    "train_videos", 24, "Videos to draw for training.", 1, flag_values=FLAGS
)
_TEST_VIDEOS = flags.DEFINE_integer(
    "test_videos", 12, "Videos to draw for testing.", 1, flag_values=FLAGS
)

_EXPERIMENTS = pathlib.Path(__file__).parents[2] / "experiments"
# Row of Table 4 -> experiment that reproduces it on the benchmark.
_ROWS = {
    "RGB FSN w/o temporal CNN": "demo_without_temporal_cnn",
    "RGB FSN": "demo",
}


def main():
    """Runs every stage in a process of its own, as typed by a user."""
    if not _EXPERIMENTS.is_dir():
        raise errors.InputError(
            f"{_EXPERIMENTS}: no such folder; run the demo from a checkout"
        )
    out = pathlib.Path(_OUT.value)
    videos, prepared = out / "videos", out / "prepared"
    _fsn(
        "synthetic",
        out=videos,
        train_videos=_TRAIN_VIDEOS.value,
        test_videos=_TEST_VIDEOS.value,
    )
    for split in ("validation", "test"):
        _fsn(
            "prepare",
            videos=videos / split,
            out=prepared / split,
            size="112x84",
        )
    results = {row: _run(out, name) for row, name in _ROWS.items()}
    model = out / "model"
    shutil.rmtree(model, ignore_errors=True)
    _fsn("export", workdir=out / "runs" / "demo", out=model)
    _fsn(
        "localize",
        model=model,
        video=sorted((videos / "test").glob("*.mp4"))[0],
        out=out / "localized",
    )
    print("\n" + report.text_table(report.table4(results)))
    print(f"\n{out / 'results' / 'demo' / 'report.md'}: every class")


def _run(out, name):
    """Trains, predicts and evaluates one experiment; its results."""
    workdir = out / "runs" / name
    scores = out / "scores" / name
    results = out / "results" / name
    videos, prepared = out / "videos", out / "prepared"
    steps = {"steps": _STEPS.value} if _STEPS.value else {}
    _fsn(
        "train",
        experiment=_EXPERIMENTS / f"{name}.py",
        prepared=prepared / "validation",
        annotations=videos / "annotation_val",
        workdir=workdir,
        **steps,
    )
    _fsn("predict", workdir=workdir, prepared=prepared / "test", out=scores)
    _fsn(
        "evaluate",
        scores=scores,
        annotations=videos / "annotation_test",
        out=results,
    )
    return report.read(results)


def _fsn(command, **values):
    """Runs one command as a user would type it."""
    words = [command, *(f"--{name}={value}" for name, value in values.items())]
    print("\n$ fsn " + " ".join(words), flush=True)
    done = subprocess.run([sys.executable, "-m", "fsn_tf", *words])
    if done.returncode < 0 or done.returncode == 130:
        raise KeyboardInterrupt
    if done.returncode:
        raise errors.InputError(f"fsn {command} failed; see above")
