"""Scored segments of many videos, as columns of one table."""

from collections.abc import Iterable
from collections.abc import Sequence
import copy
import dataclasses

import numpy as np

from fsn_tf.segments import columns

_COLUMNS = ("video", "label", "start_seconds", "end_seconds", "score")
_FIELDS = "(video, label, start_seconds, end_seconds, score)"


@dataclasses.dataclass(frozen=True)
class Detections:
    """Scored segments of many videos, as columns of one table.

    Examples:
        >>> rows = [("v", "Diving", 1, 2.5, 0.9), ("v", "Jump", 3, 4, 0.2)]
        >>> classes = ["Diving", "Jump"]
        >>> found = fsn_tf.Detections.from_rows(rows, classes=classes)
        >>> found.score.tolist()
        [0.9, 0.2]
        >>> found.take(found.score > 0.5).rows()
        [('v', 'Diving', 1.0, 2.5, 0.9)]

    Attributes:
        classes: The K action names.
        videos: Names that `video` points into.
        video: (D,) int, index into videos.
        label: (D,) int, index into classes.
        start_seconds: (D,) float64.
        end_seconds: (D,) float64; before start_seconds is legal.
        score: (D,) float64, higher is more confident.
        notes: One line for each thing that is legal but odd.

    Raises:
        InputError: A class or video is named twice, the columns differ in
            length, an index points nowhere, or a number is not finite.
    """

    classes: tuple[str, ...]
    videos: tuple[str, ...]
    video: np.ndarray
    label: np.ndarray
    start_seconds: np.ndarray
    end_seconds: np.ndarray
    score: np.ndarray
    notes: tuple[str, ...] = dataclasses.field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        classes = columns.names("detections: classes", self.classes)
        videos = columns.names("detections: videos", self.videos)
        counts = {"video": len(videos), "label": len(classes)}
        table = {}
        for name in _COLUMNS:
            what, values = f"detections: {name}", getattr(self, name)
            if name in counts:
                table[name] = columns.places(what, values, counts[name])
            else:
                table[name] = columns.finite(what, values)
        columns.one_length("detections", table)
        named = {"classes": classes, "videos": videos}
        # The dataclass is frozen; lists may come, tuples and arrays stay.
        for name, value in {**named, **table}.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "notes", tuple(self.notes))

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[tuple[str, str, float, float, float]],
        *,
        classes: Iterable[str],
        videos: Iterable[str] | None = None,
    ) -> "Detections":
        """Detections of (video, label, start_seconds, end_seconds, score).

        Args:
            rows: In the order that counts where scores tie.
            classes: K names; every label is one of them.
            videos: Names, every video is one of them; None takes those of
                the rows, in order of first appearance.

        Raises:
            InputError: A row has another form, class or video.
        """
        table = columns.rows("detections", rows, _FIELDS)
        # With no row there are five columns all the same.
        video, label, *rest = zip(*table, strict=True) if table else [()] * 5
        if videos is None:
            videos = dict.fromkeys(video)
        classes = columns.names("detections: classes", classes)
        videos = columns.names("detections: videos", videos)
        return cls(
            classes,
            videos,
            np.array(
                columns.looked_up("detections: video", video, videos), int
            ),
            np.array(
                columns.looked_up("detections: label", label, classes), int
            ),
            *rest,
        )

    def __len__(self) -> int:
        return len(self.score)

    @property
    def class_index(self) -> dict[str, int]:
        """{class: its place among the classes}."""
        return columns.index_of(self.classes)

    def rows(self) -> list[tuple[str, str, float, float, float]]:
        """[(video, label, start_seconds, end_seconds, score)], in order."""
        return list(
            zip(
                (self.videos[index] for index in self.video),
                (self.classes[index] for index in self.label),
                self.start_seconds.tolist(),
                self.end_seconds.tolist(),
                self.score.tolist(),
                strict=True,
            )
        )

    def take(self, rows: np.ndarray) -> "Detections":
        """The detections at `rows`: a bool mask or an array of indices."""
        # Rows of a table that was checked need no check.
        taken = copy.copy(self)
        for name in _COLUMNS:
            object.__setattr__(taken, name, getattr(self, name)[rows])
        return taken

    def of_video(self, name: str) -> "Detections":
        """The detections in one video, in their order.

        Raises:
            InputError: There is no such video.
        """
        (index,) = columns.looked_up(
            "detections: of_video", [name], self.videos
        )
        return self.take(self.video == index)


def join(parts: Sequence[Detections]) -> Detections:
    """The detections of all parts, in their order.

    Args:
        parts: Detections of the same classes, one or more. A video that
            several have is one.
    """
    videos = tuple(dict.fromkeys(x for part in parts for x in part.videos))
    index = columns.index_of(videos)
    table = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in _COLUMNS
    }
    table["video"] = np.concatenate(
        [
            np.array([index[x] for x in part.videos], int)[part.video]
            for part in parts
        ]
    )
    notes = tuple(note for part in parts for note in part.notes)
    return Detections(parts[0].classes, videos, **table, notes=notes)
