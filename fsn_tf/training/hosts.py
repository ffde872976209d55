"""The hosts of a run, seen from one of them; mostly it is alone."""

from collections.abc import Iterator
import contextlib
import dataclasses
import importlib.metadata
import pathlib
from typing import Protocol

import fsn_tf
from fsn_tf.experiment import Experiment
from fsn_tf.training import clusters
from fsn_tf.training import connected_hosts
from fsn_tf.training import joining
from fsn_tf.training.connected_hosts import MakeFacts

# For all to come; a queue may start them minutes apart.
WAIT_SECONDS = 600.0

# What must be of one version on all hosts, beside fsn_tf.
_BELOW = ("tensorflow", "keras")


class Hosts(Protocol):
    """The hosts of a run, seen from one of them."""

    def folder(self, workdir: pathlib.Path) -> pathlib.Path:
        """Where this host writes: the workdir, for the first of all."""

    def check_same(self, facts: MakeFacts) -> None:
        """Refuses hosts that would learn something else.

        Args:
            facts: Gives {name: value}; asked for where there are others.

        Raises:
            InputError: A fact differs between two hosts.
        """

    def interruptible(self) -> contextlib.AbstractContextManager[None]:
        """A block that takes steps, and asks `stops` between them."""

    def stops(self) -> bool:
        """Whether any host was told to stop; all get the same answer."""

    def explain(self) -> None:
        """Says why TensorFlow failed, where that was for a lost host.

        Raises:
            InputError: It was.
        """


class Alone:
    """One host; Ctrl-C interrupts it wherever it is."""

    def folder(self, workdir: pathlib.Path) -> pathlib.Path:
        """See Hosts."""
        return workdir

    def check_same(self, facts: MakeFacts) -> None:
        """See Hosts."""

    def interruptible(self) -> contextlib.AbstractContextManager[None]:
        """See Hosts."""
        return contextlib.nullcontext()

    def stops(self) -> bool:
        """See Hosts."""
        return False

    def explain(self) -> None:
        """See Hosts."""


@contextlib.contextmanager
def joined(
    strategy: object, experiment: Experiment, wait_seconds: float
) -> Iterator[Hosts]:
    """All hosts of a run, once they are there and of one mind.

    Args:
        strategy: "multiworker" for those that TF_CONFIG names; else this one.
        experiment: Experiment.
        wait_seconds: For all to come.

    Raises:
        InputError: See clusters.read and joining.links; or a host has another
            experiment, or another version of the package.
    """
    cluster = clusters.read() if strategy == "multiworker" else None
    if cluster is None or len(cluster.addresses) == 1:
        yield Alone()
        return
    links = joining.links(cluster, wait_seconds)
    with connected_hosts.Connected(cluster, links) as hosts:
        hosts.check_same(
            lambda: {
                "fsn_tf": fsn_tf.__version__,
                **{name: importlib.metadata.version(name) for name in _BELOW},
                **dataclasses.asdict(experiment),
            }
        )
        yield hosts
