"""Labels that a network can learn something from; all others are refused."""

from collections.abc import Collection
from collections.abc import Iterable
import typing

import numpy as np

from fsn_tf import segments
from fsn_tf.annotations import frame_labels
from fsn_tf.annotations import video_labels
from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment
from fsn_tf.grouping import frame_scores

if typing.TYPE_CHECKING:
    from fsn_tf.training import examples


def classes_problem(classes: Iterable[str]) -> str:
    """Why these cannot be the classes of a network, or "".

    Args:
        classes: Action names; none may be called as what shows no action is,
            in whichever case.
    """
    for name in classes:
        if name.casefold() == frame_scores.BACKGROUND.casefold():
            return (
                f"the class {name!r} has the name of what shows no action; "
                "take its rows out of the annotations, as all time that they "
                "leave is background"
            )
    return ""


def videos_problem(labels: Iterable[Collection[str]]) -> str:
    """Why TSN and WFSN cannot learn from labels of videos, or "".

    Args:
        labels: The classes of each video.
    """
    shown = {name for one in labels for name in one}
    if len(shown) != 1:
        return ""
    (only,) = shown
    return (
        f"all videos have the same label, {only}, so TSN "
        "and WFSN have nothing to tell apart; add videos of another class, or "
        "learn from the times of one class with --network=fsn"
    )


def check(
    labels: segments.Annotations
    | frame_labels.FrameLabels
    | video_labels.VideoLabels,
    source: str,
) -> None:
    """Refuses labels that would train to the end and mean nothing.

    Args:
        labels: As runs.read_labels gives them.
        source: Name of their file or folder, for the message.

    Raises:
        InputError: They are such; the line says what to do.
    """
    if isinstance(labels, video_labels.VideoLabels):
        problem = videos_problem(labels.labels[x] for x in labels.videos)
    else:
        problem = ""
    # A background among the labels of frames is named by --background.
    if not isinstance(labels, frame_labels.FrameLabels):
        problem = classes_problem(labels.classes) or problem
    if problem:
        raise InputError(f"{source}: {problem}")


def check_drawn(
    data: "examples.TrainingSet", experiment: Experiment, source: str
) -> None:
    """Refuses what has FSN learn that every frame shows one and the same.

    Args:
        data: Windows to learn from.
        experiment: Says how they are drawn.
        source: Name of the annotations' file or folder, for the message.

    Raises:
        InputError: Only one of them is drawn, or one is called Background.
    """
    classes = data.classes
    if frame_scores.BACKGROUND in classes:
        raise InputError(
            f"{source}: a class is called {frame_scores.BACKGROUND}, which "
            f"is what shows no action; say --background="
            f"{frame_scores.BACKGROUND}, or call it otherwise"
        )
    shown = np.flatnonzero(data.drawn_labels(experiment.balance) > 0)
    if len(shown) == 1:
        name = (*classes, frame_scores.BACKGROUND)[shown[0]]
        raise InputError(
            f"{source}: all frames that are learned from show {name}, so "
            "there is nothing to tell apart; add videos, or parts of videos, "
            "that show something else (--min_action_frames=0 also learns from "
            "windows without an action)"
        )
