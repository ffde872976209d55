r"""What a trained WFSN has learned, and where in a video it looks.

    python -m benchmarks.weak_supervision --workdir=runs/wfsn \
        --prepared=features/validation --annotations=annotation_val

Prints, on videos with times: the loss on videos of several classes, beside
that of knowing the classes of such videos alone and the least there can be;
how often the highest score of a class lies in an action of that class, beside
chance; how often two classes of one video peak within three snippets; and how
well scores tell the frames of a class from the rest of its videos (AUC, 50 is
chance), class by class. Needs kept features, --stream=features.
"""

import argparse
import itertools

import numpy as np

from fsn_tf import annotations
from fsn_tf import segments
from fsn_tf.networks import fsn
from fsn_tf.networks import losses
from fsn_tf.snippets import feature_files
from fsn_tf.snippets import prepared_folders
from fsn_tf.training import checkpoints

_NEAR_SNIPPETS = 3


def auc(scores, positives):
    """Share of (positive, negative) pairs in order; ties count half."""
    values, place = np.unique(scores, return_inverse=True)
    counts = np.bincount(place, minlength=len(values))
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    hits, misses = positives.sum(), (~positives).sum()
    return (ranks[positives].sum() - hits * (hits + 1) / 2) / (hits * misses)


def entropy(shares):
    """Of distributions in rows, in nats."""
    logs = np.log(np.where(shares > 0, shares, 1))
    return -(shares * logs).sum(axis=-1)


def video_losses(network, experiment, features, targets):
    """(V,) loss of every video, from the middle of each of its M parts."""
    found = []
    head = fsn.head(network)
    middles = (np.arange(experiment.segments) + 0.5) / experiment.segments
    for of_video, target in zip(features, targets, strict=True):
        chosen = (middles * len(of_video)).astype(int)
        logits = head(of_video[None, chosen], training=False)
        found.append(losses.video_cross_entropy(logits, target[None])[0])
    return np.array(found)


def _labels(video, truth):
    own = [one for one in truth.instances if one.video == video.video]
    return segments.frame_labels(
        own, truth.classes, num_frames=video.num_frames, fps=video.fps
    )


def main():
    parser = argparse.ArgumentParser()
    for name in ("workdir", "prepared", "annotations"):
        parser.add_argument(f"--{name}", required=True)
    args = parser.parse_args()
    truth = annotations.read(args.annotations)
    network, experiment, _ = checkpoints.load_network(args.workdir)
    index = prepared_folders.index(args.prepared, feature_files.STREAM)
    videos = [index[name] for name in truth.videos]
    features = [np.array(feature_files.load(video)) for video in videos]
    labels = [_labels(video, truth) for video in videos]
    shown = np.array([of_video.any(axis=0) for of_video in labels])
    targets = (shown / shown.sum(axis=1, keepdims=True)).astype("float32")
    _print_losses(video_losses(network, experiment, features, targets), targets)
    dense = fsn.frame_head(network, experiment)
    logits = [
        np.array(dense(of_video[None]))[0, : len(of_labels)]
        for of_video, of_labels in zip(features, labels, strict=True)
    ]
    _print_peaks(logits, labels, _NEAR_SNIPPETS * experiment.snippet_frames)
    _print_order(logits, labels, truth.classes)


def _print_losses(of_videos, targets):
    several = (targets > 0).sum(axis=1) > 2
    if not several.any():
        print("no video shows more than two classes")
        return
    mine = targets[several]
    print(
        f"loss on {len(mine)} videos of several classes "
        f"{of_videos[several].mean():.2f}; knowing the classes of such videos "
        f"{entropy(mine.mean(axis=0)):.2f}, least {entropy(mine).mean():.2f}"
    )


def _print_peaks(logits, labels, near):
    right, chance, together = [], [], []
    for scores, shows in zip(logits, labels, strict=True):
        own = np.flatnonzero(shows.any(axis=0))
        peaks = scores[:, own].argmax(axis=0)
        right += list(shows[peaks, own])
        chance += list(shows[:, own].mean(axis=0))
        pairs = itertools.combinations(peaks, 2) if len(own) > 2 else ()
        together += [abs(first - second) <= near for first, second in pairs]
    print(
        f"peaks in an action of their class {np.mean(right):.0%}, by chance "
        f"{np.mean(chance):.0%}; pairs of classes that peak together "
        f"{np.mean(together) if together else np.nan:.0%}"
    )


def _print_order(logits, labels, classes):
    for index, name in enumerate(classes):
        found = [
            auc(np.array(fsn.probabilities(scores))[:, index], shows[:, index])
            for scores, shows in zip(logits, labels, strict=True)
            if 0 < shows[:, index].mean() < 1
        ]
        print(f"AUC {100 * np.mean(found) if found else np.nan:5.1f}  {name}")


if __name__ == "__main__":
    main()
