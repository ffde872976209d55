r"""How fast the paper's networks run on an accelerator, by any Keras backend.

    KERAS_BACKEND=torch|jax|tensorflow python -m benchmarks.gpu \
        [--backbone=BNInception] [--batches=4,12] [--peak_tflops=989]

Needs Keras, NumPy and the backend, nothing else of requirements.txt; run it
from a checkout. FSN learns from, and scores, clips of 7 snippets of 224x224
that lie on the device, without dropout. MFU is the share of `--peak_tflops`
(of the datasheet, for bfloat16) that multiplications and additions of the
network make up; beside it stands the same share of what a product of two
matrices reaches here. A training step counts as three forward passes. Each
turn ends when its result is in the host's memory.
"""

import argparse
import platform
import statistics
import sys
import time

import keras
from keras import ops
import numpy as np

from fsn_tf.experiment import Experiment
from fsn_tf.networks import fsn
from fsn_tf.networks import losses

_CLASSES = 20


def flops(model: keras.Model, images: int = 1) -> int:
    """Operations of a forward pass of one clip, a multiply-add being two.

    Convolutions and dense layers alone; all else is a few percent.

    Args:
        model: Network from `images` snippets of a clip.
        images: How often each layer of it runs in a clip.
    """
    total = 0
    for layer in model.layers:
        inner = getattr(layer, "layer", layer)
        if isinstance(inner, keras.Model):
            # What is wrapped sees the snippets one by one.
            times = _SNIPPETS if inner is not layer else images
            total += flops(inner, times)
        elif getattr(inner, "kernel", None) is not None:
            places = [size or _SNIPPETS for size in layer.output.shape[1:-1]]
            kernel = np.prod(inner.kernel.shape)
            total += 2 * images * int(kernel * np.prod(places))
    return total


_SNIPPETS = Experiment().clip_snippets


def seconds(call, rounds: int) -> list[float]:
    """Seconds of each turn, after two that compile and warm up."""
    taken = []
    for turn in range(rounds + 2):
        start = time.perf_counter()
        call()
        if turn > 1:
            taken.append(time.perf_counter() - start)
    return taken


def product_rate(size: int, dtype: str, rounds: int) -> float:
    """Operations per second of a product of two square matrices."""
    matrix = ops.ones((size, size), dtype)

    def call():
        product = matrix
        for _ in range(10):
            product = ops.matmul(product, matrix)
        ops.convert_to_numpy(ops.cast(product[:1, :1], "float32"))

    return 10 * 2 * size**3 / statistics.median(seconds(call, rounds))


def calls(experiment: Experiment) -> tuple[dict, int]:
    """({name: a forward pass or a step}, operations of a forward pass)."""
    rng = np.random.default_rng(0)
    batch, size = experiment.batch_size, experiment.image_size
    shape = (batch, _SNIPPETS, size, size, experiment.channels)
    frames = ops.convert_to_tensor(rng.integers(0, 255, shape, "uint8"))
    frame_shape = (batch, experiment.clip_frames)
    labels = ops.convert_to_tensor(rng.integers(0, _CLASSES, frame_shape))
    network = fsn.build(experiment, _CLASSES)
    rate, momentum = experiment.learning_rate, experiment.momentum
    network.compile(
        keras.optimizers.SGD(rate, momentum=momentum),
        loss=lambda labels, logits: losses.frame_cross_entropy(
            logits, labels, ops.ones_like(labels)
        ),
    )
    made = {
        "forward": lambda: network.predict_on_batch(frames),
        "training step": lambda: network.train_on_batch(frames, labels),
    }
    return made, batch * flops(network)


def rows(given, batch: int, mixed: bool) -> list[list[str]]:
    """A row of the table for each call."""
    experiment = Experiment(
        backbone=given.backbone,
        image_size=given.image_size,
        batch_size=batch,
        mixed_precision=mixed,
        dropout=0.0,
    )
    made, forward = calls(experiment)
    dtype = "bfloat16" if mixed else "float32"
    reached = product_rate(given.product, dtype, given.rounds)
    found = []
    for name, call in made.items():
        taken = statistics.median(seconds(call, given.rounds))
        rate = forward * (1 if name == "forward" else 3) / taken
        mfu = f"{rate / given.peak_tflops / 1e12:.1%}" if mixed else ""
        row = [name, dtype, batch, f"{taken * 1e3:.1f}", f"{batch / taken:.1f}"]
        row += [f"{rate / 1e12:.3f}", f"{rate / reached:.1%}"]
        found.append([*map(str, row), mfu if given.peak_tflops else ""])
    return found


def device() -> str:
    """What the backend computes on."""
    backend = keras.backend.backend()
    library = sys.modules[backend]
    if backend == "jax":
        return str(library.devices()[0].device_kind)
    if backend == "torch":
        cuda = library.cuda
        found = cuda.get_device_name() if cuda.is_available() else ""
        return found or f"CPU, {platform.machine()}"
    return str(library.config.list_logical_devices()[-1].name)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--backbone", default="BNInception")
    parser.add_argument("--image_size", type=int, default=224)
    parser.add_argument("--batches", default="4,12")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--product", type=int, default=8192)
    parser.add_argument("--peak_tflops", type=float, default=0.0)
    given = parser.parse_args()
    backend = keras.backend.backend()
    print(f"Keras {keras.__version__} on {backend}, {device()}\n")
    columns = ["", "numbers", "clips", "ms", "clips/s", "TFLOP/s"]
    columns += ["of a matrix product", "MFU"]
    for line in (columns, ["---"] * len(columns)):
        print(f"| {' | '.join(line)} |")
    for batch in map(int, given.batches.split(",")):
        for mixed in (False, True):
            for row in rows(given, batch, mixed):
                print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
