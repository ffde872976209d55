"""Trained networks of one stream or more, applied to video files."""

from collections.abc import Callable
from collections.abc import Sequence
import contextlib
import dataclasses
import itertools
import operator
import pathlib

import numpy as np

from fsn_tf import fingerprints
from fsn_tf.errors import InputError
from fsn_tf.exports import exported_models
from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import segment_lists
from fsn_tf.grouping import tidying
from fsn_tf.prediction import precisions
from fsn_tf.prediction import stretches
from fsn_tf.timeline import ahead
from fsn_tf.timeline import side_by_side
from fsn_tf.timeline import stream_models
from fsn_tf.videos import sources
from fsn_tf.videos import video_files

# Snippets that the networks see at once. More are no faster, take memory, and
# keep decoding and network waiting for each other at both ends of a video.
_SNIPPETS_AT_ONCE = 16


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
        *models: Folders that `export` made, or workdirs, of streams that
            fit each other; or one folder that holds several. ONNX files are
            run without TensorFlow.
        flow: One of flow.METHODS; None is the method that a network's card
            names.
        checkpoint: "last" or "best" one of a workdir.
        precision: "float32" or "bfloat16"; None is float32 for a workdir, and
            for an export what it was made in.

    Attributes:
        card: What model_card.card says of the first stream; others agree in
            classes, fps and snippet_frames.
        classes: C names; those of an FSN end with the background.
        fingerprint: Tells its scores from those of another model.
        made_of: (models, options) that load it in another process.
        runtime: What runs the networks, and in which precision.

    Raises:
        InputError: A folder is none of them, or they do not fit each other.
    """

    def __init__(
        self,
        *models: pathlib.Path | str,
        flow: str | None = None,
        checkpoint: str = "last",
        precision: str | None = None,
    ):
        options = {
            "flow": flow,
            "checkpoint": checkpoint,
            "precision": precision,
        }
        self.made_of = models, tuple(options.items())
        parts = [
            part for model in models for part in exported_models.parts(model)
        ]
        self._streams = [
            stream_models.StreamModel(
                path, flow, which=checkpoint, precision=precision
            )
            for path, _ in parts
        ]
        exported_models.check(
            [(stream.path, stream.card) for stream in self._streams]
        )
        if flow and not any(stream.flow for stream in self._streams):
            raise InputError(f"{models[0]}: takes no flow; leave out --flow")
        used = {
            f"{stream.runtime} in {stream.precision}": stream.precision
            for stream in self._streams
        }
        self.runtime = " and ".join(used)
        for each in set(used.values()):
            precisions.note_if_slow(each)
        weights = np.array([weight for _, weight in parts])
        self._weights = weights / weights.sum()
        self.card = self._streams[0].card
        self.classes = tuple(self.card["classes"])
        self.fingerprint = fingerprints.of_value(
            [[stream.fingerprint for stream in self._streams], weights.tolist()]
        )

    def __call__(
        self,
        path: pathlib.Path | str,
        threshold: float | Sequence[float] = 0.5,
        *,
        tidied: tidying.Tidying = tidying.NOTHING,
    ) -> Localized:
        """Localizes the actions of a video file.

        Args:
            path: Of the file.
            threshold: A segment is a run of frames whose probability is
                above it; a number, or K of them, one for each action. See
                segment_lists.segment_list.
            tidied: Which gaps are bridged, and what is too short.

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
            sources.name(source.path),
            scored,
            threshold=threshold,
            tidied=tidied,
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
        mean = side_by_side.WeightedMean(self._weights, len(self.classes))
        images = ahead.ahead(self._images(reading))
        # Closed, so that no thread outlives what is raised here.
        with contextlib.closing(ahead.ahead(self._features(images))) as made:
            features = self._told(made, progress)
            for adjacent in itertools.zip_longest(*self._stretches(features)):
                for index, stretch in enumerate(adjacent):
                    if stretch is not None:
                        mean.add(index, stretch)
        return mean.values[: reading.num_frames]

    def _images(self, reading):
        """Yields (the (n, H, W, C) images of each stream, frames read)."""
        snippets = [
            stream.snippets(mine) for stream, mine in self._each_with(reading)
        ]
        of_all = zip(*snippets, strict=True)
        while group := list(itertools.islice(of_all, _SNIPPETS_AT_ONCE)):
            # n x (H, W, C) -> (n, H, W, C)
            images = [np.stack(mine) for mine in zip(*group, strict=True)]
            # Else it would live until the next ones are complete.
            del group
            yield images, reading.num_frames
            del images

    def _features(self, images):
        """Yields (the (n, D) features of each stream, frames read)."""
        with contextlib.closing(images):
            for of_streams, num_frames in images:
                features = [
                    stream.predictor.features(mine)
                    for stream, mine in zip(
                        self._streams, of_streams, strict=True
                    )
                ]
                del of_streams
                yield features, num_frames

    def _told(self, made, progress):
        """Yields the features, and calls `progress` after each."""
        for features, num_frames in made:
            yield features
            if progress:
                progress(num_frames / self.card["fps"])

    def _stretches(self, features):
        """For each stream, its (f, C) probabilities of adjacent frames."""
        return [
            stretches.whole(map(operator.itemgetter(k), mine), stream.predictor)
            for k, (stream, mine) in enumerate(self._each_with(features))
        ]

    def _each_with(self, items):
        """Pairs of each stream and an iterator over the same items."""
        shared = side_by_side.shared(items, len(self._streams))
        return zip(self._streams, shared, strict=True)
