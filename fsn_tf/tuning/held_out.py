"""Videos that a network does not learn from, and how it is measured on them."""

from collections.abc import Sequence
import dataclasses
import pathlib
from typing import Any

from fsn_tf import annotations as ground_truth
from fsn_tf import fingerprints
from fsn_tf import segments
from fsn_tf.annotations import frame_labels
from fsn_tf.annotations import video_labels
from fsn_tf.errors import InputError
from fsn_tf.errors import UsageError
from fsn_tf.evaluation import segmentation_metrics
from fsn_tf.evaluation import settings
from fsn_tf.experiment import Experiment
from fsn_tf.training import runs


@dataclasses.dataclass(frozen=True)
class HeldOut:
    """What a validation is on, and by which rules.

    Attributes:
        name: Of the file of labels, for messages.
        labels: As the network needs them, see runs.read_labels.
        times: Instances, where their times are known; of WFSN's videos too.
        prepared: Folder that `fsn prepare` made.
        steps: Updates between two validations.
        best_by: Name of the metric that says which step is the best.
        inference: "windows" or "whole"; None is that of `fsn predict`.
        tious: Overlaps of segment mAP.
        background: Class among labels of frames that is no action.
        fingerprint: SHA-256 of the labels.
    """

    name: str
    labels: runs.Labels
    times: segments.Annotations | None
    prepared: pathlib.Path
    steps: int
    best_by: str
    inference: str | None
    tious: tuple[float, ...]
    background: str | None
    fingerprint: str

    @property
    def videos(self) -> list[str]:
        """Names, in order."""
        if self.times is not None:
            return list(self.times.videos)
        if isinstance(self.labels, frame_labels.FrameLabels):
            return sorted(self.labels.labels)
        return list(self.labels.videos)

    def facts(self) -> dict[str, Any]:
        """What experiment.json keeps; another validation differs in it."""
        return {
            "steps": self.steps,
            "best_by": self.best_by,
            "inference": self.inference,
            "tious": list(self.tious),
            "videos": len(self.videos),
            "labels_sha256": self.fingerprint,
        }


def read(
    path: pathlib.Path | str,
    experiment: Experiment,
    *,
    background: str | None = None,
    subset: str | None = None,
    mapping: pathlib.Path | str | None = None,
    videos: pathlib.Path | str | None = None,
    **rules: Any,
) -> HeldOut:
    """Reads what `of_labels` needs.

    Args:
        path, background, subset, mapping, videos: As for runs.read_labels.
        experiment: Experiment that is trained.
        **rules: See of_labels.

    Raises:
        InputError: The file is broken, or a rule is not one.
    """
    labels = runs.read_labels(
        path,
        experiment,
        background=background,
        subset=subset,
        mapping=mapping,
        videos=videos,
    )
    return of_labels(
        labels,
        experiment,
        name=str(path),
        times=times_of(labels, path, experiment, subset=subset),
        background=background,
        **rules,
    )


def times_of(
    labels: runs.Labels,
    path: pathlib.Path | str,
    experiment: Experiment,
    *,
    subset: str | None = None,
) -> segments.Annotations | None:
    """The instances behind labels, where their times are known.

    Args:
        labels: What runs.read_labels read.
        path, subset: Where from. WFSN's labels leave out the times that a file
            may have.
        experiment: Experiment that is trained.
    """
    if isinstance(labels, segments.Annotations):
        return labels
    if experiment.network == "wfsn" and not video_labels.are_at(path):
        return ground_truth.read(path, subset=subset)
    return None


def of_labels(
    labels: runs.Labels,
    experiment: Experiment,
    *,
    name: str,
    prepared: pathlib.Path | str,
    times: segments.Annotations | None = None,
    steps: int | None = None,
    best_by: str | None = None,
    inference: str | None = None,
    tious: Sequence[float] | None = None,
    background: str | None = None,
) -> HeldOut:
    """A validation; what is None is by default.

    Args:
        labels: As the network of the experiment needs them.
        experiment: Experiment that is trained.
        name: Of the labels, for messages.
        prepared: Folder that `fsn prepare` made.
        times: Instances, where their times are known.
        steps: Updates between two validations; as many as between
            checkpoints by default.
        best_by: One of `metrics`, the first by default.
        inference: "windows" or "whole"; that of `fsn predict` by default.
        tious: Overlaps of segment mAP; those of `fsn evaluate` by default.
        background: Class among labels of frames that is no action.

    Raises:
        InputError: A rule is not one.
    """
    # It refuses what is no overlap.
    given = settings.TIOUS if tious is None else tious
    overlaps = settings.Detection(tious=given).tious
    found = HeldOut(
        name=name,
        labels=labels,
        times=times,
        prepared=pathlib.Path(prepared),
        steps=steps or experiment.checkpoint_steps,
        best_by=best_by or "",
        inference=inference,
        tious=tuple(overlaps),
        background=background,
        fingerprint=_fingerprint(labels, times),
    )
    if inference is not None and experiment.network == "tsn":
        raise UsageError(
            "--validation_inference: a TSN scores whole videos; leave it out"
        )
    if times is not None and not times.instances:
        raise InputError(f"{name}: no action is annotated in it")
    known = metrics(found)
    if best_by is not None and best_by not in known:
        raise UsageError(
            f"--best_by: expected one of {', '.join(known)}; got {best_by!r}"
        )
    return dataclasses.replace(found, best_by=best_by or known[0])


def metrics(held_out: HeldOut) -> list[str]:
    """Names of what is measured, the one that counts by default first."""
    if isinstance(held_out.labels, frame_labels.FrameLabels):
        tious = segmentation_metrics.F1_TIOUS
        return ["accuracy", "edit", *(f"f1_{100 * x:g}" for x in tious)]
    names = []
    if isinstance(held_out.labels, video_labels.VideoLabels):
        names.append("accuracy")
    if held_out.times is not None:
        names += ["frame_map", "segment_map"]
        names += [f"segment_map_{x:g}" for x in held_out.tious if x == 0.5]
    return names


def _fingerprint(labels, times):
    if times is not None:
        return fingerprints.of_annotations(times)
    if isinstance(labels, frame_labels.FrameLabels):
        rows = {name: x.tolist() for name, x in sorted(labels.labels.items())}
        return fingerprints.of_value([labels.classes, rows])
    return fingerprints.of_value(
        [labels.classes, sorted(labels.labels.items())]
    )
