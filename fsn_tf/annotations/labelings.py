"""What a labeling tool's file says: instances, lengths, and what was lost."""

import collections
from collections.abc import Mapping
from collections.abc import Sequence
import dataclasses
import pathlib

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.annotations import rows


@dataclasses.dataclass(frozen=True)
class Stated:
    """What a file says of a video; None where it says nothing.

    Attributes:
        fps: Frames per second.
        num_frames: Frames.
        seconds: Duration.
        in_frames: Whether times are counted in frames, at fps.
    """

    fps: float | None = None
    num_frames: int | None = None
    seconds: float | None = None
    in_frames: bool = False

    @property
    def duration_seconds(self) -> float | None:
        """The duration, also where frames and their rate say it."""
        if self.seconds is None and self.num_frames and self.fps:
            return self.num_frames / self.fps
        return self.seconds


@dataclasses.dataclass(frozen=True)
class Rates:
    """Frames per second, for files that count frames and do not say.

    Attributes:
        every: Of all videos; None where they differ.
        videos: {video: its rate}, where `every` is None.
    """

    every: float | None = None
    videos: Mapping[str, float] = dataclasses.field(default_factory=dict)

    def of(self, where: pathlib.Path | str, video: str) -> float:
        """The rate of a video.

        Raises:
            InputError: It is not known.
        """
        rate = self.every or self.videos.get(video)
        if rate is None:
            raise errors.InputError(
                f"{where}: {video} is labeled by frames, but their rate is not "
                "given; give fsn convert --rate or, in place of the path, "
                "FORMAT@RATE:PATH such as labelstudio@25:labels.json"
            )
        return rate


@dataclasses.dataclass
class Labeling:
    """What one file or folder of a labeling tool says.

    Attributes:
        path: Where it was read, for messages.
        instances: segments.Instance, ambiguous ones among them.
        places: Where each was read.
        scores: Of each; None where there is none.
        videos: Names that are looked at, also those without an instance.
        classes: K names in their order; None takes those that occur.
        stated: {video: Stated}.
        notes: Lines on what is odd.
        losses: {what this program has no place for: how many times}.
        is_found: Whether a model found it; known without an instance.
    """

    path: pathlib.Path | str
    instances: list[segments.Instance] = dataclasses.field(default_factory=list)
    places: list[str] = dataclasses.field(default_factory=list)
    scores: list[float | None] = dataclasses.field(default_factory=list)
    videos: dict[str, None] = dataclasses.field(default_factory=dict)
    classes: Sequence[str] | None = None
    stated: dict[str, Stated] = dataclasses.field(default_factory=dict)
    notes: list[str] = dataclasses.field(default_factory=list)
    losses: collections.Counter[str] = dataclasses.field(
        default_factory=collections.Counter
    )
    is_found: bool = False

    def add(
        self,
        where: str,
        video: str,
        label: object,
        start: object,
        end: object,
        *,
        score: float | None = None,
    ) -> None:
        """Adds an instance; InputError where it is none."""
        self.instances.append(rows.instance(where, video, label, start, end))
        self.places.append(where)
        self.scores.append(score)
        self.videos[self.instances[-1].video] = None

    def all_notes(self) -> tuple[str, ...]:
        """The notes, and a line on each loss."""
        lost = [f"{self.path}: {what}: {n}" for what, n in self.losses.items()]
        return (*self.notes, *lost)

    @property
    def are_detections(self) -> bool:
        """Whether every instance has a score."""
        is_found = self.is_found or bool(self.scores)
        return is_found and None not in self.scores

    def class_names(self) -> tuple[str, ...]:
        """K names: those of the file, or those that occur, in name order."""
        if self.classes is not None:
            return tuple(self.classes)
        return rows.labels(zip(self.places, self.instances, strict=True))

    def all_names(self) -> list[str]:
        """The class names, and those that occur beside them."""
        names = [*self.class_names()]
        return names + sorted({x.label for x in self.instances} - {*names})

    def by_video(self) -> dict[str, list[tuple]]:
        """{video: [(instance, score)] by time} of all videos."""
        found: dict[str, list[tuple]] = {video: [] for video in self.videos}
        for pair in zip(self.instances, self.scores, strict=True):
            if pair[0].video in found:
                found[pair[0].video].append(pair)
        for pairs in found.values():
            pairs.sort(key=lambda x: (x[0].start_seconds, x[0].end_seconds))
        return found

    def annotations(
        self, classes: Sequence[str] | None = None
    ) -> segments.Annotations:
        """As ground truth; scores get lost.

        Args:
            classes: K names, one of which every label must be; None takes
                those of the file.
        """
        notes = self.all_notes()
        if any(score is not None for score in self.scores):
            notes += (f"{self.path}: scores are not used",)
        lengths = {x: one.duration_seconds for x, one in self.stated.items()}
        return rows.annotations(
            self.path,
            list(zip(self.places, self.instances, strict=True)),
            self.classes if classes is None else classes,
            videos=self.videos,
            durations_seconds={x: y for x, y in lengths.items() if y},
            notes=notes,
        )

    def detections(self) -> segments.Detections:
        """As detections; all instances must have a score."""
        pairs = zip(self.instances, self.scores, strict=True)
        return segments.Detections.from_rows(
            [
                (x.video, x.label, x.start_seconds, x.end_seconds, score)
                for x, score in pairs
                if score is not None
            ],
            classes=self.class_names(),
            videos=self.videos,
        )


def of_annotations(
    path: pathlib.Path | str, truth: segments.Annotations
) -> Labeling:
    """The Labeling of ground truth."""
    found = Labeling(path, classes=truth.classes, notes=list(truth.notes))
    for one in (*truth.instances, *truth.ambiguous):
        found.instances.append(one)
        found.places.append(str(path))
        found.scores.append(None)
    found.videos = dict.fromkeys(truth.videos)
    found.stated = {
        x: Stated(seconds=y) for x, y in truth.durations_seconds.items()
    }
    return found


def of_detections(
    path: pathlib.Path | str, detections: segments.Detections
) -> Labeling:
    """The Labeling of detections; what lies before the video is cut off."""
    found = Labeling(
        path,
        classes=detections.classes,
        notes=list(detections.notes),
        is_found=True,
    )
    found.videos = dict.fromkeys(detections.videos)
    for video, label, start, end, score in detections.rows():
        if end < max(start, 0):
            found.losses["detections that end before they start left out"] += 1
            continue
        if start < 0:
            found.losses["detections cut off at the start of the video"] += 1
        found.add(str(path), video, label, max(start, 0.0), end, score=score)
    return found


def joined(path: pathlib.Path | str, parts: Sequence[Labeling]) -> Labeling:
    """One Labeling of several files, each of other videos.

    Raises:
        InputError: Two are of the same video.
    """
    found = Labeling(path)
    first: dict[str, pathlib.Path | str] = {}
    for part in parts:
        for video in part.videos:
            other = first.setdefault(video, part.path)
            if other != part.path:
                raise errors.InputError(
                    f"{part.path}: labels {video}, as {other} does; keep one"
                )
        found.instances += part.instances
        found.places += part.places
        found.scores += part.scores
        found.videos |= part.videos
        found.stated |= part.stated
        found.notes += part.all_notes()
    return found
