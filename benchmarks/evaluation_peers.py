"""What evaluation is timed beside: other ways to the same numbers."""

import numpy as np

from fsn_tf import segments


def segment_map_by_loop(annotations, detections, tious, overlaps):
    """The loop of ActivityNet's evaluation, for all tIoU at once.

    Args:
        overlaps: in_dictionaries or in_pandas.

    Returns:
        (tIoU, K) AP.
    """
    per_class = []
    for label, name in enumerate(annotations.classes):
        mine = [one for one in annotations.instances if one.label == name]
        rows = np.flatnonzero(detections.label == label)
        rows = rows[np.argsort(-detections.score[rows], kind="stable")]
        near = overlaps(mine, detections.take(rows))
        per_class.append(_class_by_loop(near, tious, len(rows), len(mine)))
    return np.stack(per_class, axis=1)


def _class_by_loop(near, tious, num_detections, num_instances):
    locked = np.zeros((len(tious), num_instances), bool)
    hits = np.zeros((len(tious), num_detections))
    for rank, (number, overlap) in enumerate(near):
        for index, tiou in enumerate(tious):
            for best in overlap.argsort()[::-1]:
                if overlap[best] < tiou:
                    break
                if not locked[index, number[best]]:
                    locked[index, number[best]] = True
                    hits[index, rank] = 1
                    break
    true = np.cumsum(hits, axis=1)
    precision = true / np.arange(1, num_detections + 1)
    envelope = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    return (envelope * hits).sum(axis=1) / num_instances


_NONE = np.zeros(0, int), np.zeros(0)


def in_dictionaries(instances, detections):
    """Yields (instances of its video, tIoU with each) of every detection."""
    rows = {}
    for number, one in enumerate(instances):
        times = number, one.start_seconds, one.end_seconds
        rows.setdefault(one.video, []).append(times)
    tables = {video: np.array(times).T for video, times in rows.items()}
    for row in range(len(detections)):
        video = detections.videos[detections.video[row]]
        if video not in tables:
            yield _NONE
            continue
        number, first, last = tables[video]
        start, end = detections.start_seconds[row], detections.end_seconds[row]
        yield number.astype(int), segments.tiou(start, end, first, last)


def in_pandas(instances, detections):
    """The same from pandas tables, which ActivityNet's evaluation uses."""
    import pandas

    times = ["t-start", "t-end"]
    truth = pandas.DataFrame(
        [(one.video, one.start_seconds, one.end_seconds) for one in instances],
        columns=["video-id", *times],
    )
    found = pandas.DataFrame(
        {
            "video-id": np.array(detections.videos)[detections.video],
            "t-start": detections.start_seconds,
            "t-end": detections.end_seconds,
        }
    )
    by_video = truth.groupby("video-id")
    for _, one in found.iterrows():
        try:
            group = by_video.get_group(one["video-id"])
        except KeyError:
            yield _NONE
            continue
        group = group.reset_index()
        start, end = one[times].values
        first, last = group[times].values.T
        yield group["index"].values, segments.tiou(start, end, first, last)


def scikit_learn_frame_map(frames):
    """AP of every class by scikit-learn."""
    from sklearn import metrics as peer

    scores_by_class, labels = (one.T for one in frames)
    return [
        peer.average_precision_score(shows, one)
        for one, shows in zip(scores_by_class, labels, strict=True)
    ]


def stable_frame_map(frames):
    """AP of every class by a stable argsort, which ours must equal."""
    per_class = []
    for one, shows in zip(*(each.T for each in frames), strict=True):
        hits = shows[np.argsort(-one, kind="stable")]
        precision = np.cumsum(hits) / np.arange(1, hits.size + 1)
        per_class.append(precision[hits].mean())
    return per_class
