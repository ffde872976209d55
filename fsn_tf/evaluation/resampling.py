"""Measures of test sets drawn again from the videos: a bootstrap.

A video drawn twice counts twice, and all that is in it; copies of a detection
or a frame tie, and all get the precision after the last of them.
"""

from collections import abc

import numpy as np

from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import ranking

# Numbers in memory at a time: of a table of hits and videos, and of resamples
# and hits.
_TABLE, _PART = 2**20, 2**21
# A number of a matrix product costs less than a look-up, by about as much.
_LOOKUP = 50


def draws(num_videos: int, num_resamples: int, seed: int) -> np.ndarray:
    """(B, V) int, how often each video is in each resampled test set.

    As many videos as there are, drawn with replacement.
    """
    generator = np.random.default_rng(seed)
    share = np.full(num_videos, 1 / num_videos)
    return generator.multinomial(num_videos, share, size=num_resamples)


def resampled_map(
    ranked: ranking.Ranking,
    instance_counts: np.ndarray,
    weights: np.ndarray,
    *,
    protocol: protocols.Protocol = protocols.THUMOS14,
) -> np.ndarray:
    """Segment mAP of every resampled test set.

    If every video is drawn once it is the mAP of metrics.ranking_map.

    Args:
        ranked: The detections that count, by class and score.
        instance_counts: (K, V) int, see ranking.instance_counts.
        weights: (B, V), see draws.
        protocol: By which they were matched.

    Returns:
        (B,) mean over the classes that the resampled set shows, or NaN.
    """
    sums, known = np.zeros((2, len(weights)))
    drawn = by_video(weights)
    # As floats, of which NumPy makes products fast, and exact for counts.
    totals_of = instance_counts.astype(float) @ drawn  # (K, B)
    for label in np.flatnonzero(instance_counts.any(axis=1)):
        start, stop = np.searchsorted(ranked.label, [label, label + 1])
        mine = ranked.take(np.arange(start, stop))
        totals = totals_of[label]
        sums += np.where(totals, _ap(mine, drawn, totals, protocol), 0)
        known += totals > 0
    return np.divide(
        sums, known, out=np.full(len(weights), np.nan), where=known > 0
    )


def by_video(weights: np.ndarray) -> np.ndarray:
    """(V, B) float of (B, V), so that the draws of a video lie together."""
    return np.ascontiguousarray(weights.T, dtype=float)


def _ap(ranked, drawn, totals, protocol):
    """(B,) AP of one class; `drawn` (V, B), `totals` (B,) instances."""
    hits = np.flatnonzero(ranked.right)  # (H,)
    # Of many videos few have detections of one class.
    used, video = np.unique(ranked.video, return_inverse=True)
    size = max(_PART // max(len(hits), 1), 1)
    return np.concatenate(
        [
            _ap_of_part(video, hits, drawn[used, rows], totals[rows], protocol)
            for rows in _slices(len(totals), size)
        ]
    )


def _ap_of_part(video, hits, drawn, totals, protocol):
    copies = drawn[video[hits]].T  # (B, H)
    true = np.cumsum(copies, axis=1)
    ranks = np.zeros_like(copies)
    for some, seen in seen_at(video, hits, drawn):
        ranks[:, some] = seen.T
    precision = np.where(copies, true / np.maximum(ranks, 1), 0)
    return protocol.resampled_precision(
        precision, copies, np.maximum(totals, 1)
    )


def seen_at(
    video: np.ndarray, hits: np.ndarray, drawn: np.ndarray
) -> abc.Iterator[tuple[slice, np.ndarray]]:
    """How many of a drawn ranking there are down to each hit.

    Args:
        video: (M,) int, the video of each that is ranked, the best first.
        hits: (H,) int, rising, which of them are asked for.
        drawn: (V, B), see by_video.

    Yields:
        (which hits, (h, B) whole numbers), the hits in order.
    """
    num_videos, num_resamples = drawn.shape
    size = max(min(_TABLE // max(num_videos, 1), _PART // num_resamples), 1)
    before, first = np.zeros(num_resamples), 0
    for some in _slices(len(hits), size):
        ends = hits[some] + 1 - first
        part = video[first : first + ends[-1]]
        if len(ends) * num_videos > _LOOKUP * len(part):
            seen = np.cumsum(drawn[part], axis=0)[ends - 1]
        else:
            # Whole numbers, so the product is exact on any machine.
            seen = _counts(part, ends, num_videos) @ drawn
        seen += before
        before, first = seen[-1].copy(), first + ends[-1]
        yield some, seen


def _counts(video, ends, num_videos):
    """(h, V) float, how many of each video are before each of the ends."""
    place = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
    counts = np.bincount(
        place * num_videos + video, minlength=len(ends) * num_videos
    )
    return np.cumsum(counts.reshape(len(ends), num_videos), axis=0, dtype=float)


def _slices(total, size):
    return [slice(x, min(x + size, total)) for x in range(0, total, size)]


def difference_p(change: np.ndarray) -> float | None:
    """How easily chance in the choice of videos undoes a difference.

    Args:
        change: (B,) resampled differences.

    Returns:
        Twice the share of them on the rarer side of zero, itself included;
        None where none is a number.
    """
    known = change[~np.isnan(change)]
    if not known.size:
        return None
    rarer = min((known <= 0).sum(), (known >= 0).sum())
    return min(1.0, 2 * (int(rarer) + 1) / (len(known) + 1))


def corrected(ps: abc.Sequence[float | None]) -> list[float | None]:
    """p of several tests, corrected for how many they are (Holm 1979).

    Args:
        ps: p of each; None is no test.
    """
    known = sorted((p, place) for place, p in enumerate(ps) if p is not None)
    result: list[float | None] = [None] * len(ps)
    largest = 0.0
    for number, (p, place) in enumerate(known):
        largest = max(largest, min(1.0, p * (len(known) - number)))
        result[place] = largest
    return result
