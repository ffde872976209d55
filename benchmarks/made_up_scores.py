"""Scores and annotations of videos that nobody filmed."""

import numpy as np

from fsn_tf import segments
from fsn_tf.grouping import frame_scores as score_files

CLASSES = tuple(f"Action{index:02d}" for index in range(20))
FPS = 25.0


def made_up_test_set(
    seed=0, num_videos=213, num_frames=1_300_000, classes=CLASSES
):
    """Scores of a plausible network: peaks at instances, misses, false ones.

    Returns:
        (segments.Annotations, {video: frame_scores.FrameScores}).
    """
    generator = np.random.default_rng(seed)
    lengths = generator.lognormal(0, 0.7, num_videos)
    lengths = np.maximum(lengths / lengths.sum() * num_frames, 500).astype(int)
    instances, frame_scores = [], {}
    for index, length in enumerate(lengths):
        video = f"video_test_{index:07d}"
        found, probabilities = _made_up_video(generator, video, length, classes)
        instances += found
        frame_scores[video] = score_files.FrameScores(
            probabilities, FPS, (*classes, score_files.BACKGROUND)
        )
    instances.sort(key=lambda one: (one.label, one.video))
    ambiguous = [
        segments.Instance(video, segments.AMBIGUOUS, 3.0, 6.0)
        for video in list(frame_scores)[::2]
    ]
    annotations = segments.Annotations(
        classes, tuple(frame_scores), tuple(instances), tuple(ambiguous)
    )
    return annotations, frame_scores


def _made_up_video(generator, video, num_frames, classes):
    """(instances, (T, K + 1) float32 probabilities) of one video."""
    num_snippets = -(-num_frames // 5)
    logits = generator.normal(0, 1, (num_snippets, len(classes) + 1))
    logits[:, -1] += 6
    label = generator.integers(len(classes))
    instances = []
    # About 16 instances and as many false alarms a video, as on THUMOS'14.
    for event in range(max(2, round(32 * num_frames / 6100))):
        length = generator.lognormal(1.2, 0.6)
        start = generator.uniform(0, max(num_frames / FPS - length, 0.1))
        first, stop = int(start * 5), int((start + length) * 5) + 1
        column = label if event % 2 else generator.integers(len(classes))
        logits[first:stop, column] += generator.normal(7, 2)
        if event % 2:
            name = classes[label]
            instances.append(
                segments.Instance(video, name, start, start + length)
            )
    # Bilinear upsampling, five frames a snippet, as the network does it.
    place = np.clip((np.arange(num_frames) - 2) / 5, 0, num_snippets - 1)
    before = np.floor(place).astype(int)
    after = np.minimum(before + 1, num_snippets - 1)
    share = (place - before)[:, None]
    mixed = logits[before] * (1 - share) + logits[after] * share
    powers = np.exp(mixed - mixed.max(axis=1, keepdims=True))
    return instances, (powers / powers.sum(axis=1, keepdims=True)).astype(
        np.float32
    )
