"""Writes workdirs of FSNs that nobody trained, weights and frames.

random_models.py FOLDER BACKBONE IMAGE_SIZE WIDTH HEIGHT STREAM ...

FOLDER/STREAM is a workdir; FOLDER/STREAM.npz has the weights by their path.
FOLDER/frames.npy has the frames of some clips, (T, H, W, 3) uint8.
"""

import pathlib
import sys

import numpy as np
import shapes

from fsn_tf import quietly
from fsn_tf import workdirs
from fsn_tf.experiment import Experiment
from fsn_tf.networks import fsn
from fsn_tf.training import checkpoints

tf = quietly.imported("tensorflow")


def write_workdir(folder, stream, backbone, image_size, size):
    """One workdir, as training would leave it."""
    classes = [f"Action{index:02d}" for index in range(shapes.CLASSES)]
    experiment = Experiment(
        stream=stream, backbone=backbone, image_size=image_size
    )
    facts = {"classes": classes, "fps": 25, "frame_size": list(size)}
    facts |= {"flow": "dis" if stream == "flow" else ""}
    facts |= {"training_videos": [], "versions": {}}
    workdir = folder / stream
    workdir.mkdir(parents=True)
    workdirs.write_experiment(workdir, experiment, **facts)
    network = fsn.build(experiment, len(classes))
    _disturb(network)
    checkpoint = tf.train.Checkpoint(network=checkpoints.weights(network))
    checkpoints.write(
        checkpoint, workdirs.checkpoint_folder(workdir, "last"), 1, keep=1
    )
    weights = {one.path: one.numpy() for one in network.variables}
    np.savez(folder / f"{stream}.npz", **weights)


def _disturb(network):
    """Gives batch norms statistics, and classes scores that differ."""
    random = np.random.default_rng(0)
    for variable in network.variables:
        name = variable.path.rsplit("/", 1)[-1]
        shape = variable.shape
        if name in ("gamma", "moving_variance"):
            variable.assign(random.uniform(0.8, 1.2, shape))
        elif name in ("beta", "moving_mean"):
            variable.assign(random.normal(0, 0.1, shape))
    # Scores that differ, but not so much that softmax hides differences.
    scores = network.get_layer(fsn.HEAD).get_layer("scores")
    images = random.integers(0, 256, (1, 7, *network.input_shape[2:]))
    deviation = np.std(network(images.astype(np.uint8), training=False))
    scores.kernel.assign(scores.kernel / deviation)


def main():
    folder, (backbone, image_size, width, height, *streams) = (
        pathlib.Path(sys.argv[1]),
        sys.argv[2:],
    )
    size = int(width), int(height)
    for stream in streams:
        write_workdir(folder, stream, backbone, int(image_size), size)
    frames = shapes.CLIPS * shapes.SNIPPETS * shapes.SNIPPET_FRAMES
    # Blobs, since noise of single pixels excites no convolution.
    coarse = np.random.default_rng(0).integers(
        0, 256, (frames, size[1] // 16 + 1, size[0] // 16 + 1, 3), np.uint8
    )
    fine = coarse.repeat(16, axis=1).repeat(16, axis=2)
    np.save(folder / "frames.npy", fine[:, : size[1], : size[0]])


main()
