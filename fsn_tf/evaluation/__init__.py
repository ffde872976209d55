"""How good scores, segments and labels are (Section 4.2).

The walk of a score, from files to a result, and where each step is:

    from_files      reads scores, detections or labels, and the ground truth
    detection       walks the steps below, and makes the result
    scored_videos   puts the scores of frames beside their labels
    metrics         ranks frames: frame mAP
    grouping/       thresholds make segments of scores, suppression thins them
    ranking         matches segments with instances by the protocol's rule
    metrics         sums up their precision as the protocol does: segment mAP
    diagnosis       says where mAP is lost
    meaning         says what chance reaches, how sure figures are, and what
                    is lost in which videos

protocols says how the rules differ; settings, by which of them to go. A result
holds every metric; reports/ shows it and writes its files, of which
results_schema tells what is in results.json. Frame-wise segmentation and
classification of whole videos go the same way by modules of their names.
"""

from collections import abc
import typing

if typing.TYPE_CHECKING:
    from fsn_tf import segments
    from fsn_tf.evaluation import detection
    from fsn_tf.grouping import frame_scores


def evaluate(
    found: "segments.Detections | abc.Mapping[str, frame_scores.FrameScores]",
    annotations: "segments.Annotations",
    **settings: typing.Any,
) -> "detection.Result":
    """Segment mAP of detections, or frame mAP and segment mAP of scores.

    Examples:
        >>> import fsn_tf
        >>> truth = fsn_tf.Annotations.from_rows([("v", "Diving", 1.0, 3.0)])
        >>> found = fsn_tf.Detections.from_rows(
        ...     [("v", "Diving", 1.0, 2.5, 0.9)], classes=truth.classes
        ... )
        >>> result = fsn_tf.evaluate(found, truth, tious=[0.5, 0.8])
        >>> result.segment_map
        {0.5: 1.0, 0.8: 0.0}

    Args:
        found: Detections, or {video: its scores}, of the same classes as the
            annotations.
        annotations: The instances to find.
        **settings: The fields of settings.Detection, such as protocol, tious
            and nms. What is not given is as in the paper.

    Returns:
        A result with the attributes segment_map, segment_ap, frame_map,
        frame_ap, notes and more; reports.result_files writes its files.

    Raises:
        InputError: There is no such setting, or the classes differ, or an
            annotated video has no scores.
    """
    # Loaded when first used, so that naming this package costs nothing.
    from fsn_tf.evaluation import detection
    from fsn_tf.evaluation import settings as evaluation_settings

    return detection.evaluate(
        found, annotations, evaluation_settings.detection_from(settings)
    )
