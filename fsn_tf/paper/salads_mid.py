"""50 Salads, mid granularity, on the features behind the published rows."""

import dataclasses
import pathlib
import time

from fsn_tf import experiment as experiments
from fsn_tf import files
from fsn_tf import fingerprints
from fsn_tf import progress
from fsn_tf import quietly
from fsn_tf.evaluation import results_schema
from fsn_tf.evaluation import segmentation
from fsn_tf.paper import reproduction
from fsn_tf.paper import salads_table
from fsn_tf.reports import report

# Our rows, and the experiment of each.
ROWS = {
    "1x1 head, no temporal context": "salads_mid_without_temporal_cnn",
    "FSN's temporal CNN": "salads_mid_fsn",
    "beyond the paper": "salads_mid_beyond",
}

# Lea et al. (2016 and 2017) and their authors' code, in percent; the class
# background counts in the accuracy alone.
PUBLISHED = {
    "Spatial CNN": (54.9, 24.8, 32.3, 27.1, 18.9),
    "Dilated TCN": (59.3, 43.1, 52.2, 47.6, 37.4),
    "ST-CNN": (59.4, 45.9, 55.9, 49.6, 37.1),
    "Bi-LSTM": (55.7, 55.6, 62.6, 58.3, 47.0),
    "ED-TCN": (64.7, 59.8, 68.0, 63.9, 52.6),
}


def results(
    data: pathlib.Path | str,
    workdir: pathlib.Path | str,
    seeds: list[int],
    folder: pathlib.Path,
) -> str:
    """Does what is missing of the table; writes it, and gives it as text.

    Args:
        data: A folder in MS-TCN's layout, see mstcn_folds.
        workdir: Folder to work in.
        seeds: Of the training runs.
        folder: Of the experiment files.

    Raises:
        InputError: The data are not of that layout, or the workdir was begun
            with others.
    """
    workdir = pathlib.Path(workdir)
    chosen = {
        row: experiments.load(folder / f"{name}.py")
        for row, name in ROWS.items()
    }
    mstcn_folds = quietly.imported("fsn_tf.paper.mstcn_folds")
    folds, labels, background = mstcn_folds.prepare(data, workdir / "prepared")
    reproduction.claim_folder(
        workdir,
        {
            "data": _fingerprints(folds),
            "labels": fingerprints.of_path(pathlib.Path(data, "groundTruth")),
            "experiments": {
                row: dataclasses.asdict(one) for row, one in chosen.items()
            },
        },
    )
    found = _found(chosen, seeds, folds, labels, background, workdir)
    cells = salads_table.table(found, PUBLISHED)
    path = workdir / "tables.md"
    files.write_text(path, report.markdown_table(cells) + "\n")
    return f"{report.text_table(cells)}\n\n{path}: the same as Markdown"


def _found(chosen, seeds, folds, labels, background, workdir):
    """{row: Metrics of each seed}; shows which network is trained."""
    cross_validation = quietly.imported("fsn_tf.paper.cross_validation")
    # Seeds come first, so that after one of them all rows have figures.
    paths = {
        (seed, row): workdir / ROWS[row] / f"seed-{seed}" / "results.json"
        for seed in seeds
        for row in chosen
    }
    kept = sum(path.exists() for path in paths.values())
    shown = _Shown(len(folds) * len(paths), already=len(folds) * kept)
    found = {row: [] for row in chosen}
    for (seed, row), path in paths.items():
        if path.exists():
            kept_results = results_schema.read(path.parent)
            mean = segmentation.Metrics.from_json(kept_results)
        else:
            mean = cross_validation.evaluate(
                chosen[row],
                folds,
                labels,
                workdir / ROWS[row],
                seed=seed,
                background=background,
                before=shown.before(f"{row}, seed {seed}"),
            ).mean
        found[row].append(mean)
    return found


class _Shown:
    """A line before every network, with the time that remains."""

    def __init__(self, total, already):
        self.progress = progress.Progress(total, "networks", already=already)
        self.done = already

    def before(self, what):
        """A function to call with the name of each fold."""

        def show(fold):
            elapsed = time.monotonic() - self.progress.started
            line = self.progress.line(
                self.done, elapsed, f"{what}, fold {fold}"
            )
            self.progress.message(line)
            self.done += 1

        return show


def _fingerprints(folds):
    """{fold: what tells its features and lists from others}."""
    return {
        name: [
            fingerprints.of_path(fold.prepared / "features"),
            list(fold.learned),
            list(fold.tested),
        ]
        for name, fold in folds.items()
    }
