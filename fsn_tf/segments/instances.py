"""Ground truth: actions between two times of a video."""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
import dataclasses
import math

from fsn_tf.errors import InputError
from fsn_tf.segments import columns
from fsn_tf.segments import names as video_names

AMBIGUOUS = "Ambiguous"

_FIELDS = "(video, label, start_seconds, end_seconds)"


@dataclasses.dataclass(frozen=True)
class Instance:
    """One annotated action: a label between two times of one video."""

    video: str
    label: str
    start_seconds: float
    end_seconds: float


@dataclasses.dataclass(frozen=True)
class Annotations:
    """Ground truth of a set of videos.

    Examples:
        >>> truth = fsn_tf.Annotations.from_rows(
        ...     [("game", "Diving", 1.0, 2.5), ("game", "Ambiguous", 4.0, 5.0)]
        ... )
        >>> truth.classes, len(truth.instances), len(truth.ambiguous)
        (('Diving',), 1, 1)

    Attributes:
        classes: The K action names; a label's index is its place here.
        videos: Every video that the source names, in name order, also those
            with ambiguous instances only or with none.
        instances: Actions, in the order of the source. THUMOS'14 matches
            them in this order, so it is part of the result.
        ambiguous: Intervals that are neither action nor background.
        durations_seconds: Length of each video, where the source tells.
        notes: One line for each thing that is legal but odd, and was kept.

    Raises:
        InputError: A class or video is named twice; or an instance is of
            another class or video, or has times that are none.
    """

    classes: tuple[str, ...]
    videos: tuple[str, ...]
    instances: tuple[Instance, ...]
    ambiguous: tuple[Instance, ...] = ()
    durations_seconds: dict[str, float] = dataclasses.field(
        default_factory=dict
    )
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        values = {
            name: columns.names(f"annotations: {name}", getattr(self, name))
            for name in ("classes", "videos")
        }
        for name in ("instances", "ambiguous", "notes"):
            values[name] = tuple(getattr(self, name))
        # The dataclass is frozen; lists may come, tuples stay.
        for name, value in values.items():
            object.__setattr__(self, name, value)
        _check("instances", self.instances, self.videos, self.classes)
        _check("ambiguous", self.ambiguous, self.videos, (AMBIGUOUS,))

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[tuple[str, str, float, float]],
        *,
        classes: Iterable[str] | None = None,
        videos: Iterable[str] = (),
        durations_seconds: Mapping[str, float] | None = None,
    ) -> "Annotations":
        """Annotations of rows (video, label, start_seconds, end_seconds).

        Args:
            rows: In the order that matching follows; the label "Ambiguous"
                stands for what is neither action nor background.
            classes: K names; None takes those that occur, in name order.
            videos: Names beside those of the rows: videos without action.
            durations_seconds: Length of each video, where it is known.
        """
        found = [
            Instance(*row) for row in columns.rows("annotations", rows, _FIELDS)
        ]
        actions = [one for one in found if one.label != AMBIGUOUS]
        if classes is None:
            classes = sorted({one.label for one in actions})
        return cls(
            classes=columns.names("annotations: classes", classes),
            videos=tuple(sorted({*videos, *(one.video for one in found)})),
            instances=tuple(actions),
            ambiguous=tuple(one for one in found if one.label == AMBIGUOUS),
            durations_seconds=dict(durations_seconds or {}),
        )

    @property
    def class_index(self) -> dict[str, int]:
        """{class: its place among the classes}."""
        return columns.index_of(self.classes)

    def of_video(self, name: str) -> "Annotations":
        """What is annotated in one video; the classes stay what they are.

        Raises:
            InputError: There is no such video.
        """
        columns.looked_up("annotations: of_video", [name], self.videos)
        return self.of_videos([name])

    def of_videos(self, names: Iterable[str]) -> "Annotations":
        """What is annotated in some videos; the classes stay what they are.

        Raises:
            InputError: There is no such video.
        """
        kept, lengths = set(names), self.durations_seconds
        columns.looked_up("annotations: of_videos", sorted(kept), self.videos)
        return dataclasses.replace(
            self,
            videos=tuple(x for x in self.videos if x in kept),
            instances=tuple(x for x in self.instances if x.video in kept),
            ambiguous=tuple(x for x in self.ambiguous if x.video in kept),
            durations_seconds={x: y for x, y in lengths.items() if x in kept},
        )

    def named_as(self, known: Collection[str]) -> "Annotations":
        """The same, a video called as one of `known` that means it.

        Args:
            known: Names of videos; see names.known_as.
        """
        called = video_names.known_as(self.videos, known)
        if all(name == other for name, other in called.items()):
            return self
        if len(set(called.values())) < len(called):
            return self
        lengths = self.durations_seconds.items()
        return dataclasses.replace(
            self,
            videos=tuple(sorted(called.values())),
            instances=_renamed(self.instances, called),
            ambiguous=_renamed(self.ambiguous, called),
            durations_seconds={called.get(x, x): y for x, y in lengths},
        )


def _renamed(instances, called):
    return tuple(
        dataclasses.replace(one, video=called[one.video]) for one in instances
    )


def _check(what, instances, videos, classes):
    """Refuses instances of other videos or classes, and times that are none."""
    known_videos, known_classes = set(videos), set(classes)
    for row, one in enumerate(instances):
        if not isinstance(one, Instance):
            expected, came = "an Instance", one
        elif one.video not in known_videos:
            expected, came = f"a video of {columns.some(videos)}", one.video
        elif one.label not in known_classes:
            expected, came = f"a label of {columns.some(classes)}", one.label
        elif not _are_times(one.start_seconds, one.end_seconds):
            expected = "finite seconds, the end not before the start"
            came = one.start_seconds, one.end_seconds
        else:
            continue
        raise InputError(
            f"annotations: {what}: row {row}: expected {expected}, got {came!r}"
        )


def _are_times(start, end):
    try:
        return -math.inf < start <= end < math.inf
    except TypeError:
        return False
