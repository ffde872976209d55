"""From files to a result that says what it was made from."""

from collections import abc
import dataclasses
import pathlib
import typing

from fsn_tf import annotations as ground_truth
from fsn_tf import errors
from fsn_tf import fingerprints
from fsn_tf import progress
from fsn_tf import segments
from fsn_tf.annotations import class_lists
from fsn_tf.annotations import frame_labels
from fsn_tf.annotations import numbering
from fsn_tf.annotations import test_sets
from fsn_tf.annotations import video_labels
from fsn_tf.evaluation import evaluators
from fsn_tf.evaluation import meaning
from fsn_tf.evaluation import results
from fsn_tf.evaluation import scored_videos
from fsn_tf.evaluation import settings as evaluation_settings
from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import score_folders

Result = evaluators.Result


@dataclasses.dataclass(frozen=True)
class Inputs:
    """Ground truth, and one of what may be evaluated on it.

    Attributes:
        annotations: Of instances, see annotations.read; for segmentation of
            frames, see frame_labels.read; for classification of whole videos,
            see video_labels.read.
        scores: Folders of score files, one per stream; several are fused.
        fusion_weights: One number per folder; equal weights if None.
        fusion: Of what the mean is taken, a key of fusion.FUSIONS.
        detections: A file instead of scores, see annotations.read_detections.
        class_list: What class ids in it mean, see class_lists.Sources.
        predicted_labels: Frame labels instead of scores, for segmentation.
        subset: Which videos of an ActivityNet JSON count.
        test_videos: Which of THUMOS'14's test videos count, a key of
            test_sets.WITHOUT.
        mapping: Of folders of frame labels, MS-TCN's list of the classes.
        videos: Of a folder of frame labels, MS-TCN's list of the annotated
            videos that count; None counts all.

    Raises:
        InputError: There is not exactly one thing to evaluate.
    """

    annotations: pathlib.Path | str
    scores: abc.Sequence[pathlib.Path | str] = ()
    fusion_weights: abc.Sequence[float] | None = None
    fusion: str = "probabilities"
    detections: pathlib.Path | str | None = None
    class_list: pathlib.Path | str | None = None
    predicted_labels: pathlib.Path | str | None = None
    subset: str | None = None
    test_videos: int = 213
    mapping: pathlib.Path | str | None = None
    videos: pathlib.Path | str | None = None

    def __post_init__(self):
        given = (self.scores or None, self.detections, self.predicted_labels)
        if sum(one is not None for one in given) != 1:
            raise errors.InputError(
                "expected one of scores, detections and predicted_labels"
            )

    @property
    def weights(self) -> list[float]:
        """The weight of each folder."""
        if self.fusion_weights is None:
            return [1.0] * len(self.scores)
        return list(self.fusion_weights)

    def fused(self) -> score_folders.Fused:
        """The scores of every video, each read when it is asked for."""
        return score_folders.Fused(
            self.scores, self.weights, fusion=self.fusion
        )


def evaluate(
    inputs: Inputs,
    settings: evaluation_settings.Settings,
    asked: meaning.Asked | None = None,
) -> Result:
    """Evaluates what lies in files; the settings say of which kind.

    Args:
        inputs: The files.
        settings: By which rules.
        asked: How to find what the figures mean; None leaves it.

    Raises:
        InputError: A file is broken, or the files do not fit each other.
    """
    given = read(inputs, settings)
    result = evaluators.evaluate(given, settings)
    if asked is None:
        return result
    return meaning.explained(given, settings, result, asked)


def read(
    inputs: Inputs, settings: evaluation_settings.Settings
) -> evaluators.Given:
    """Reads what the settings ask for.

    Raises:
        InputError: A file is broken.
    """
    return _READERS[type(settings)](inputs)


