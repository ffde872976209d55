"""A trained network of one stream, from a workdir or exported."""

from collections.abc import Iterator
import pathlib
from typing import Any

import numpy as np
import tensorflow as tf

from fsn_tf import fingerprints
from fsn_tf import quietly
from fsn_tf import workdirs
from fsn_tf.errors import InputError
from fsn_tf.exports import model_card
from fsn_tf.prediction import frame_prediction
from fsn_tf.snippets import flow_methods
from fsn_tf.training import checkpoints
from fsn_tf.videos import flow as flows
from fsn_tf.videos import snippet_images
from fsn_tf.videos import video_files


class StreamModel:
    """A trained network, and what it sees of a video.

    Args:
        path: A SavedModel folder that `export` made, or a workdir.
        flow: One of flow.METHODS for a network that takes flow; None is the
            method on whose flow it was trained.
        which: "last" or "best" checkpoint of a workdir.

    Attributes:
        path: pathlib.Path.
        card: What model_card.card says of it.
        predictor: frame_prediction.Predictor.
        flow: Method of its flow; empty where it takes RGB.
        fingerprint: Tells its scores from those of another model.

    Raises:
        InputError: It is neither, takes features, or takes flow that cannot
            be computed.
    """

    def __init__(
        self,
        path: pathlib.Path | str,
        flow: str | None = None,
        *,
        which: str = "last",
    ):
        self.path = pathlib.Path(path)
        self.card: dict[str, Any]
        self.predictor: frame_prediction.Predictor
        if (self.path / model_card.NAME).is_file():
            self.card = model_card.read(self.path)
            self._check_stream()
            self.predictor = _Exported(self.path, self.card)
            index = self.path / "variables" / "variables.index"
        elif workdirs.experiment_path(self.path).is_file():
            network, experiment, facts = checkpoints.load_frame_network(
                path, which=which
            )
            self.card = model_card.card(path, experiment, facts)
            self._check_stream()
            index = pathlib.Path(f"{workdirs.latest(path, which)}.index")
            self.predictor = frame_prediction.KerasPredictor(
                network, experiment, facts["frame_size"]
            )
        else:
            raise InputError(
                f"{path}: holds neither {model_card.NAME} nor "
                "experiment.json; expected what fsn export or fsn train made"
            )
        self.flow = self._flow_method(flow)
        # The index holds a checksum of every variable.
        self.fingerprint = fingerprints.of_value(
            [self.card, self.flow, fingerprints.of_path(index)]
        )

    def snippets(self, frames: snippet_images.Frames) -> Iterator[np.ndarray]:
        """Yields the (H, W, C) uint8 images of every snippet.

        Args:
            frames: (index, (H, W, 3) uint8 RGB) of a video at the card's
                frame rate, all of them, or for RGB the centers and the last.
        """
        length, size = self.card["snippet_frames"], self.card["frame_size"]
        frames = (
            (f, video_files.resized(image, tuple(size))) for f, image in frames
        )
        if self.flow:
            method = flow_methods.method(self.flow)
            return snippet_images.stacks(frames, length, method)
        return snippet_images.centers(frames, length)

    def _check_stream(self):
        if self.card["stream"] not in ("rgb", "flow"):
            raise InputError(
                f"{self.path}: takes {self.card['stream']}; expected a model "
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


class _Exported:
    """A SavedModel, see frame_prediction.Predictor."""

    def __init__(self, path, card):
        if card.get("format") in ("tflite", "onnx"):
            raise InputError(
                f"{path}: holds a model in {card['format']} form; expected a "
                "SavedModel (fsn export --format=saved_model)"
            )
        try:
            self._loaded = tf.saved_model.load(str(path))
        except (OSError, IndexError, ValueError, tf.errors.OpError) as error:
            raise InputError(
                f"{path}: cannot be loaded: {quietly.reason(error)}"
            ) from error
        self.snippet_frames = card["snippet_frames"]
        self.clip_snippets = card["clip_snippets"]
        self.context = card["context_snippets"]

    def features(self, images: np.ndarray) -> np.ndarray:
        """(N, H, W, C) uint8 snippets -> (N, D) float32."""
        return self._loaded.features(tf.constant(images))["features"].numpy()

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """(B, N, D) -> (B, N * snippet_frames, C), clip by clip."""
        clips = [
            self._loaded.probabilities(tf.constant(clip))["probabilities"]
            for clip in features
        ]
        return np.stack([clip.numpy() for clip in clips])
