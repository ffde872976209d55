"""Where the time of a training step goes: a table, and TensorBoard's trace."""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
import contextlib
import statistics
import sys
import time

import tensorflow as tf

from fsn_tf.training.examples import MakeBatches
from fsn_tf.training.trainer import Trainer

# Calls that trace and compile, and fill what is kept ahead.
_WARM = 2

Times = dict[str, list[float]]


def show(trainer: Trainer, make_batches: MakeBatches, steps: int) -> None:
    """Prints a table of a step's parts, and keeps a trace of whole steps.

    Nothing is learned: the state of the trainer is put back. The trace lies
    in logs/plugins/profile, where TensorBoard's profiler finds it.

    Args:
        trainer: Trainer, which has resumed.
        make_batches: (first_step, pipeline.Share) -> tf.data.Dataset.
        steps: To take the time of; fewer where fewer are left.
    """
    left = trainer.experiment.steps - trainer.current_step()
    steps = min(steps, left - _WARM)
    if steps < 1:
        print(
            f"note: {max(left, 0)} steps are left, too few to profile; raise "
            "--steps",
            file=sys.stderr,
        )
        return
    with _undone(trainer):
        times = measured(trainer, make_batches, steps)
    with _undone(trainer):
        _trace(trainer, make_batches, steps)
    if trainer.host_folder == trainer.workdir:
        print("\n".join(table(times)))
        print(f"{_logs(trainer)}: a profile of {steps} steps, for TensorBoard")


def measured(trainer: Trainer, make_batches: MakeBatches, steps: int) -> Times:
    """Seconds of each of `steps` calls of a step's parts, and of all of it.

    Input is made while nothing else runs. Each of the other parts is a
    function of its own, on one batch that lies on the devices: backward and
    forward together, and these and the update, are one each. They take turns,
    so that what else the machine does disturbs all alike.

    Returns:
        {"input", "host to device", "forward", "and backward", "and update",
        "step": seconds}; "step" is a step as training takes it.
    """
    made, learned = (trainer.batches(make_batches) for _ in range(2))
    batch, update = next(trainer.batches(make_batches)), trainer.update
    parts = {
        "host to device": _copying(trainer, batch),
        "forward": _on_devices(trainer, update.forward, batch),
        "and backward": _on_devices(trainer, update.gradients, batch),
        "and update": _on_devices(trainer, update, batch),
        "step": lambda: trainer.run(learned, 1),
    }
    times = _seconds({"input": lambda: next(made)}, steps)
    return times | _seconds(parts, steps)


def table(times: Times) -> list[str]:
    """Lines of the milliseconds of every part: median, and from where to where.

    Args:
        times: What measured gives. Backward and update are what they add, in
            each turn, to what they are measured with.
    """
    added = {
        "backward": _added(times["forward"], times["and backward"]),
        "update": _added(times["and backward"], times["and update"]),
    }
    rows = {
        **{
            name: times[name] for name in ("input", "host to device", "forward")
        },
        **added,
        "whole step": times["step"],
    }
    lines = [
        f"{'of a step':<16}{'median, ms':>12}{'from, ms':>12}{'to, ms':>12}"
    ]
    for name, of in rows.items():
        shown = [statistics.median(of)]
        # A difference has the noise of both turns at its ends.
        shown += [] if name in added else [min(of), max(of)]
        numbers = "".join(f"{1e3 * value:12.3f}" for value in shown)
        lines.append(f"{name:<16}{numbers}")
    return lines


def _added(without, with_it):
    """What a part adds to each turn."""
    return [b - a for a, b in zip(without, with_it, strict=True)]


def _seconds(calls: Mapping[str, Callable[[], object]], count: int) -> Times:
    """{name: seconds of each of `count` calls}, after those that trace."""
    found: Times = {name: [] for name in calls}
    for _ in range(_WARM + count):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            # An accelerator may still be at it.
            tf.test.experimental.sync_devices()
            found[name].append(time.perf_counter() - started)
    return {name: seconds[_WARM:] for name, seconds in found.items()}


def _on_devices(trainer, part, batch):
    """A compiled call of a part of a step, on every device."""

    @tf.function
    def call(batch):
        # All that is found must come out, lest it is not computed.
        return trainer.strategy.run(part, (batch, trainer.step.read_value()))

    return lambda: call(batch)


def _copying(trainer, batch):
    """Copies a batch, or each device's part of it, from the host's memory."""
    results = trainer.strategy.experimental_local_results
    weights = results(trainer.network.variables[0].value)
    devices = [weight.device for weight in weights]
    pairs = [
        pair
        for values in batch.values()
        for pair in zip(results(values), devices, strict=True)
    ]
    with tf.device("CPU"):
        pairs = [(tf.identity(value), device) for value, device in pairs]

    def call():
        for value, device in pairs:
            with tf.device(device):
                tf.identity(value)

    return call


def _trace(trainer, make_batches, steps):
    """Has TensorFlow's profiler follow steps as training takes them."""
    batches = trainer.batches(make_batches)
    tf.profiler.experimental.start(str(_logs(trainer)))
    try:
        for _ in range(steps):
            trainer.run(batches, 1)
    finally:
        tf.profiler.experimental.stop()


def _logs(trainer):
    return trainer.host_folder / "logs"


@contextlib.contextmanager
def _undone(trainer) -> Iterator[None]:
    """A block after which all variables are as they were."""
    variables = [
        *trainer.predicting.values(),
        *(one.value for one in trainer.network.variables),
        *(one.value for one in trainer.optimizer.variables),
        trainer.step,
    ]
    values = [variable.numpy() for variable in variables]
    try:
        yield
    finally:
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