def _segments(inputs):
    """Detections or scores, and instances."""
    found: typing.Any
    if inputs.scores:
        found, truth = scored(inputs)
        notes: tuple[str, ...] = ()
    else:
        truth = instances(inputs)
        is_kit = pathlib.Path(inputs.annotations).is_dir()
        found = ground_truth.read_detections(
            inputs.detections,
            classes=truth.classes,
            videos=truth.videos,
            class_ids=(
                numbering.class_list(inputs.annotations) if is_kit else None
            ),
            numbered_in=class_lists.Sources(
                inputs.class_list, inputs.annotations
            ),
        )
        notes = found.notes
    rules = {"subset": inputs.subset, "test_videos": inputs.test_videos}
    lists = _class_list_outside(inputs.annotations)
    if inputs.class_list is not None:
        rules["class_list"] = str(inputs.class_list)
        lists.append(inputs.class_list)
    origin = _origin(inputs, rules, lists)
    return evaluators.Given(found, truth, notes, origin)


def scored(
    inputs: Inputs,
) -> tuple[abc.Mapping[str, frame_scores.FrameScores], segments.Annotations]:
    """The scores, called as the annotations call their videos, and these."""
    found = inputs.fused()
    classes = next(iter(found.values())).action_classes
    truth = instances(inputs, classes)
    return scored_videos.called(found, truth.videos), truth


def instances(
    inputs: Inputs, classes: abc.Sequence[str] | None = None
) -> segments.Annotations:
    """The instances to find, of the classes that scores have."""
    whole = ground_truth.read(
        inputs.annotations, classes=classes, subset=inputs.subset
    )
    return test_sets.chosen(whole, inputs.test_videos)


def _labels(inputs):
    """Predicted frame labels, and true ones."""
    mapping, videos = inputs.mapping, inputs.videos
    truth = frame_labels.read(
        inputs.annotations, mapping=mapping, videos=videos
    )
    if inputs.scores:
        found = frame_labels.of_scores(inputs.fused())
    else:
        found = frame_labels.read(
            inputs.predicted_labels, predicted=True, mapping=mapping
        )
    lists = {
        name: str(path)
        for name, path in {"mapping": mapping, "videos": videos}.items()
        if path is not None
    }
    return evaluators.Given(
        found, truth, (), _origin(inputs, lists, lists.values())
    )


def _whole_videos(inputs):
    """Scores and labels of whole videos."""
    truth = video_labels.read(inputs.annotations, subset=inputs.subset)
    origin = _origin(inputs, {"subset": inputs.subset})
    return evaluators.Given(inputs.fused(), truth, (), origin)


_READERS: dict[type, abc.Callable[[Inputs], evaluators.Given]] = {
    evaluation_settings.Detection: _segments,
    evaluation_settings.Segmentation: _labels,
    evaluation_settings.Classification: _whole_videos,
    evaluation_settings.Frames: _segments,
    evaluation_settings.Spotting: _segments,
    evaluation_settings.Phases: _labels,
}


def _origin(inputs, rules, more_paths=()):
    """The results.Origin of these inputs; `rules` say how they are read."""
    if inputs.scores:
        options = {
            "scores": list(map(str, inputs.scores)),
            "fusion_weights": inputs.weights,
            "fusion": inputs.fusion,
        }
        paths = inputs.scores
    else:
        name = "detections"
        if inputs.detections is None:
            name = "predicted_labels"
        paths = [getattr(inputs, name)]
        options = {name: str(paths[0])}
    annotations = {"annotations": str(inputs.annotations)}
    location = ground_truth.location(inputs.annotations)
    return results.Origin(
        options=options | annotations | rules,
        networks=frame_scores.origins(inputs.scores),
        sha256={
            str(path): fingerprints.of_path(path, follow=_followed)
            for path in dict.fromkeys([*paths, location, *more_paths])
        },
    )


def _followed(paths):
    return progress.followed(paths, len(paths), "fingerprints")


def _class_list_outside(annotations):
    """The class list of a kit folder, if it lies in the folder around it."""
    folder = pathlib.Path(annotations)
    path = numbering.class_list_path(folder) if folder.is_dir() else None
    return [] if path is None or path.parent == folder else [path]
