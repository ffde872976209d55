"""Frame probabilities of whole videos, in bounded memory (Section 3.5)."""

import hashlib
import json
import pathlib

import numpy as np

from fsn_tf import checkpoints
from fsn_tf import files
from fsn_tf import networks
from fsn_tf import pipeline
from fsn_tf import progress
from fsn_tf import quietly
from fsn_tf import records
from fsn_tf import scores
from fsn_tf import temporal_cnn
from fsn_tf.errors import InputError

tf = quietly.imported("tensorflow")

# Centre frames that the 2D CNN sees at once; bounds the memory.
FRAMES_AT_ONCE = 64


class Predictor:
    """A trained network as functions from arrays to arrays.

    Args:
        network: keras.Model, as networks.fsn returns.
        experiment: Experiment.
        frame_size: (width, height) of stored frames.
    """

    def __init__(self, network, experiment, frame_size):
        self.clip_snippets = experiment.clip_snippets
        self.snippet_frames = experiment.snippet_frames
        self.context = temporal_cnn.context_snippets(
            experiment.temporal_dilations
        )
        spatial_cnn = networks.spatial_cnn(network)
        head = networks.head(network)
        width, height = frame_size
        frames = tf.TensorSpec((None, height, width, 3), tf.uint8)
        features = tf.TensorSpec((None, None, head.input_shape[-1]))

        def of_frames(frames):
            seen = pipeline.centre_view(frames, experiment.image_size)
            return spatial_cnn(seen[None], training=False)[0]

        self._features = tf.function(of_frames, [frames])
        self._probabilities = tf.function(
            lambda x: networks.probabilities(head(x, training=False)),
            [features],
        )

    def features(self, frames):
        """(N, H, W, 3) uint8 centre frames, as stored -> (N, D) float32."""
        return self._features(frames).numpy()

    def probabilities(self, features):
        """(B, N, D) -> (B, N * snippet_frames, C)."""
        return self._probabilities(features).numpy()


def windows(chunks, predictor):
    """Scores windows of T frames without overlap, as the paper does (C7).

    A last window that is incomplete is scored at its own length.

    Args:
        chunks: Iterable of (n, D) features; adjacent stretches of a video.
        predictor: Predictor.

    Yields:
        (f, C) probabilities of adjacent stretches of frames.
    """
    length = predictor.clip_snippets
    waiting = None
    for features in chunks:
        if waiting is not None:
            features = np.concatenate([waiting, features])
        whole = len(features) - len(features) % length
        if whole:
            clips = features[:whole].reshape(-1, length, features.shape[-1])
            yield np.concatenate(list(predictor.probabilities(clips)))
        waiting = features[whole:]
    if waiting is not None and len(waiting):
        yield predictor.probabilities(waiting[None])[0]


def whole(chunks, predictor):
    """Scores the whole video as one clip, without holding it at once (C7).

    Every stretch is scored with as many neighbours as its frames depend on,
    so the result is that of one pass over the video.

    Args:
        chunks: Iterable of (n, D) features; adjacent stretches of a video.
        predictor: Predictor.

    Yields:
        (f, C) probabilities of adjacent stretches of frames.
    """
    context = predictor.context
    held, scored = None, 0  # features at hand; how many of them are scored
    for features in chunks:
        held = features if held is None else np.concatenate([held, features])
        ready = len(held) - context
        if ready > scored:
            yield _stretch(held, scored, ready, predictor)
            behind = max(ready - context, 0)
            held, scored = held[behind:], ready - behind
    if held is not None and len(held) > scored:
        yield _stretch(held, scored, len(held), predictor)


def _stretch(features, first, stop, predictor):
    size = predictor.snippet_frames
    frames = predictor.probabilities(features[None])[0]
    return frames[first * size : stop * size]


INFERENCES = {"windows": windows, "whole": whole}


