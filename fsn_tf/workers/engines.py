"""Engines that Apache Beam knows, and what they are given to do."""

import dataclasses

RUNNERS = ("DirectRunner", "FlinkRunner", "SparkRunner", "DataflowRunner")


@dataclasses.dataclass(frozen=True)
class Engine:
    """Who does the work.

    Attributes:
        runner: One of RUNNERS.
        options: Of the runner, "--a=b --c=d".
    """

    runner: str
    options: str = ""


@dataclasses.dataclass(frozen=True)
class Job:
    """A video, or a part of one.

    Attributes:
        video: Name; jobs of one name are parts of one video.
        arguments: Of the task.
        amount: Of work, in the unit of the progress.
        joining: Arguments of what joins the parts of the video when all of
            them are done; None for a video in one piece.
    """

    video: str
    arguments: tuple
    amount: float
    joining: tuple | None = None
