"""What workers anywhere tell of their work, by files in a folder."""

import collections
from collections.abc import Sequence
import dataclasses
import pathlib
from typing import Protocol

from fsn_tf import files
from fsn_tf import progress


@dataclasses.dataclass(frozen=True)
class Report:
    """What became of a piece of work.

    Attributes:
        video: Name.
        note: A line on what is odd, or empty.
        failure: The line of a failure, or empty.
        amount: Of work, in the unit of the progress.
    """

    video: str
    note: str
    failure: str
    amount: float = 0.0


class Piece(Protocol):
    """What is asked of an engines.Job."""

    @property
    def video(self) -> str: ...

    @property
    def joining(self) -> tuple | None: ...


def path(folder: pathlib.Path, name: str) -> pathlib.Path:
    """Where the report of a piece of work lies."""
    return folder / f"{name}.json"


def write(path: pathlib.Path, report: Report) -> None:
    """Writes a report, whole or not at all."""
    files.write_json(path, dataclasses.asdict(report))


def read(path: pathlib.Path) -> Report:
    """Reads a report."""
    return Report(**files.read_json(path))


class Seen:
    """The reports that have come.

    Attributes:
        failures: {video: the line of its first failure}.

    Args:
        folder: Of the reports.
        jobs: All pieces of work; parts of a video are joined in one more.
        shown: Where lines and progress are shown.
    """

    def __init__(
        self,
        folder: pathlib.Path,
        jobs: Sequence[Piece],
        shown: progress.Progress,
    ):
        self.failures: dict[str, str] = {}
        self._folder, self._shown = folder, shown
        self._read: set[str] = set()
        self._left = collections.Counter(job.video for job in jobs)
        self._left.update(
            {job.video for job in jobs if job.joining is not None}
        )
        self._videos = len(self._left)
        self._amount, self._ended = 0.0, False
        self.look()

    def look(self) -> None:
        """Reads reports that are new, and shows what they say."""
        for path in sorted(self._folder.glob("[!.]*.json")):
            if path.name not in self._read:
                self._read.add(path.name)
                self._take(read(path))
        unfinished, total = len(self.unfinished()), self._shown.total
        if not self._ended:
            # At the end without the rounding of so many numbers.
            short = min(self._amount, total * (1 - 1e-9))
            finished = self._videos - unfinished
            self._shown.update(
                short if unfinished else total,
                f"{finished}/{self._videos} videos",
            )
        self._ended = not unfinished

    def unfinished(self) -> list[str]:
        """Videos of which more is to come."""
        return [
            video
            for video, left in self._left.items()
            if left > 0 and video not in self.failures
        ]

    def _take(self, report):
        self._left[report.video] -= 1
        self._amount += report.amount
        # Parts of a broken video fail alike.
        failure = report.failure if report.video not in self.failures else ""
        if failure:
            self.failures[report.video] = failure
        for line in filter(None, (report.note, failure)):
            self._shown.message(line)