def predict(workdir, prepared, out, *, inference, videos=None, which="last"):
    """Writes OUT/{video}.npz, the probabilities of every frame.

    Videos that are done already are kept as they are.

    Args:
        workdir: Folder that training made.
        prepared: Folder that `fsn prepare` made.
        out: Folder of the score files.
        inference: "windows" (the paper's) or "whole".
        videos: Names; None for all that are prepared.
        which: "last" or "best" checkpoint.

    Returns:
        Number of videos that failed; each costs one line on stderr.

    Raises:
        InputError: Workdir and snippets do not fit, or OUT holds scores of
            another network.
    """
    network, experiment, facts = checkpoints.load_network(workdir, which=which)
    chosen, failures = chosen_videos(prepared, experiment, facts, videos)
    out = pathlib.Path(out)
    _claim(out, _origin(workdir, which, inference, experiment))
    files.remove_abandoned(out)
    predictor = Predictor(network, experiment, facts["frame_size"])
    classes = (*facts["classes"], scores.BACKGROUND)
    waiting = [v for v in chosen if not _is_scored(out, v)]
    total = sum(video.num_snippets for video in waiting)
    shown, done = progress.Progress(total, "snippets"), 0
    for error in failures:
        shown.message(str(error))
    failed = len(failures)
    for number, video in enumerate(waiting):
        try:
            chunks = _features(video, predictor)
            stretches = list(INFERENCES[inference](chunks, predictor))
            frames = np.concatenate(stretches)[: video.num_frames]
            scores.write(
                out, video.video, frames, fps=video.fps, classes=classes
            )
        except InputError as error:
            shown.message(str(error))
            failed += 1
        done += video.num_snippets
        shown.update(done, f"{number + 1}/{len(waiting)} videos")
    shown.close()
    kept = len(chosen) - len(waiting)
    scored = len(chosen) + len(failures) - kept - failed
    print(f"{out}: {scored} videos scored, {kept} kept, {failed} failed")
    return failed


def _is_scored(out, video):
    path = out / f"{video.video}.npz"
    try:
        return path.exists() and len(scores.read(path).scores) > 0
    except InputError:
        return False


def chosen_videos(prepared, experiment, facts, names):
    """The prepared videos of these names; all of them for None.

    Returns:
        (videos, InputError of each one that is damaged).

    Raises:
        InputError: One is not prepared, or was prepared unlike the videos
            that the network was trained on.
    """
    available, damaged = records.scan(prepared, experiment.stream)
    known = available | damaged
    names = sorted(known) if names is None else list(dict.fromkeys(names))
    missing = [name for name in names if name not in known]
    if missing:
        raise InputError(
            f"{prepared}: {missing[0]} is not prepared "
            f"({len(missing)} of {len(names)} are not); run fsn prepare"
        )
    chosen = [available[name] for name in names if name in available]
    for video in chosen:
        stored = (video.fps, video.snippet_frames, video.width, video.height)
        trained = (facts["fps"], experiment.snippet_frames)
        trained += tuple(facts["frame_size"])
        if stored != trained:
            raise InputError(
                f"{video.path}: fps, frames per snippet, width and height "
                f"are {stored}; the network was trained on {trained}"
            )
    return chosen, [damaged[name] for name in names if name in damaged]


def _features(video, predictor):
    """Yields (n, D) features of adjacent stretches of one video."""
    starts = tf.data.Dataset.range(0, video.num_snippets, FRAMES_AT_ONCE)

    def read(first):
        stop = tf.minimum(first + FRAMES_AT_ONCE, video.num_snippets)
        return pipeline.stored_frames(video, first, stop)

    try:
        for frames in starts.map(read).prefetch(1):
            yield predictor.features(frames)
    except tf.errors.OpError as error:
        raise InputError(records.unreadable(video, error)) from error


def _origin(workdir, which, inference, experiment):
    """What tells one set of scores from another."""
    latest = checkpoints.latest(workdir, which)
    digest = hashlib.sha256(pathlib.Path(latest + ".index").read_bytes())
    return {
        "workdir": pathlib.Path(workdir).name,
        "checkpoint": pathlib.Path(latest).name,
        "checkpoint_sha256": digest.hexdigest(),
        "inference": inference,
        "stream": experiment.stream,
    }


def _claim(out, origin):
    """Notes where the scores in a folder come from; refuses to mix two."""
    path = out / "origin.json"
    if path.exists():
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            known = "something that is not JSON"
        if known != origin:
            raise InputError(
                f"{path}: expected {origin}, found {known}; choose another "
                "--out, or delete the folder"
            )
    else:
        files.write_json(path, origin)
