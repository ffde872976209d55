"""A trained network of one stream, from a workdir or exported."""

from collections.abc import Iterator
import pathlib
from typing import Any

import numpy as np

from fsn_tf import fingerprints
from fsn_tf import quietly
from fsn_tf import workdirs
from fsn_tf.errors import InputError
from fsn_tf.exports import exported_models
from fsn_tf.prediction import stretches
from fsn_tf.snippets import flow_methods
from fsn_tf.timeline import lite_models
from fsn_tf.timeline import onnx_models
from fsn_tf.videos import captures
from fsn_tf.videos import flow as flows
from fsn_tf.videos import snippet_images


class StreamModel:
    """A trained network, and what it sees of a video.

    TensorFlow is loaded where the model needs it.

    Args:
        path: A folder that `export` made, or a workdir.
        flow: One of flow.METHODS for a network that takes flow; None is the
            method on whose flow it was trained.
        which: "last" or "best" checkpoint of a workdir.
        precision: One of precisions.PRECISIONS; None is float32 for a
            workdir, and for an export what its card says.

    Attributes:
        path: pathlib.Path.
        card: What model_card.card says of it.
        predictor: stretches.Predictor.
        runtime: Name of what runs the predictor.
        precision: One of precisions.PRECISIONS.
        flow: Method of its flow; empty where it takes RGB.
        fingerprint: Tells its scores from those of another model.

    Raises:
        InputError: It is neither, takes features, takes flow that cannot be
            computed, or does not compute in that precision.
    """

    def __init__(
        self,
        path: pathlib.Path | str,
        flow: str | None = None,
        *,
        which: str = "last",
        precision: str | None = None,
    ):
        self.path = pathlib.Path(path)
        self.card: dict[str, Any]
        self.predictor: stretches.Predictor
        if (self.path / exported_models.CARD).is_file():
            self._load_exported(precision)
            weights = exported_models.weights_files(self.path, self.card)
        elif workdirs.experiment_path(self.path).is_file():
            self._load_workdir(which, precision or "float32")
            weights = [pathlib.Path(f"{workdirs.latest(path, which)}.index")]
        else:
            raise InputError(
                f"{path}: holds neither {exported_models.CARD} nor "
                "experiment.json; expected what fsn export or fsn train made"
            )
        self.flow = self._flow_method(flow)
        facts = [self.card, self.flow, *map(fingerprints.of_path, weights)]
        if self.precision != self.card.get("precision", "float32"):
            facts.append(self.precision)
        self.fingerprint = fingerprints.of_value(facts)

    def snippets(self, frames: snippet_images.Frames) -> Iterator[np.ndarray]:
        """Yields the (H, W, C) uint8 images of every snippet.

        Args:
            frames: (index, (H, W, 3) uint8 RGB) of a video at the card's
                frame rate, all of them, or for RGB the centers and the last.
        """
        length, size = self.card["snippet_frames"], self.card["frame_size"]
        frames = (
            (f, captures.resized(image, tuple(size))) for f, image in frames
        )
        if self.flow:
            method = flow_methods.method(self.flow)
            return snippet_images.stacks(frames, length, method)
        return snippet_images.centers(frames, length)

    def _load_exported(self, precision):
        self.card = exported_models.read(self.path)
        self._check_stream(self.card["stream"])
        exported_models.check_sizes(self.path, self.card)
        form = self.card.get("format", "saved_model")
        made_in = self.card.get("precision", "float32")
        self.precision = precision or made_in
        if form == "onnx":
            loaded: Any = onnx_models.OnnxModel(
                self.path, self.card, self.precision
            )
        elif self.precision != made_in:
            raise InputError(
                f"{self.path}: was exported in {made_in}; leave out "
                f"--precision={precision}, or export with it"
            )
        elif form == "tflite":
            loaded = lite_models.LiteModel(self.path, self.card)
        else:
            models = quietly.imported("fsn_tf.timeline.tensorflow_models")
            loaded = models.SavedModel(self.path, self.card)
        self.predictor, self.runtime = loaded, loaded.runtime

    def _load_workdir(self, which, precision):
        experiment, _ = workdirs.read_experiment(self.path)
        self._check_stream(experiment.stream)
        models = quietly.imported("fsn_tf.timeline.tensorflow_models")
        self.card, self.predictor = models.of_workdir(
            self.path, which, precision
        )
        self.runtime, self.precision = "TensorFlow", precision

    def _check_stream(self, stream):
        if stream not in ("rgb", "flow"):
            raise InputError(
                f"{self.path}: takes {stream}; expected a model "
                "that takes RGB frames or flow, or score prepared videos with "
                "fsn predict"
            )

    def _flow_method(self, chosen):
        if self.card["stream"] == "rgb":
            return ""
        method = chosen or self.card["flow"]
        if method not in flows.METHODS:
            raise InputError(
                f"{self.path}: was trained on flow of an unknown method "
                f"({method}); choose the likeliest, such as --flow=dis"
            )
        flows.check(method, tuple(self.card["frame_size"]))
        return method
