"""Networks that nobody trained, exported, for benchmarks.localize.

python -m benchmarks.random_models FOLDER WIDTH HEIGHT
"""

import pathlib
import sys

from fsn_tf import quietly
from fsn_tf import workdirs
from fsn_tf.experiment import Experiment
from fsn_tf.exports import model_folders
from fsn_tf.networks import fsn
from fsn_tf.training import checkpoints

tf = quietly.imported("tensorflow")


def write_models(folder, size):
    """Exports both networks to FOLDER/both; their weights are random."""
    classes = [f"Action{index:02d}" for index in range(20)]
    made = []
    for stream in ("rgb", "flow"):
        experiment = Experiment(stream=stream, backbone="tiny", image_size=72)
        workdir = folder / f"run_{stream}"
        facts = {"classes": classes, "fps": 25, "frame_size": list(size)}
        facts |= {"flow": "dis" if stream == "flow" else ""}
        facts |= {"training_videos": [], "versions": {}}
        workdir.mkdir()
        workdirs.write_experiment(workdir, experiment, **facts)
        network = fsn.build(experiment, len(classes))
        checkpoint = tf.train.Checkpoint(network=checkpoints.weights(network))
        checkpoints.write(
            checkpoint, workdirs.checkpoint_folder(workdir, "last"), 1, keep=1
        )
        made.append(workdir)
    model_folders.export(made, folder / "both")


if __name__ == "__main__":
    write_models(pathlib.Path(sys.argv[1]), tuple(map(int, sys.argv[2:])))
