"""A network in training, measured as predict and evaluate would do it."""

from collections.abc import Callable
from collections.abc import Mapping
import dataclasses
import functools
import sys

import numpy as np

from fsn_tf.annotations import frame_labels
from fsn_tf.annotations import video_labels
from fsn_tf.errors import InputError
from fsn_tf.evaluation import classification
from fsn_tf.evaluation import detection
from fsn_tf.evaluation import segmentation
from fsn_tf.evaluation import settings
from fsn_tf.experiment import Experiment
from fsn_tf.grouping.frame_scores import FrameScores
from fsn_tf.grouping.frame_scores import classes_of
from fsn_tf.prediction import frame_prediction
from fsn_tf.prediction import prepared_videos
from fsn_tf.prediction import stretches
from fsn_tf.prediction import video_prediction
from fsn_tf.snippets.prepared_folders import PreparedVideo
from fsn_tf.training import checkpoints
from fsn_tf.training.examples import TrainingSet
from fsn_tf.training.validation import Metrics
from fsn_tf.training.validation import Validation
from fsn_tf.tuning.held_out import HeldOut

# Scores of every frame of a video, and of the video as a whole; () for none.
Scores = tuple[np.ndarray | None, np.ndarray | None]


def validation(
    held_out: HeldOut, experiment: Experiment, data: TrainingSet
) -> Validation:
    """How the network of a training run is measured on other videos.

    Args:
        held_out: HeldOut.
        experiment: Experiment that is trained.
        data: What it learns from.

    Raises:
        InputError: A video is not prepared, or not as those that are learned
            from, or shows a class that is not learned.
    """
    _check_classes(held_out, data)
    _note_overlap(held_out, data)
    videos, failures = prepared_videos.chosen_videos(
        held_out.prepared, experiment, data.facts(), held_out.videos
    )
    if failures:
        raise failures[0]
    scored = functools.cache(lambda: _Scored(held_out, experiment, data))

    def measure(weights):
        # Made when first asked for: not while the trainer sets its seeds.
        return scored().metrics(weights, videos)

    return Validation(
        measure, held_out.steps, held_out.best_by, held_out.facts()
    )


def _check_classes(held_out, data):
    """Raises InputError on classes that a network cannot know."""
    backgrounds = frame_labels.background_names(
        held_out.background, held_out.labels.classes
    )
    known = {*data.classes, *backgrounds}
    unknown = sorted(set(_shown(held_out)) - known)
    if unknown:
        raise InputError(
            f"{held_out.name}: {len(unknown)} classes of the validation "
            f"videos are not among those that are learned, such as {unknown[0]}"
        )


def _shown(held_out):
    """Names of the classes that occur."""
    if held_out.times is not None:
        return [one.label for one in held_out.times.instances]
    labels = held_out.labels
    if isinstance(labels, frame_labels.FrameLabels):
        used = set().union(*(np.unique(x) for x in labels.labels.values()))
        return [labels.classes[one] for one in used]
    return [name for names in labels.labels.values() for name in names]


def _note_overlap(held_out, data):
    both = sorted({x.video for x in data.videos} & set(held_out.videos))
    if both:
        print(
            f"note: {len(both)} of {len(held_out.videos)} validation videos "
            f"are learned from, such as {both[0]}: what is measured on them "
            "says little",
            file=sys.stderr,
        )


class _Scored:
    """The network as it predicts, and what its scores are worth."""

    def __init__(self, held_out, experiment, data):
        self._held_out = held_out
        self._classes = tuple(data.classes)
        facts = data.facts()
        self._network = checkpoints.for_prediction(experiment, facts)
        self._score = _scorer(
            self._network, experiment, facts.get("frame_size"), held_out
        )
        self._of_frames = tuple(classes_of(experiment.network, self._classes))

    def metrics(
        self, weights: Mapping[str, np.ndarray], videos: list[PreparedVideo]
    ) -> Metrics:
        """See validation.Validation.measure."""
        for variable in self._network.variables:
            variable.assign(weights[variable.path])
        frames, rows = {}, {}
        for video in videos:
            of_frames, of_video = self._score(video)
            if of_frames is not None:
                frames[video.video] = FrameScores(
                    of_frames, video.fps, self._of_frames
                )
            if of_video is not None:
                rows[video.video] = FrameScores(of_video, 1.0, self._classes)
        return self._compared(frames, rows)

    def _compared(self, frames, rows):
        held_out = self._held_out
        if isinstance(held_out.labels, frame_labels.FrameLabels):
            return _of_labels(frames, held_out)
        found: Metrics = {}
        if isinstance(held_out.labels, video_labels.VideoLabels):
            result = classification.evaluate(rows, held_out.labels)
            found["accuracy"] = result.accuracy.top1
        if held_out.times is not None:
            found |= _of_times(frames, held_out, self._classes)
        return found


def _scorer(
    network, experiment, frame_size, held_out
) -> Callable[[PreparedVideo], Scores]:
    """A function from a prepared video to its scores."""
    if experiment.network == "tsn":
        of_video = video_prediction.scorer(network, experiment, learning=True)
        return lambda video: (None, of_video(video))
    papers = prepared_videos.PAPERS_INFERENCE[experiment.network]
    inference = held_out.inference or papers
    if experiment.network == "fsn":
        of_frames = frame_prediction.scorer(
            network, experiment, frame_size, inference, learning=True
        )
        return lambda video: (of_frames(video), None)
    predictor = frame_prediction.KerasPredictor(
        network, experiment, frame_size, learning=True
    )
    pooled = video_prediction.pooled(network, experiment, learning=True)

    def score(video):
        # Seen once by the 2D CNN, for both scores.
        chunks = list(video.features(predictor.features))
        of_video = pooled(np.concatenate(chunks))
        if held_out.times is None:
            return None, of_video
        of_frames = stretches.INFERENCES[inference](chunks, predictor)
        return np.concatenate(list(of_frames))[: video.num_frames], of_video

    return score


def _of_times(frames, held_out, classes) -> Metrics:
    """Frame mAP and segment mAP."""
    truth = dataclasses.replace(held_out.times, classes=classes)
    rules = settings.Detection(tious=held_out.tious, diagnose=False)
    result = detection.evaluate(frames, truth, rules)
    if result.frame_map is None or result.average_map is None:
        raise InputError(
            f"{held_out.name}: no frame of the validation videos shows an "
            "action; check that the times are in seconds"
        )
    found = {"frame_map": result.frame_map, "segment_map": result.average_map}
    half = result.segment_map.get(0.5)
    return found if half is None else {**found, "segment_map_0.5": half}


def _of_labels(frames, held_out) -> Metrics:
    """Accuracy, edit score and F1 of frame-wise segmentation."""
    mean = segmentation.evaluate(
        frame_labels.of_scores(frames),
        held_out.labels,
        settings.Segmentation(held_out.background),
    ).mean
    f1 = {f"f1_{100 * tiou:g}": value for tiou, value in mean.f1.items()}
    return {"accuracy": mean.accuracy, "edit": mean.edit, **f1}
