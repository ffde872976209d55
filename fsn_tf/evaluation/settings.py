"""By which rules each kind of evaluation is done."""

from collections import abc
import dataclasses
import typing

from fsn_tf import errors
from fsn_tf.evaluation import cdc
from fsn_tf.evaluation import protocols
from fsn_tf.grouping import threshold_files
from fsn_tf.grouping import thresholds as grouping_thresholds
from fsn_tf.grouping import tidying

TIOUS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


@dataclasses.dataclass(frozen=True)
class Detection:
    """How detections are made of scores, and evaluated.

    Attributes:
        protocol: Name of a protocol of segment mAP, see protocols.
        tious: Overlaps at which segment mAP is computed, each from 0 to 1.
        nms: Whether overlapping detections are suppressed, at tIoU - 0.1.
        thresholds: Frames above any of these are grouped (choice C18).
        class_thresholds: {class: threshold}, the one at which its frames are
            grouped instead; None is none.
        tidied: How the groups of each threshold are tidied.
        confidence: "mean" or "max" of a segment's frames (choice C20).
        smoothing: "none", or "max5" before anything else (choice C23).
        copy_cliff_diving: Whether frame mAP sees cdc.with_copied_scores, and
            segment mAP cdc.with_copied_detections, before NMS (choice C22).
        diagnose: Whether to say where mAP is lost.

    Raises:
        InputError: One of them is not what is expected.
    """

    protocol: str = protocols.THUMOS14.name
    tious: abc.Sequence[float] = TIOUS
    nms: bool = True
    thresholds: abc.Sequence[float] = grouping_thresholds.THRESHOLDS
    confidence: str = "mean"
    smoothing: str = "none"
    copy_cliff_diving: bool = False
    diagnose: bool = True
    class_thresholds: abc.Mapping[str, float] | None = None
    tidied: tidying.Tidying = tidying.NOTHING

    def __post_init__(self):
        protocols.named(self.protocol)
        _check_one_of(
            "confidence", self.confidence, grouping_thresholds.CONFIDENCES
        )
        _check_one_of("smoothing", self.smoothing, cdc.SMOOTHINGS)
        for name in ("tious", "thresholds"):
            # Lists and arrays may come in; what is kept cannot change.
            values = _fractions(name, getattr(self, name))
            object.__setattr__(self, name, values)

    def options(self) -> dict[str, object]:
        """{name: value} for results.json, of what always has a meaning."""
        return {
            "tiou": list(self.tious),
            "nms": self.nms,
            "copy_cliff_diving": self.copy_cliff_diving,
        }

    def options_of_scores(self) -> dict[str, object]:
        """{name: value} of what makes detections of scores."""
        options: dict[str, object] = {
            "thresholds": list(self.thresholds),
            "confidence": self.confidence,
            "smoothing": self.smoothing,
        }
        if self.class_thresholds is not None:
            options["thresholds"] = dict(self.class_thresholds)
        if self.tidied != tidying.NOTHING:
            options |= dataclasses.asdict(self.tidied)
        return options

    def levels(self, classes: abc.Sequence[str]) -> list:
        """What thresholds.detections takes: numbers, or K for each class.

        Raises:
            InputError: A class has no threshold of its own.
        """
        if self.class_thresholds is None:
            return list(self.thresholds)
        return [threshold_files.levels(self.class_thresholds, classes)]

    @property
    def is_a_list(self) -> bool:
        """Whether there is one list of segments, and not all candidates."""
        return self.class_thresholds is not None or len(self.thresholds) == 1

    @property
    def shown_tiou(self) -> float:
        """The tIoU of what is shown of detections: 0.5 if it is among them."""
        middle = self.tious[len(self.tious) // 2]
        return 0.5 if 0.5 in self.tious else middle


def _check_one_of(name, value, choices):
    if value not in choices:
        raise errors.InputError(
            f"{name} {value!r}: expected one of {', '.join(choices)}"
        )


def _fractions(name, values):
    """A tuple of floats from 0 to 1."""
    # What is no number, or no list of them, compares with nothing.
    try:
        is_right = len(values) and all(0 <= value <= 1 for value in values)
    except (TypeError, ValueError):
        is_right = False
    if not is_right:
        raise errors.InputError(
            f"{name} {values!r}: expected numbers from 0 to 1"
        )
    return tuple(map(float, values))


@dataclasses.dataclass(frozen=True)
class Segmentation:
    """How the class of every frame is evaluated.

    Attributes:
        background: Name or index of the class that edit score and F1 leave
            out, or several with commas between them; None leaves out nothing.
            One alone is what scores call Background.
    """

    background: str | None = None


@dataclasses.dataclass(frozen=True)
class Classification:
    """How the class of every video is evaluated; there is nothing to set."""


@dataclasses.dataclass(frozen=True)
class Frames:
    """How the scores of frames alone are evaluated.

    Attributes:
        protocol: protocols.MULTILABEL or protocols.OAD.
        smoothing: As in Detection.
    """

    protocol: str = protocols.MULTILABEL
    smoothing: str = "none"


@dataclasses.dataclass(frozen=True)
class Spotting:
    """How moments of segments are evaluated.

    Attributes:
        nms: Whether overlapping detections are suppressed, at tIoU 0.4.
        fps: Frames per second, in which tolerances count.
        tolerances: How many frames off is still right.
        confidence, smoothing: As in Detection, of scores.
    """

    nms: bool = True
    fps: float = 25.0
    tolerances: abc.Sequence[int] = (0, 1, 2, 4)
    confidence: str = "mean"
    smoothing: str = "none"


@dataclasses.dataclass(frozen=True)
class Phases:
    """How the class of every frame is evaluated; there is nothing to set."""


Settings = (
    Detection | Segmentation | Classification | Frames | Spotting | Phases
)


def detection_from(values: abc.Mapping[str, typing.Any]) -> Detection:
    """Settings from {name: value}.

    Raises:
        InputError: There is no setting of such a name.
    """
    known = [field.name for field in dataclasses.fields(Detection)]
    for name in values:
        if name not in known:
            raise errors.InputError(
                f"no setting {name!r}: expected some of {', '.join(known)}"
            )
    return Detection(**values)
