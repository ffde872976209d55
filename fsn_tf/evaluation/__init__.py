"""How good scores, segments and labels are (Section 4.2)."""

from collections.abc import Mapping
import types
from typing import Any


def evaluate(found: Any, annotations: Any, **settings: Any) -> Any:
    """Segment mAP of detections, or frame mAP and segment mAP of scores.

    >>> truth = fsn_tf.read_annotations("test.csv")
    >>> found = fsn_tf.read_detections("found.csv", classes=truth.classes)
    >>> fsn_tf.evaluate(found, truth, tious=(0.5,)).segment_map
    {0.5: 0.5}
    """
    # Loaded when first used, so that naming this package costs nothing.
    from fsn_tf.evaluation import detection

    evaluate = (
        detection.evaluate_scores
        if isinstance(found, Mapping)
        else detection.evaluate_detections
    )
    result = types.SimpleNamespace(
        **evaluate(found, annotations, **settings).results
    )
    for name in ("segment_map", "segment_ap"):
        values = getattr(result, name)
        setattr(result, name, {float(x): y for x, y in values.items()})
    return result
