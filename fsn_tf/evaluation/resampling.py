"""mAP of test sets drawn again from the videos: a bootstrap."""

import numpy as np

from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import ranking


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

    A video drawn twice counts twice, instances, hits and false positives
    alike; the copies of a detection tie, and all get the precision after the
    last of them. If every video is drawn once it is the mAP of
    metrics.ranking_map.

    Args:
        ranked: The detections that count, by class and score.
        instance_counts: (K, V) int, see ranking.instance_counts.
        weights: (B, V), see draws.
        protocol: By which they were matched.

    Returns:
        (B,) mean over the classes that the resampled set shows, or NaN.
    """
    sums, known = np.zeros((2, len(weights)))
    weights = weights.astype(float)
    for label in np.flatnonzero(instance_counts.any(axis=1)):
        mine = ranked.take(ranked.label == label)
        totals = weights @ instance_counts[label]
        sums += np.where(totals, _ap(mine, weights, totals, protocol), 0)
        known += totals > 0
    return np.divide(
        sums, known, out=np.full(len(weights), np.nan), where=known > 0
    )


def _ap(ranked, weights, totals, protocol):
    """(B,) AP of one class; `totals` (B,) instances."""
    hits = np.flatnonzero(ranked.right)  # (H,)
    copies = weights[:, ranked.video[hits]]  # (B, H)
    true = np.cumsum(copies, axis=1)
    # (B, V) x (V, H). Whole numbers, so the product is exact on any machine.
    ranks = weights @ _seen(ranked, hits, weights.shape[1]).T
    precision = np.where(copies, true / np.maximum(ranks, 1), 0)
    return protocol.resampled_precision(
        precision, copies, np.maximum(totals, 1)
    )


def _seen(ranked, hits, num_videos):
    """(H, V) how many detections of each video rank as high as each hit."""
    # The first hit at or after each detection; behind the last there is none.
    until = np.searchsorted(hits, np.arange(len(ranked.row)))
    rows = until < len(hits)
    seen = np.zeros((len(hits), num_videos))
    np.add.at(seen, (until[rows], ranked.video[rows]), 1)
    return np.cumsum(seen, axis=0)
