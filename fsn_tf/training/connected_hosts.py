"""What the hosts of a run tell each other while they train.

TensorFlow exchanges gradients by connections of its own. These say what it
does not: whether all learn the same, when to stop, and who is lost.
"""

from collections.abc import Callable
from collections.abc import Iterator
import contextlib
import functools
import json
import os
import pathlib
import queue
import signal
import socket
import sys
import tempfile
import threading
import time
from typing import Any

from fsn_tf import claims
from fsn_tf.errors import InputError
from fsn_tf.training import joining
from fsn_tf.training.clusters import Cluster

_FAILED, _INTERRUPTED = 1, 130
# After a loss, for the program to end by itself; TensorFlow may not let it.
_LEAVE_SECONDS = 5.0

MakeFacts = Callable[[], dict[str, Any]]


class Connected:
    """Hosts that have found each other; a context that tells how it ended.

    A host that is lost while TensorFlow computes ends this process, by one
    line and exit status 1: what waits for the lost one in there cannot be
    woken up. Checkpoints are whole or not there, so nothing is lost.

    Args:
        cluster: Cluster.
        links: {index: connection}, see joining.links.
        leave: Ends the process with a status.
    """

    def __init__(
        self,
        cluster: Cluster,
        links: dict[int, socket.socket],
        leave: Callable[[int], Any] = os._exit,
    ):
        self._cluster = cluster
        self._links = links
        self._leave = leave
        self._lock = threading.Lock()
        # Whether this host was told to stop, and whether all stop.
        self._told = self._stopped = False
        # Why this run is over, and with which status.
        self._over: tuple[str, int] | None = None
        self._asking = False
        self._ended: set[int] = set()
        self._scratch = tempfile.TemporaryDirectory(prefix="fsn-host-")
        self._answers: dict[int, queue.SimpleQueue] = {
            index: queue.SimpleQueue() for index in links
        }
        for index in links:
            threading.Thread(
                target=self._listen, args=(index,), daemon=True
            ).start()

    def __enter__(self) -> "Connected":
        return self

    def __exit__(self, kind, error, traceback) -> None:
        me = self._cluster.name(self._cluster.index)
        try:
            if kind is None or (self._stopped and kind is KeyboardInterrupt):
                # Whoever leaves first would look lost to the others, which
                # may still be saving.
                self._gather(None, last=True)
            elif self._over is None:
                self._end_all(*_ending(me, error))
        finally:
            self._scratch.cleanup()
            self._leave_soon()

    def _leave_soon(self):
        if self._over is not None:
            # Where the program does not end by itself, see _LEAVE_SECONDS.
            timer = threading.Timer(
                _LEAVE_SECONDS, self._leave, (self._over[1],)
            )
            timer.daemon = True
            timer.start()

    def folder(self, workdir: pathlib.Path) -> pathlib.Path:
        """See Hosts; all take part in saving, and one writes what is kept."""
        if self._cluster.index == 0:
            return workdir
        return pathlib.Path(self._scratch.name)

    def check_same(self, facts: MakeFacts) -> None:
        """See Hosts."""
        # As JSON gives it back: no tuples.
        mine = json.loads(json.dumps(facts()))
        first, *others = self._gather(mine)
        for index, theirs in enumerate(others, start=1):
            refusal = functools.partial(self._refusal, index, theirs, first)
            claims.check_same(theirs, first, refusal)

    def _refusal(self, index, theirs, first, name):
        return (
            f"{self._cluster.name(index)} has {name} {theirs.get(name)!r} "
            f"where {self._cluster.name(0)} has {first[name]!r}; all hosts "
            "must learn the same"
        )

    @contextlib.contextmanager
    def interruptible(self) -> Iterator[None]:
        """See Hosts; a signal waits for the next `stops`."""

        def tell(number, frame):
            del number, frame
            self._told = True

        # TensorFlow has put a handler of its own in place of SIGTERM's.
        before = {
            number: signal.signal(number, tell)
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler or signal.default_int_handler)

    def stops(self) -> bool:
        """See Hosts."""
        self._stopped = any(self._gather(self._told))
        return self._stopped

    def _gather(self, value, last=False):
        """The values of all hosts, in their order; all wait for all."""
        message = {"value": value, "last": last}
        with self._lock:
            self._raise_if_over()
            self._asking = True
        if self._cluster.index == 0:
            values = [value] + [self._answer(i) for i in sorted(self._links)]
            self._tell({"value": values, "last": last})
        else:
            self._tell(message)
            values = self._answer(0)
        with self._lock:
            self._asking = False
            self._raise_if_over()
        return values

    def _answer(self, index):
        answer = self._answers[index].get()
        if answer is None:
            self._raise_if_over()
        return answer["value"]

    def _raise_if_over(self):
        if self._over is None:
            return
        line, status = self._over
        if status == _INTERRUPTED:
            raise KeyboardInterrupt(line)
        raise InputError(line)

    def _tell(self, message):
        for link in self._links.values():
            joining.send(link, message)

    def _listen(self, index):
        """Takes in what a host says, until it is gone."""
        while message := joining.read_line(self._links[index], 2**30):
            if "over" in message:
                self._end_all(*message["over"])
                return
            if message["last"]:
                self._ended.add(index)
            self._answers[index].put(message)
        if index not in self._ended:
            self._end_all(
                f"{self._cluster.name(index)} is lost; start the same command "
                "on all hosts to go on from the last checkpoint",
                _FAILED,
            )

    def _end_all(self, line, status):
        """Ends the run on this host, and has the others do so."""
        with self._lock:
            if self._over is not None:
                return
            self._over = line, status
            asking = self._asking
        self._tell({"over": [line, status]})
        for answers in self._answers.values():
            answers.put(None)
        mine = threading.current_thread() is threading.main_thread()
        if not (mine or asking):
            self._abandon(line, status)

    def _abandon(self, line, status):
        """Ends the process, whatever TensorFlow waits for."""
        print(f"fsn train: {line}", file=sys.stderr, flush=True)
        self._scratch.cleanup()
        self._leave(status)

    def explain(self) -> None:
        """See Hosts."""
        # TensorFlow may have seen it first.
        end = time.monotonic() + _LEAVE_SECONDS
        while time.monotonic() < end and self._over is None:
            time.sleep(0.05)
        self._raise_if_over()


def _ending(name, error):
    """(what others are told, their exit status)."""
    if isinstance(error, KeyboardInterrupt):
        return f"{name} was interrupted", _INTERRUPTED
    return f"{name} stopped: {error}", _FAILED
