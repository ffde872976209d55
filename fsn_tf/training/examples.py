"""What networks learn from: prepared videos, and examples in them."""

from collections.abc import Callable
from collections.abc import Sequence
import dataclasses
import hashlib
import pathlib
from typing import Any
from typing import Protocol

import numpy as np
import tensorflow as tf

from fsn_tf import fingerprints
from fsn_tf.experiment import Experiment
from fsn_tf.snippets.prepared_folders import PreparedVideo
from fsn_tf.training import loading
from fsn_tf.training import pipeline
from fsn_tf.training import windows as training_windows
from fsn_tf.training.windows import Windows

# Numbers of labels that are made at a time; usually these are all.
_MOST_LABELS = 2**24

# (first_step, share of this host) -> batches from that step on.
MakeBatches = Callable[[int, pipeline.Share], tf.data.Dataset]


class Examples(Protocol):
    """What a training set learns from: windows, or whole videos."""

    def loader(
        self,
        videos: Sequence[PreparedVideo],
        order: np.ndarray,
        experiment: Experiment,
    ) -> loading.Load:
        """A graph function from a place in a schedule to one example.

        Args:
            videos: What is prepared of each video.
            order: (steps * batch_size,) schedule of examples.
            experiment: Experiment.
        """

    def labels(self, num_classes: int, part: slice) -> np.ndarray:
        """(E, C) how much there is to learn of each class in an example.

        Args:
            num_classes: K; C has the background beside them, if frames are
                learned from.
            part: Of the examples.
        """


@dataclasses.dataclass(frozen=True)
class WindowExamples:
    """What FSN learns from: windows with a class for every frame.

    Attributes:
        windows: windows.Windows that point into the videos.
    """

    windows: Windows

    def loader(
        self,
        videos: Sequence[PreparedVideo],
        order: np.ndarray,
        experiment: Experiment,
    ) -> loading.Load:
        """See Examples."""
        return loading.clips(self.windows, videos, order, experiment)

    def labels(self, num_classes: int, part: slice) -> np.ndarray:
        """(W, K + 1) frames of each class; see Examples."""
        labels = self.windows.labels[part]
        size = len(labels), num_classes + 1
        # One place for each class of each window.
        places = np.arange(size[0])[:, None] * size[1] + labels
        return np.bincount(
            places.ravel(),
            self.windows.weights[part].ravel(),
            minlength=size[0] * size[1],
        ).reshape(size)


@dataclasses.dataclass(frozen=True)
class VideoExamples:
    """What TSN and WFSN learn from: whole videos with a label.

    Attributes:
        targets: (V, K) float32 share of each class in a video's label.
    """

    targets: np.ndarray

    def loader(
        self,
        videos: Sequence[PreparedVideo],
        order: np.ndarray,
        experiment: Experiment,
    ) -> loading.Load:
        """See Examples."""
        return loading.segments(videos, self.targets, order, experiment)

    def labels(self, num_classes: int, part: slice) -> np.ndarray:
        """(V, K) shares; see Examples."""
        return self.targets[part]


@dataclasses.dataclass(frozen=True)
class TrainingSet:
    """Prepared videos and a schedule of what to learn from them.

    Attributes:
        classes: K action names.
        videos: What is prepared of the annotated videos, in name order.
        groups: (E,) int, class of each example; what `balance` equalizes.
        examples: What the E examples are.
    """

    classes: tuple[str, ...]
    videos: tuple[PreparedVideo, ...]
    groups: np.ndarray
    examples: Examples

    def batches(self, experiment: Experiment) -> MakeBatches:
        """(first_step, pipeline.Share) -> batches, for `loop.fit`."""
        order = training_windows.schedule(
            self.groups,
            experiment.steps * experiment.batch_size,
            balance=experiment.balance,
            seed=experiment.seed,
        )
        load = self.examples.loader(self.videos, order, experiment)

        def make_batches(first_step, share):
            return pipeline.training_batches(
                load, experiment, first_step=first_step, share=share
            )

        return make_batches

    def drawn_labels(self, balance: bool) -> np.ndarray:
        """What an example has of each class, in the mean over draws.

        Args:
            balance: Whether classes are drawn uniformly, see
                windows.schedule.

        Returns:
            (C,) frames of each class, or shares of a video's label.
        """
        groups = self.groups if balance else np.zeros_like(self.groups)
        _, group, members = np.unique(
            groups, return_inverse=True, return_counts=True
        )
        # (E,), 1 in all
        chances = 1 / (len(members) * members[group])
        return sum(
            chances[part] @ self.examples.labels(len(self.classes), part)
            for part in self._parts()
        )

    def _parts(self):
        """Slices of the examples whose labels fit into memory at a time."""
        size = max(_MOST_LABELS // (len(self.classes) + 1), 1)
        for first in range(0, max(len(self.groups), 1), size):
            yield slice(first, first + size)

    def durations_seconds(self) -> dict[str, float]:
        """{video: length}."""
        return {video.video: video.seconds for video in self.videos}

    def fingerprint(self) -> str:
        """Hexadecimal SHA-256 of the videos' names and sizes, and labels."""
        videos = [
            [one.video, one.num_frames, pathlib.Path(one.path).stat().st_size]
            for one in self.videos
        ]
        labels = hashlib.sha256()
        for part in self._parts():
            of_part = self.examples.labels(len(self.classes), part)
            labels.update(of_part.tobytes())
        examples = [self.groups.tolist(), labels.hexdigest()]
        return fingerprints.of_value([videos, *examples])

    def facts(self) -> dict[str, Any]:
        """What experiment.json keeps of the data."""
        return {
            "classes": list(self.classes),
            **self.videos[0].setting(),
            "training_videos": len(self.videos),
            "training_examples": len(self.groups),
        }
