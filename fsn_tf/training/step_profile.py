"""Where the time of a training step goes: a table, and TensorBoard's trace."""

from collections.abc import Callable
from collections.abc import Iterator
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
    if trainer.host_folder == trainer.workdir:
        print("\n".join(table(times)))
        print(f"{_logs(trainer)}: a profile of {steps} steps, for TensorBoard")


def measured(trainer: Trainer, make_batches: MakeBatches, steps: int) -> Times:
    """Seconds of each of `steps` calls of a step's parts, and of all of it.

    Input is made while nothing else runs. Each of the other parts is a
    function of its own, on one batch that lies on the devices: backward and
    forward together, and these and the update, are one each.

    Returns:
        {"input", "host to device", "forward", "and backward", "and update",
        "step": seconds}; "step" is a step as training takes it.
    """
    batches = trainer.batches(make_batches)
    times = {"input": _seconds(lambda: next(batches), steps)}
    batch = next(trainer.batches(make_batches))
    times["host to device"] = _seconds(_copying(trainer, batch), steps)
    update = trainer.update
    parts = {
        "forward": update.forward,
        "and backward": update.gradients,
        "and update": update,
    }
    for name, part in parts.items():
        call = _on_devices(trainer, part)
        times[name] = _seconds(lambda call=call: call(batch), steps)
    batches = trainer.batches(make_batches)
    for _ in range(_WARM):
        trainer.run(batches, 1)
    with _traced(trainer):
        times["step"] = _seconds(lambda: trainer.run(batches, 1), steps, warm=0)
    return times


def table(times: Times) -> list[str]:
    """Lines of the milliseconds of every part: median, and from where to where.

    Args:
        times: What measured gives. Backward and update are what they add to
            the medians of what they are measured with.
    """
    middle = {name: statistics.median(of) for name, of in times.items()}
    backward = middle["and backward"] - middle["forward"]
    update = middle["and update"] - middle["and backward"]
    rows = [
        ("input", middle["input"], times["input"]),
        ("host to device", middle["host to device"], times["host to device"]),
        ("forward", middle["forward"], times["forward"]),
        ("backward", max(backward, 0.0), None),
        ("update", max(update, 0.0), None),
        ("whole step", middle["step"], times["step"]),
    ]
    lines = [
        f"{'of a step':<16}{'median, ms':>12}{'from, ms':>12}{'to, ms':>12}"
    ]
    for name, median, of in rows:
        ends = f"{1e3 * min(of):12.3f}{1e3 * max(of):12.3f}" if of else ""
        lines.append(f"{name:<16}{1e3 * median:12.3f}{ends}")
    return lines


def _seconds(call: Callable[[], object], count: int, warm: int = _WARM):
    """Of each of `count` calls, after those that trace."""
    found = []
    for number in range(-warm, count):
        started = time.perf_counter()
        call()
        # An accelerator may still be at it.
        tf.test.experimental.sync_devices()
        if number >= 0:
            found.append(time.perf_counter() - started)
    return found


def _on_devices(trainer, part):
    """A compiled call of a part of a step, on every device."""

    @tf.function
    def call(batch):
        # All that is found must come out, lest it is not computed.
        return trainer.strategy.run(part, (batch, trainer.step.read_value()))

    return call


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


@contextlib.contextmanager
def _traced(trainer) -> Iterator[None]:
    """A block that TensorFlow's profiler follows."""
    tf.profiler.experimental.start(str(_logs(trainer)))
    try:
        yield
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
