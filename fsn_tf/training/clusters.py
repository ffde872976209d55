"""The hosts that train together, as the variable TF_CONFIG names them."""

from collections.abc import Mapping
import dataclasses
import json
import os
import re
from typing import Any

from fsn_tf.errors import UsageError

_EXAMPLE = (
    '{"cluster": {"worker": ["a:2222", "b:2222"]}, '
    '"task": {"type": "worker", "index": 0}}'
)
# The order in which TensorFlow counts hosts.
_TYPES = ("chief", "worker")


@dataclasses.dataclass(frozen=True)
class Cluster:
    """All hosts of a run, and which of them this one is.

    Attributes:
        addresses: HOST:PORT of each.
        index: Of this host; the one of index 0 is the first, which writes.
    """

    addresses: tuple[str, ...]
    index: int

    def name(self, index: int) -> str:
        """How messages speak of a host."""
        return f"host {index} ({self.addresses[index]})"

    def endpoint(self, index: int) -> tuple[str, int]:
        """(name or number of the machine, port)."""
        host, _, port = self.addresses[index].rpartition(":")
        return host.strip("[]"), int(port)


def read(environment: Mapping[str, str] = os.environ) -> Cluster:
    """What TF_CONFIG says.

    Raises:
        UsageError: It is not set, or not what TensorFlow expects.
    """
    text = environment.get("TF_CONFIG")
    if text is None:
        raise UsageError(
            f"TF_CONFIG: not set; --strategy=multiworker needs {_EXAMPLE}"
        )
    try:
        value = json.loads(text)
    except ValueError as error:
        raise UsageError(
            f"TF_CONFIG: not JSON: {error}; expected {_EXAMPLE}"
        ) from error
    try:
        return _cluster(value)
    except ValueError as error:
        raise UsageError(f"TF_CONFIG: {error}; expected {_EXAMPLE}") from error


def _cluster(value: Any) -> Cluster:
    """Raises ValueError on anything but a cluster and a task of it."""
    kinds, task = _part(value, "cluster"), _part(value, "task")
    for kind in kinds:
        if kind not in _TYPES:
            raise ValueError(f"cluster has {kind!r}, not chief or worker")
    hosts = [(kind, i) for kind in _TYPES for i in _places(kinds, kind)]
    addresses = tuple(kinds[kind][index] for kind, index in hosts)
    for address in addresses:
        _check_address(address)
        if addresses.count(address) > 1:
            raise ValueError(f"{address} is there twice")
    # Shell scripts like to quote it, and TensorFlow takes that.
    index = str(task.get("index"))
    asked = task.get("type"), int(index) if index.isdecimal() else None
    if asked not in hosts:
        raise ValueError(f"task {task!r} is none of the cluster")
    return Cluster(addresses, hosts.index(asked))


def _part(value, name):
    part = value.get(name) if isinstance(value, dict) else None
    if not isinstance(part, dict) or not part:
        raise ValueError(f"no {name} in it")
    return part


def _places(kinds, kind):
    listed = kinds.get(kind, [])
    if not isinstance(listed, list):
        raise ValueError(f"cluster's {kind} is {listed!r}, not a list")
    return range(len(listed))


def _check_address(address):
    found = isinstance(address, str) and re.fullmatch(
        r"\S+:([0-9]{1,5})", address
    )
    if not found or not 0 < int(found[1]) < 2**16:
        raise ValueError(f"{address!r} is not HOST:PORT")
