"""Trained networks of one stream or more, applied to video files."""

import collections
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
import dataclasses
import itertools
import operator
import pathlib
from typing import TypeVar

import numpy as np

from fsn_tf import fingerprints
from fsn_tf.errors import InputError
from fsn_tf.exports import model_folders
from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import segment_lists
from fsn_tf.prediction import frame_prediction
from fsn_tf.snippets import stored_snippets
from fsn_tf.timeline import stream_models
from fsn_tf.videos import sources
from fsn_tf.videos import video_files

# Frames by which the scores of a video grow, 44 minutes.
_FRAMES_MORE = 2**16

_Item = TypeVar("_Item")


@dataclasses.dataclass(frozen=True)
class Localized:
    """The actions of one video.

    Attributes:
        segments: [segment_lists.Segment] in time order.
        scores: (T, K) float32 probability of each action at each frame.
        fps: Frames per second of the scores.
        classes: K action names.
    """

    segments: list[segment_lists.Segment]
    scores: np.ndarray
    fps: float
    classes: tuple[str, ...]


class Localizer:
    """Trained networks that score every frame of a video file together.

    Examples:
        >>> localizer = fsn_tf.Localizer("model")
        >>> found = localizer("videos/v0.mp4", threshold=0.3)
        >>> found.classes, found.scores.shape, found.fps
        (('a', 'b'), (100, 2), 25.0)
        >>> {one.label for one in found.segments} <= {"a", "b"}
        True

    Args:
        *models: SavedModel folders that `export` made, or workdirs, of
            streams that fit each other; or one folder that holds several.
        flow: One of flow.METHODS; None is the method that a network's card
            names.
        checkpoint: "last" or "best" one of a workdir.

    Attributes:
        card: What model_card.card says of the first stream; others agree in
            classes, fps and snippet_frames.
        classes: C names; those of an FSN end with the background.
        fingerprint: Tells its scores from those of another model.

    Raises:
        InputError: A folder is none of them, or they do not fit each other.
    """

    def __init__(
        self,
        *models: pathlib.Path | str,
        flow: str | None = None,
        checkpoint: str = "last",
    ):
        parts = [
            part for model in models for part in model_folders.parts(model)
        ]
        self._streams = [
            stream_models.StreamModel(path, flow, which=checkpoint)
            for path, _ in parts
        ]
        model_folders.check(
            [(stream.path, stream.card) for stream in self._streams]
        )
        if flow and not any(stream.flow for stream in self._streams):
            raise InputError(f"{models[0]}: takes no flow; leave out --flow")
        weights = np.array([weight for _, weight in parts])
        self._weights = weights / weights.sum()
        self.card = self._streams[0].card
        self.classes = tuple(self.card["classes"])
        self.fingerprint = fingerprints.of_value(
            [[stream.fingerprint for stream in self._streams], weights.tolist()]
        )

    def __call__(
        self, path: pathlib.Path | str, threshold: float = 0.5
    ) -> Localized:
        """Localizes the actions of a video file.

        Args:
            path: Of the file.
            threshold: A segment is a run of frames whose probability is
                above it; see segment_lists.segment_list.

        Returns:
            Localized.

        Raises:
            InputError: It is no video, or no frame of it decodes.
        """
        source = video_files.Video(path)
        scored = frame_scores.FrameScores(
            self.frame_probabilities(self.reading(source)),
            self.card["fps"],
            self.classes,
        )
        found = segment_lists.segment_list(
            source.path.stem, scored, threshold=threshold
        )
        return Localized(
            segment_lists.of_video(found, 0),
            scored.actions,
            scored.fps,
            scored.action_classes,
        )

    def reading(self, source: sources.Source) -> sources.Reading[np.ndarray]:
        """A reading of the frames of a video that the streams look at.

        Args:
            source: Such as a video_files.Video.
        """
        sizes = {tuple(stream.card["frame_size"]) for stream in self._streams}
        # Flow needs every frame; of the others only the center is seen.
        moving = any(stream.flow for stream in self._streams)
        period = 1 if moving else self.card["snippet_frames"]
        return source.frames(
            self.card["fps"],
            size=sizes.pop() if len(sizes) == 1 else None,
            period=period,
            phase=period // 2,
        )

    def frame_probabilities(
        self,
        reading: sources.Reading[np.ndarray],
        progress: Callable[[float], None] | None = None,
    ) -> np.ndarray:
        """Scores a video in one pass, in constant memory but for the scores.

        Args:
            reading: What `reading` gave for the video.
            progress: Called with the seconds of video done so far.

        Returns:
            (T, C) float32 at the card's frame rate, full context at every
            frame; of several streams the weighted mean (choice C17).
        """
        features = self._features(reading, progress)
        mean = _WeightedMean(self._weights, len(self.classes))
        for adjacent in itertools.zip_longest(*self._stretches(features)):
            for index, stretch in enumerate(adjacent):
                if stretch is not None:
                    mean.add(index, stretch)
        return mean.values[: reading.num_frames]

    def _features(self, reading, progress):
        """Yields lists of (n, D) features, one for each stream."""
        snippets = [
            stream.snippets(mine) for stream, mine in self._each_with(reading)
        ]
        of_all = zip(*snippets, strict=True)
        at_once = stored_snippets.SNIPPETS_AT_ONCE
        while images := list(itertools.islice(of_all, at_once)):
            features = [
                # n x (H, W, C) -> (n, H, W, C) -> (n, D)
                stream.predictor.features(np.stack([one[k] for one in images]))
                for k, stream in enumerate(self._streams)
            ]
            # Else they would live until the next ones are complete.
            del images
            yield features
            if progress:
                progress(reading.num_frames / self.card["fps"])

    def _stretches(self, features):
        """For each stream, its (f, C) probabilities of adjacent frames."""
        return [
            frame_prediction.whole(
                map(operator.itemgetter(k), mine), stream.predictor
            )
            for k, (stream, mine) in enumerate(self._each_with(features))
        ]

    def _each_with(self, items):
        """Pairs of each stream and an iterator over the same items."""
        shared = _shared(items, len(self._streams))
        return zip(self._streams, shared, strict=True)


def _shared(items: Iterable[_Item], count: int) -> list[Iterator[_Item]]:
    """`count` iterators over the same items.

    Unlike itertools.tee, an item is let go when the last has passed it, not
    when it has passed 57.
    """
    items = iter(items)
    waiting: list[collections.deque[_Item]] = [
        collections.deque() for _ in range(count)
    ]

    def each(mine):
        while True:
            if not mine:
                try:
                    item = next(items)
                except StopIteration:
                    return
                for one in waiting:
                    one.append(item)
                del item
            yield mine.popleft()

    return [each(mine) for mine in waiting]


class _WeightedMean:
    """Scores that grow in place as the streams' stretches come."""

    def __init__(self, weights, num_classes):
        self._weights = np.asarray(weights, np.float32)
        self._done = [0] * len(weights)
        self.values = np.zeros((0, num_classes), np.float32)

    def add(self, stream, stretch):
        """Adds the next (n, C) probabilities of a stream."""
        first = self._done[stream]
        self._done[stream] = stop = first + len(stretch)
        if stop > len(self.values):
            # Zeros are appended; no second array is made, as joining would.
            shape = stop + _FRAMES_MORE, self.values.shape[1]
            self.values.resize(shape, refcheck=False)
        # (n, C) rows that other streams may have added to already
        self.values[first:stop] += self._weights[stream] * stretch
