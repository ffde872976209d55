"""From files to an Evaluation that says what it was made from."""

import pathlib

from fsn_tf import annotations as ground_truth
from fsn_tf import fingerprints
from fsn_tf.annotations import numbering
from fsn_tf.annotations import test_sets
from fsn_tf.evaluation import detection
from fsn_tf.grouping import frame_scores


def evaluate_score_folders(
    folders,
    annotations,
    *,
    weights=None,
    fusion="probabilities",
    subset=None,
    test_videos=213,
    **options,
):
    """Fuses the frame scores of one or more streams and evaluates them.

    Args:
        folders: One folder of score files per stream.
        annotations: Path of the ground truth, see annotations.read.
        weights: One number per folder; equal weights if None.
        fusion: Of what their mean is taken, a key of fusion.FUSIONS.
        subset: Which videos of an ActivityNet JSON count.
        test_videos: Which of THUMOS'14's test videos count, a key of
            annotations.test_videos.WITHOUT.
        **options: See detection.evaluate_scores.

    Returns:
        detection.Evaluation.
    """
    weights = [1.0] * len(folders) if weights is None else weights
    scores = frame_scores.fuse(folders, weights, fusion=fusion)
    classes = next(iter(scores.values())).action_classes
    whole = ground_truth.read(annotations, classes=classes, subset=subset)
    truth = test_sets.chosen(whole, test_videos)
    done = detection.evaluate_scores(scores, truth, **options)
    done.results["origins"] = frame_scores.origins(folders)
    inputs = {
        "scores": list(map(str, folders)),
        "fusion_weights": weights,
        "fusion": fusion,
    }
    _record(done, inputs, folders, truth, annotations, subset, test_videos)
    return done


def evaluate_detections_file(
    path, annotations, *, subset=None, test_videos=213, **options
):
    """Evaluates anybody's detections; arguments and results as above."""
    whole = ground_truth.read(annotations, subset=subset)
    truth = test_sets.chosen(whole, test_videos)
    is_kit = pathlib.Path(annotations).is_dir()
    detections = ground_truth.read_detections(
        path,
        classes=truth.classes,
        videos=truth.videos,
        class_ids=numbering.class_list(annotations) if is_kit else None,
    )
    done = detection.evaluate_detections(detections, truth, **options)
    done.results["notes"] += detections.notes
    inputs = {"detections": str(path)}
    _record(done, inputs, [path], truth, annotations, subset, test_videos)
    return done


def _record(done, inputs, paths, truth, annotations, subset, test_videos):
    """Notes what an evaluation was made from in its results."""
    done.results["options"] |= {
        **inputs,
        "annotations": str(annotations),
        "subset": subset,
        "test_videos": test_videos,
    }
    used = [*paths, annotations, *_class_list_outside(annotations)]
    ground_truth_sha256 = fingerprints.of_annotations(truth)
    done.results.update(fingerprints.origin(used, ground_truth_sha256))


def _class_list_outside(annotations):
    """The class list of a kit folder, if it lies in the folder around it."""
    folder = pathlib.Path(annotations)
    path = numbering.class_list_path(folder) if folder.is_dir() else None
    return [] if path is None or path.parent == folder else [path]
