"""What networks learn from: prepared videos, and examples in them."""

from collections.abc import Callable
from collections.abc import Sequence
import dataclasses
from typing import Any
from typing import Protocol

import numpy as np
import tensorflow as tf

from fsn_tf.experiment import Experiment
from fsn_tf.snippets.prepared_folders import PreparedVideo
from fsn_tf.training import pipeline
from fsn_tf.training import windows as training_windows
from fsn_tf.training.windows import Windows

# (first_step, share of this host) -> batches from that step on.
MakeBatches = Callable[[int, pipeline.Share], tf.data.Dataset]


class Examples(Protocol):
    """What a training set learns from: windows, or whole videos."""

    def loader(
        self,
        videos: Sequence[PreparedVideo],
        order: np.ndarray,
        experiment: Experiment,
    ) -> pipeline.Load:
        """A graph function from a place in a schedule to one example.

        Args:
            videos: What is prepared of each video.
            order: (steps * batch_size,) schedule of examples.
            experiment: Experiment.
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
    ) -> pipeline.Load:
        """See Examples."""
        return pipeline.clips(self.windows, videos, order, experiment)


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
    ) -> pipeline.Load:
        """See Examples."""
        return pipeline.segments(videos, self.targets, order, experiment)


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

    def durations_seconds(self) -> dict[str, float]:
        """{video: length}."""
        return {video.video: video.seconds for video in self.videos}

    def facts(self) -> dict[str, Any]:
        """What experiment.json keeps of the data."""
        return {
            "classes": list(self.classes),
            **self.videos[0].setting(),
            "training_videos": len(self.videos),
            "training_examples": len(self.groups),
        }
