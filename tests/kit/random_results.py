"""Results of every protocol, of small random input with many equals."""

import dataclasses

from fsn_tf import segments
from fsn_tf.annotations import frame_labels
from fsn_tf.annotations import video_labels
from fsn_tf.evaluation import classification
from fsn_tf.evaluation import detection
from fsn_tf.evaluation import frame_protocols
from fsn_tf.evaluation import phases
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import segmentation
from fsn_tf.evaluation import settings
from fsn_tf.evaluation import spotting
from fsn_tf.grouping import frame_scores
from tests.kit import hard_cases

CLASSES, VIDEOS = hard_cases.CLASSES, hard_cases.VIDEOS


def scores_of(generator, levels=5):
    """{video: scores} of a few frames, with many equals."""
    return {
        video: frame_scores.FrameScores(
            (
                generator.integers(0, levels, (generator.integers(1, 9), 3)) / 4
            ).astype("f4"),
            1.0,
            CLASSES,
        )
        for video in VIDEOS
    }


def truth_of(generator):
    """Annotations with an ambiguous interval."""
    truth, _ = hard_cases.segments_of(generator)
    fuzzy = (segments.Instance("a", segments.AMBIGUOUS, 1.0, 2.0),)
    return dataclasses.replace(truth, ambiguous=fuzzy)


def labels_of(generator):
    """(true, found) classes of frames."""
    sizes = dict(zip(VIDEOS, generator.integers(1, 9, 4), strict=True))
    return [
        frame_labels.FrameLabels(
            CLASSES,
            {x: generator.integers(0, 3, size) for x, size in sizes.items()},
        )
        for _ in range(2)
    ]


def results_of(name, generator):
    """A result of random input by a protocol."""
    if name == protocols.CLASSIFICATION:
        labels = {x: (str(generator.choice(CLASSES)),) for x in VIDEOS}
        truth = video_labels.VideoLabels(CLASSES, VIDEOS, labels)
        scores = {
            x: dataclasses.replace(y, scores=y.scores[:1])
            for x, y in scores_of(generator).items()
        }
        return classification.evaluate(scores, truth)
    if name in (protocols.SEGMENTATION, protocols.PHASES):
        true, found = labels_of(generator)
        if name == protocols.PHASES:
            return phases.evaluate(found, true)
        return segmentation.evaluate(found, true, settings.Segmentation())
    truth = truth_of(generator)
    if name == protocols.SPOTTING:
        _, found = hard_cases.segments_of(generator)
        rules = settings.Spotting(nms=False, fps=1.0, tolerances=(0, 2))
        return spotting.evaluate(found, truth, rules)
    scores = scores_of(generator)
    if name in protocols.PROTOCOLS:
        rules = settings.Detection(protocol=name, tious=(0.3, 0.5))
        return detection.evaluate(scores, truth, rules)
    return frame_protocols.evaluate(
        scores, truth, settings.Frames(protocol=name)
    )
