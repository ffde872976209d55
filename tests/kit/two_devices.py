"""The same training on one device and on two."""

import inspect
import pathlib
import subprocess
import sys

import numpy as np

from fsn_tf.training import checkpoints

_IN_ANOTHER_PROCESS = """
import sys
sys.path.insert(0, {tests!r})
import {module}
{module}.{train}({folder!r}, "mirrored", 2)
"""


def weights_of(workdir):
    """{name: array} of a workdir's last checkpoint."""
    network, _, _ = checkpoints.load_network(workdir)
    return {v.path: np.array(v) for v in network.variables}


def learned(train, folder):
    """What the last checkpoints hold: on one device, and on two.

    Args:
        train: Function of a test module that trains in folder / strategy;
            called with folder, strategy and logical CPUs.
        folder: pathlib.Path.

    Returns:
        {name: (array, array)}.
    """
    train(folder, "default", 0)
    # Devices are fixed once TensorFlow runs, so in a process of its own.
    source = pathlib.Path(inspect.getfile(train))
    script = _IN_ANOTHER_PROCESS.format(
        tests=str(source.parent),
        module=source.stem,
        train=train.__name__,
        folder=str(folder),
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    one, two = weights_of(folder / "default"), weights_of(folder / "mirrored")
    return {name: (value, two[name]) for name, value in one.items()}
