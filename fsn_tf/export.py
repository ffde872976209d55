"""Trained networks for use elsewhere: SavedModel, and Localizer."""

import json
import pathlib
import shutil
import tempfile

import keras
import numpy as np

import fsn_tf
from fsn_tf import checkpoints
from fsn_tf import files
from fsn_tf import networks
from fsn_tf import pipeline
from fsn_tf import prediction
from fsn_tf import quietly
from fsn_tf import scores
from fsn_tf import temporal_cnn
from fsn_tf.errors import InputError

tf = quietly.imported("tensorflow")

CARD = "model.json"
_CARD_NUMBERS = ("fps", "snippet_frames", "clip_snippets", "context_snippets")


def export(workdir, out, *, which="last"):
    """Writes a SavedModel that runs without fsn_tf, and its card.

    Signatures; C is the classes, background last:

    - `serving_default`: `frames` (T, H, W, 3) uint8 RGB, every frame of one
      clip at the card's frame rate, of any size and number, to
      `probabilities` (T, C).
    - `features`: `frames` (N, H, W, 3) uint8 RGB, one centre frame per
      snippet, to `features` (N, D).
    - `probabilities`: `features` (N, D) to `probabilities`
      (N * snippet_frames, C).

    Args:
        workdir: Folder that training made.
        out: Folder of the SavedModel; must not exist.
        which: "last" or "best" checkpoint.

    Raises:
        InputError: The workdir holds no network, or `out` exists.
    """
    out = pathlib.Path(out)
    if out.exists():
        raise InputError(f"{out}: exists already; choose another --out")
    network, experiment, facts = checkpoints.load_network(workdir, which=which)
    out.parent.mkdir(parents=True, exist_ok=True)
    # A dot folder becomes the model when it is complete.
    partial = pathlib.Path(
        tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent)
    )
    try:
        archive = _archive(network, experiment, facts)
        archive.write_out(str(partial), verbose=False)
        files.write_json(partial / CARD, _card(workdir, experiment, facts))
        partial.chmod(0o755)
        if out.exists():
            raise InputError(f"{out}: was made meanwhile; choose another --out")
        partial.rename(out)
    except tf.errors.OpError as error:
        raise OSError(
            f"{out}: cannot be written: {quietly.reason(error)}"
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _archive(network, experiment, facts):
    spatial_cnn, head = networks.spatial_cnn(network), networks.head(network)
    size = facts["frame_size"]
    per_snippet = experiment.snippet_frames

    def features(frames):
        seen = _as_seen(frames, size, experiment.image_size)
        return {"features": spatial_cnn(seen[None], training=False)[0]}

    def probabilities(features):
        frame_scores = head(features[None], training=False)[0]
        return {"probabilities": networks.probabilities(frame_scores)}

    def serve(frames):
        total = tf.shape(frames)[0]
        centres = tf.range(
            per_snippet // 2, total + per_snippet // 2, per_snippet
        )
        # The last frame stands for a last snippet without a centre (C16).
        centres = tf.gather(frames, tf.minimum(centres, total - 1))
        of_snippets = features(centres)["features"]
        return {
            "probabilities": probabilities(of_snippets)["probabilities"][:total]
        }

    frames = tf.TensorSpec((None, None, None, 3), tf.uint8, "frames")
    of_snippets = tf.TensorSpec((None, head.input_shape[-1]), name="features")
    archive = keras.export.ExportArchive()
    archive.track(network)
    archive.add_endpoint("serving_default", serve, [frames])
    archive.add_endpoint("features", features, [frames])
    archive.add_endpoint("probabilities", probabilities, [of_snippets])
    return archive


def _as_seen(frames, size, image_size):
    """Frames of any size as the network sees them: resized, centre crop."""
    width, height = size
    same = tf.reduce_all(tf.shape(frames)[1:3] == [height, width])

    def resized():
        pixels = tf.image.resize(frames, (height, width), antialias=True)
        return tf.cast(tf.round(tf.clip_by_value(pixels, 0, 255)), tf.uint8)

    frames = tf.cond(same, lambda: frames, resized)
    frames = tf.ensure_shape(frames, (None, height, width, 3))
    return pipeline.centre_view(frames, image_size)


def _card(workdir, experiment, facts):
    return {
        "format": "fsn_tf SavedModel",
        "network": experiment.network,
        "stream": experiment.stream,
        "classes": [*facts["classes"], scores.BACKGROUND],
        "fps": facts["fps"],
        "snippet_frames": experiment.snippet_frames,
        "frame_size": facts["frame_size"],
        "image_size": experiment.image_size,
        "context_snippets": temporal_cnn.context_snippets(
            experiment.temporal_dilations
        ),
        "clip_snippets": experiment.clip_snippets,
        "workdir": pathlib.Path(workdir).name,
        "training_videos": facts["training_videos"],
        "fsn_tf": fsn_tf.__version__,
        "versions": facts["versions"],
    }


class Localizer:
    """A trained network that scores every frame of a video file.

    Args:
        model: A SavedModel folder that `export` made, or a workdir.

    Raises:
        InputError: It is neither.
    """

    def __init__(self, model):
        model = pathlib.Path(model)
        if (model / CARD).is_file():
            self.card = _read_card(model / CARD)
            self.predictor = _Exported(model, self.card)
        elif checkpoints.experiment_path(model).is_file():
            network, experiment, facts = checkpoints.load_network(model)
            self.card = _card(model, experiment, facts)
            self.predictor = prediction.Predictor(
                network, experiment, facts["frame_size"]
            )
        else:
            raise InputError(
                f"{model}: holds neither {CARD} nor experiment.json; expected "
                "what fsn export or fsn train made"
            )
        self.classes = tuple(self.card["classes"])

    def frame_probabilities(self, source, progress=None):
        """Scores a video in constant memory but for the scores.

        Args:
            source: video.Video.
            progress: Called with the seconds of video done so far.

        Returns:
            (T, C) float32 at the card's frame rate, full context at every
            frame.
        """
        told = {}
        chunks = self._features(source, told, progress)
        stretches = list(prediction.whole(chunks, self.predictor))
        return np.concatenate(stretches)[: told["frames"]]

    def _features(self, source, told, progress):
        """Yields (n, D) features; leaves the number of frames in `told`."""
        period = self.card["snippet_frames"]
        waiting, snippets = [], 0
        for frame, image in source.frames(
            self.card["fps"],
            size=tuple(self.card["frame_size"]),
            period=period,
            phase=period // 2,
        ):
            told["frames"] = frame + 1
            if frame // period < snippets:
                continue
            snippets += 1
            waiting.append(image)
            if len(waiting) == prediction.FRAMES_AT_ONCE:
                yield self.predictor.features(np.stack(waiting))
                waiting = []
                if progress:
                    progress(frame / self.card["fps"])
        if waiting:
            yield self.predictor.features(np.stack(waiting))


class _Exported:
    """A SavedModel with the interface of prediction.Predictor."""

    def __init__(self, path, card):
        try:
            self._loaded = tf.saved_model.load(str(path))
        except (OSError, IndexError, ValueError, tf.errors.OpError) as error:
            raise InputError(
                f"{path}: cannot be loaded: {quietly.reason(error)}"
            ) from error
        self.card = card
        self.snippet_frames = card["snippet_frames"]
        self.clip_snippets = card["clip_snippets"]
        self.context = card["context_snippets"]

    def features(self, frames):
        """(N, H, W, 3) uint8 centre frames -> (N, D) float32."""
        return self._loaded.features(tf.constant(frames))["features"].numpy()

    def probabilities(self, features):
        """(B, N, D) -> (B, N * snippet_frames, C), clip by clip."""
        clips = [
            self._loaded.probabilities(tf.constant(clip))["probabilities"]
            for clip in features
        ]
        return np.stack([clip.numpy() for clip in clips])


def _read_card(path):
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        numbers = [card[name] for name in _CARD_NUMBERS] + card["frame_size"]
        classes = card["classes"]
        whole = len(card["frame_size"]) == 2 and len(classes) > 1
        whole &= all(isinstance(name, str) for name in classes)
        whole &= all(number > 0 for number in numbers)
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise InputError(f"{path}: is not whole; export the model again")
    return card
