"""Phase recognition: every frame's class, video by video."""

from collections import abc
import functools

import numpy as np

from fsn_tf import fingerprints
from fsn_tf.annotations import frame_labels
from fsn_tf.evaluation import measures
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import results
from fsn_tf.evaluation import segmentation

NAMES = ("accuracy", "precision", "recall", "jaccard")


def of_video(
    true: np.ndarray, found: np.ndarray, num_classes: int
) -> np.ndarray:
    """(3, K) precision, recall and Jaccard of each class in one video.

    A class that the video does not show has none, also where it was found;
    and one that was never found has no precision. Both are NaN.

    Args:
        true, found: (F,) int, the class of every frame.
        num_classes: K.
    """
    both = np.bincount(true[true == found], minlength=num_classes)
    shown = np.bincount(true, minlength=num_classes)
    named = np.bincount(found, minlength=num_classes)
    whole = np.array([named, shown, shown + named - both])
    return np.divide(
        both,
        whole,
        out=np.full(whole.shape, np.nan),
        where=(whole > 0) & (shown > 0),
    )


def scores(
    truths: abc.Sequence[np.ndarray],
    predictions: abc.Sequence[np.ndarray],
    num_classes: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Of a set of videos.

    Returns:
        ((V, 4) accuracy, and macro precision, recall and Jaccard, each the
        mean over the classes of a video; (V, 3, K) those of each class).
    """
    pairs = list(zip(truths, predictions, strict=True))
    per_class = np.array(
        [of_video(true, found, num_classes) for true, found in pairs]
    )
    known = ~np.isnan(per_class)
    macro = np.divide(
        np.nansum(per_class, axis=2),
        known.sum(axis=2),
        out=np.full(per_class.shape[:2], np.nan),
        where=known.any(axis=2),
    )
    accuracy = [[np.mean(true == found)] for true, found in pairs]
    return np.hstack([accuracy, macro]), per_class


def evaluate(
    found: frame_labels.FrameLabels,
    truth: frame_labels.FrameLabels,
    *,
    origin: results.Origin = results.ARRAYS,
) -> measures.Result:
    """Evaluates predicted frame labels.

    Args:
        found: What was predicted; more videos than annotated do not count.
        truth: The true classes.
        origin: The files that both come from.

    Raises:
        InputError: A video has no prediction or one of another length, or no
            class is in both.
    """
    notes = segmentation.check(truth, found)
    classes = tuple(dict.fromkeys((*truth.classes, *found.classes)))
    place = np.array([classes.index(name) for name in found.classes])
    per_video, per_class = scores(
        list(truth.labels.values()),
        [place[found.labels[video]] for video in truth.labels],
        len(classes),
    )
    columns = dict(zip(NAMES, per_video.T, strict=True))
    of_class = {
        name: [measures.mean(x) for x in per_class[:, row].T]
        for row, name in enumerate(NAMES[1:])
    }
    return measures.Result(
        protocol=protocols.PHASES,
        videos=tuple(truth.labels),
        notes=notes,
        options=origin.options,
        origin=origin,
        ground_truth_sha256=fingerprints.of_frame_labels(truth),
        measures={name: measures.mean(x) for name, x in columns.items()},
        deviations={name: _deviation(x) for name, x in columns.items()},
        per_class={
            name: {what: x[row] for what, x in of_class.items()}
            for row, name in enumerate(classes)
        },
        per_video=measures.by_name(list(truth.labels), columns),
        resample=functools.partial(measures.resampled_means, columns),
    )


def _deviation(values):
    """Of a sample, as MATLAB's std; 0 of one video."""
    known = values[~np.isnan(values)]
    if not known.size:
        return None
    return float(known.std(ddof=1)) if known.size > 1 else 0.0
