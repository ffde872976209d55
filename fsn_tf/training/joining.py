"""How the hosts of a run find each other, before TensorFlow connects them.

The first host listens at its own address of TF_CONFIG until all have come.
Then it stops listening, so that TensorFlow can; the connections remain.
"""

import contextlib
import json
import os
import socket
import sys
import time

from fsn_tf.errors import InputError
from fsn_tf.training.clusters import Cluster

# Between two tries to connect, and between two looks at who has come.
_PAUSE_SECONDS = 0.5
# For a host that has connected to say which one it is.
_GREETING_SECONDS = 5.0
# Between two lines that say who is waited for.
_SAY_SECONDS = 30.0
# Of a machine that has vanished, from its last sign of life.
SILENCE_SECONDS = 30


def links(cluster: Cluster, wait_seconds: float) -> dict[int, socket.socket]:
    """Connections with the other hosts: of the first with all, and back.

    Args:
        cluster: Of two hosts or more.
        wait_seconds: For all to come.

    Returns:
        {index: connection}.

    Raises:
        InputError: This host's port is taken, a host did not come in time, or
            has another TF_CONFIG.
    """
    waiting = _Waiting(wait_seconds)
    if cluster.index == 0:
        return _gathered(cluster, waiting)
    _listening(cluster).close()
    return {0: _connected(cluster, waiting)}


def send(link: socket.socket, message: dict) -> None:
    """Sends one line of JSON; a host that is gone is noticed by reading."""
    with contextlib.suppress(OSError):
        link.sendall(json.dumps(message).encode() + b"\n")


class _Waiting:
    """Says who is waited for, now and then, and for how long."""

    def __init__(self, seconds: float):
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._say = time.monotonic() + 2 * _PAUSE_SECONDS

    def left(self, least: float = 0.0) -> float:
        """Seconds until the end of patience."""
        return max(self._end - time.monotonic(), least)

    def due(self) -> bool:
        """Whether it is time for a line."""
        now = time.monotonic()
        if now < self._say:
            return False
        self._say = now + _SAY_SECONDS
        return True

    def line(self, names: str) -> str:
        """The line."""
        return f"waits for {names}, {self.left():.0f} s more at most"

    def refusal(self, names: str) -> str:
        """What is said at the end of patience."""
        return (
            f"{names} did not come within {self._seconds:g} s; start the same "
            "command there"
        )


def _gathered(cluster, waiting):
    """What the first host does."""
    came: dict[int, socket.socket] = {}
    with _listening(cluster) as server:
        server.settimeout(_PAUSE_SECONDS)
        while missing := _missing(cluster, came):
            if not waiting.left():
                text = waiting.refusal(missing)
                _tell(came, {"refused": text})
                raise InputError(text)
            if waiting.due():
                line = waiting.line(missing)
                print(line, file=sys.stderr, flush=True)
                _tell(came, {"note": line})
            try:
                link, _ = server.accept()
            except TimeoutError:
                continue
            _greet(cluster, link, came)
    _tell(came, {"welcome": True})
    return came


def _missing(cluster, came):
    return ", ".join(
        cluster.name(index)
        for index in range(1, len(cluster.addresses))
        if index not in came
    )


def _tell(came, message):
    for link in came.values():
        send(link, message)


def _greet(cluster, link, came):
    """Takes in one host, or anything else that has connected."""
    link.settimeout(_GREETING_SECONDS)
    hello = read_line(link)
    index = hello.get("index")
    if index not in range(1, len(cluster.addresses)):
        link.close()
        return
    if hello.get("addresses") != list(cluster.addresses):
        text = (
            f"{cluster.name(index)} has another TF_CONFIG than "
            f"{cluster.name(0)}: the cluster {hello.get('addresses')}, not "
            f"{list(cluster.addresses)}"
        )
        _tell({**came, index: link}, {"refused": text})
        raise InputError(text)
    if index in came:
        # It was started again; a second one that lives must know.
        send(came[index], {"refused": f"another has come as host {index}"})
        came[index].close()
    _prepare(link)
    came[index] = link


def _connected(cluster, waiting):
    """What all others do."""
    hello = {"index": cluster.index, "addresses": list(cluster.addresses)}
    while waiting.left():
        try:
            link = socket.create_connection(
                cluster.endpoint(0), timeout=waiting.left(_PAUSE_SECONDS)
            )
        except OSError:
            if waiting.due():
                line = waiting.line(cluster.name(0))
                print(line, file=sys.stderr, flush=True)
            time.sleep(_PAUSE_SECONDS)
            continue
        send(link, hello)
        if _welcomed(link, waiting):
            _prepare(link)
            return link
        link.close()
        time.sleep(_PAUSE_SECONDS)
    raise InputError(waiting.refusal(cluster.name(0)))


def _welcomed(link, waiting):
    """Whether the first host has all; False where it went, or is another."""
    while True:
        # The first host is as patient and may have begun later.
        link.settimeout(waiting.left(_PAUSE_SECONDS) + _GREETING_SECONDS)
        answer = read_line(link)
        if "refused" in answer:
            raise InputError(answer["refused"])
        if "note" not in answer:
            return "welcome" in answer
        print(answer["note"], file=sys.stderr, flush=True)


def read_line(link: socket.socket, most_bytes: int = 100_000) -> dict:
    """The next message; {} where there is none, or something else."""
    line = b""
    try:
        # Byte by byte, so that nothing of the next message is taken along.
        while not line.endswith(b"\n") and len(line) < most_bytes:
            byte = link.recv(1)
            if not byte:
                return {}
            line += byte
        message = json.loads(line)
    except (OSError, ValueError):
        return {}
    return message if isinstance(message, dict) else {}


def _listening(cluster):
    """A server at this host's port, which TensorFlow takes over later."""
    _, port = cluster.endpoint(cluster.index)
    both = socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if both else socket.AF_INET
    try:
        return socket.create_server(
            ("", port), family=family, dualstack_ipv6=both
        )
    except OSError as error:
        raise InputError(
            f"port {port} of {cluster.name(cluster.index)} cannot be listened "
            f"at: {os.strerror(error.errno or 0)}; free it, or choose another "
            "in TF_CONFIG"
        ) from error


def _prepare(link):
    """No time limit for waiting, but one for a machine that vanishes."""
    link.settimeout(None)
    options: dict[str, int] = {
        "TCP_NODELAY": 1,
        "TCP_KEEPIDLE": SILENCE_SECONDS // 3,
        "TCP_KEEPINTVL": SILENCE_SECONDS // 6,
        "TCP_KEEPCNT": 4,
        "TCP_USER_TIMEOUT": SILENCE_SECONDS * 1000,
    }
    link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in options.items():
        # Not every system has all of them.
        if hasattr(socket, name):
            link.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
