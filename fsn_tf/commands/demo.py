r"""Goes the whole path on the embedded benchmark, in minutes on a CPU.

    fsn demo --out=demo

Draws videos, then calls the commands a user would: prepare, reproduce (which
trains, predicts and evaluates what every table of the paper needs), export,
localize, figure. The same command again goes on where it was stopped.
"""

import functools
import pathlib
import shutil

from absl import flags

from fsn_tf import files
from fsn_tf.commands import numbers
from fsn_tf.commands import shared_flags
from fsn_tf.commands import side_by_side
from fsn_tf.commands import typed
from fsn_tf.datasets import synthetic
from fsn_tf.paper import reproduction_report
from fsn_tf.paper import table_rows
from fsn_tf.paper import table_runs
from fsn_tf.reports import report
from fsn_tf.snippets import streams

FLAGS = flags.FlagValues()

_OUT = shared_flags.out(FLAGS, "Folder to work in.", default="demo")
_STEPS = shared_flags.steps(FLAGS)
_SEEDS = shared_flags.seeds(FLAGS)
_TRAIN_VIDEOS = shared_flags.train_videos(
    FLAGS, "Videos to draw for training.", least=1
)
_TEST_VIDEOS = shared_flags.test_videos(
    FLAGS, "Videos to draw for testing.", least=1
)
_CLIPS = shared_flags.clips_per_class(
    FLAGS, "Trimmed clips to draw for TSN.", least=3
)


def main() -> None:
    """Runs every stage as a user would type it."""
    seeds = numbers.checked_seeds(_SEEDS.value)
    out = pathlib.Path(_OUT.value)
    files.check_writable(out)
    videos, prepared = out / "videos", out / "prepared"
    _draw_videos(videos)
    _prepare(videos, prepared, stream=streams.RGB)
    setting = table_runs.setting(
        prepared=prepared,
        annotations=videos,
        workdir=out,
        kind="demo",
        steps=_STEPS.value,
    )
    side_by_side.run(
        functools.partial(table_runs.train_tsn, seeds, setting, typed.run),
        # The quick method; the paper's takes hours on a CPU.
        functools.partial(
            _prepare, videos, prepared, stream=streams.FLOW, flow="dis"
        ),
    )
    side_by_side.run(
        *(
            functools.partial(
                table_runs.score, stream, seeds, setting, typed.run
            )
            for stream in (streams.RGB, streams.FLOW)
        )
    )
    tables = table_runs.results_of(
        list(table_rows.ROWS), seeds, setting, typed.run
    )
    _localize(setting.run_folder("fsn_rgb", seeds[0]), videos, out)
    _draw(seeds[0], setting, videos, out / "figure2")
    print(f"\n{tables}")
    for kind, table, classes in (
        ("motion alone", 2, synthetic.MOTION_CLASSES),
        ("what is before and after", 4, synthetic.CONTEXT_CLASSES),
    ):
        print(f"\nClasses told apart by {kind}")
        cells = reproduction_report.class_table(table, classes, seeds, setting)
        print(report.text_table(cells))
    print(f"\nFigure 2: {out / 'figure2.png'}")
    print(f"A video and its timeline: {out / 'localized' / 'report.html'}")


def _draw_videos(videos):
    typed.run(
        "synthetic",
        out=videos,
        train_videos=_TRAIN_VIDEOS.value,
        test_videos=_TEST_VIDEOS.value,
        clips_per_class=_CLIPS.value,
    )


def _prepare(videos, prepared, **values):
    """Prepares a stream of all videos."""
    for split in ("training", "validation", "test"):
        typed.run(
            "prepare",
            videos=videos / split,
            out=prepared / split,
            size="112x84",
            **values,
        )


def _localize(workdir, videos, out):
    """Exports a network and finds the actions of the first test video."""
    model = out / "model"
    shutil.rmtree(model, ignore_errors=True)
    typed.run("export", workdir=workdir, out=model)
    typed.run(
        "localize",
        model=model,
        video=sorted((videos / "test").glob("*.mp4"))[0],
        annotations=videos / "annotation_test",
        out=out / "localized",
    )


def _draw(seed, setting, videos, out):
    """Draws Figure 2 of the best and the worst test video."""
    methods = {"FSN": table_rows.ROWS[1][-1], "WFSN": table_rows.ROWS[3][0]}
    typed.run(
        "figure",
        results=",".join(
            f"{name}={setting.result_folder(row, seed)}"
            for name, row in methods.items()
        ),
        annotations=videos / "annotation_test",
        videos=videos / "test",
        best=1,
        worst=1,
        out=out,
    )
