"""A network and where its scores go, as one function of a prepared video."""

from collections.abc import Callable
import functools
import pathlib
import threading
from typing import Any

import keras

from fsn_tf.experiment import Experiment
from fsn_tf.grouping import frame_scores
from fsn_tf.prediction import frame_prediction
from fsn_tf.prediction import video_prediction
from fsn_tf.snippets.prepared_folders import PreparedVideo
from fsn_tf.training import checkpoints

_loading = threading.Lock()


def writer(
    network: keras.Model,
    experiment: Experiment,
    facts: dict[str, Any],
    inference: str,
    out: pathlib.Path,
) -> Callable[[PreparedVideo], None]:
    """A function that scores a prepared video and writes the score file.

    Args:
        network, experiment, facts: See checkpoints.load_network.
        inference: One of stretches.INFERENCES; TSN has one way alone.
        out: Folder of the score files.
    """
    classes = frame_scores.classes_of(experiment.network, facts["classes"])
    if experiment.network == "tsn":
        score = video_prediction.scorer(network, experiment)
    else:
        score = frame_prediction.scorer(
            network, experiment, facts.get("frame_size"), inference
        )

    def write(video):
        found = score(video)
        # One row for the whole video lasts as long as the video.
        fps = len(found) / video.seconds if len(found) == 1 else video.fps
        frame_scores.write(out, video.video, found, fps=fps, classes=classes)

    return write


def loaded(
    workdir: pathlib.Path,
    which: str,
    precision: str,
    inference: str,
    out: pathlib.Path,
) -> Callable[[PreparedVideo], None]:
    """A `writer` of a workdir, whose network a process loads once.

    Raises:
        InputError: There is no such network.
    """
    # Threads of a worker that come at the same time wait for the first.
    with _loading:
        return _writer(workdir, which, precision, inference, out)


@functools.lru_cache(1)
def _writer(workdir, which, precision, inference, out):
    network = checkpoints.load_network(
        workdir, which=which, precision=precision
    )
    return writer(*network, inference, out)
