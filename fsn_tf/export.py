"""Trained networks for use elsewhere: SavedModel."""

import pathlib
import shutil
import tempfile

import keras

from fsn_tf import checkpoints
from fsn_tf import files
from fsn_tf import model_card
from fsn_tf import networks
from fsn_tf import quietly
from fsn_tf import views
from fsn_tf.errors import InputError

tf = quietly.imported("tensorflow")


def export(workdir, out, *, which="last"):
    """Writes a SavedModel that runs without fsn_tf, and its card.

    Signatures; C' is the classes: K, and for FSN background, last:

    - `serving_default`: `frames` (T, H, W, 3) uint8 RGB, every frame of one
      clip at the card's frame rate, of any size and number, to
      `probabilities` (T, C'). For the flow stream `frames` is (N, H, W,
      10) uint8, the stack of five flows of each snippet, x and y in turn,
      and `probabilities` (N * snippet_frames, C'); for the features stream it
      is `features`, as below.
    - `features`: `frames` (N, H, W, C) uint8, one centre frame or one stack
      per snippet, to `features` (N, D).
    - `probabilities`: `features` (N, D) to `probabilities`
      (N * snippet_frames, C').

    Args:
        workdir: Folder that training made.
        out: Folder of the SavedModel; must not exist.
        which: "last" or "best" checkpoint.

    Raises:
        InputError: The workdir holds no network that scores frames, or `out`
            exists.
    """
    out = pathlib.Path(out)
    if out.exists():
        raise InputError(f"{out}: exists already; choose another --out")
    network, experiment, facts = checkpoints.load_frame_network(
        workdir, which=which
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    # A dot folder becomes the model when it is complete.
    partial = pathlib.Path(
        tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent)
    )
    try:
        archive = _archive(network, experiment, facts)
        archive.write_out(str(partial), verbose=False)
        card = model_card.card(workdir, experiment, facts)
        files.write_json(partial / model_card.NAME, card)
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
    head = networks.frame_head(network, experiment)

    def probabilities(features):
        frame_scores = head(features[None], training=False)[0]
        return {"probabilities": networks.probabilities(frame_scores)}

    of_snippets = tf.TensorSpec((None, head.input_shape[-1]), name="features")
    archive = keras.export.ExportArchive()
    archive.track(network)
    archive.add_endpoint("probabilities", probabilities, [of_snippets])
    if experiment.stream == "features":
        archive.add_endpoint("serving_default", probabilities, [of_snippets])
    else:
        _add_images(archive, network, probabilities, experiment, facts)
    return archive


def _add_images(archive, network, probabilities, experiment, facts):
    """Adds the signatures that take images."""
    spatial_cnn = networks.spatial_cnn(network)
    size, per_snippet = facts["frame_size"], experiment.snippet_frames

    def features(frames):
        seen = _as_seen(frames, size, experiment.image_size)
        return {"features": spatial_cnn(seen[None], training=False)[0]}

    def serve_stacks(frames):
        return probabilities(features(frames)["features"])

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

    shape = (None, None, None, experiment.channels)
    frames = tf.TensorSpec(shape, tf.uint8, "frames")
    default = serve if experiment.stream == "rgb" else serve_stacks
    archive.add_endpoint("serving_default", default, [frames])
    archive.add_endpoint("features", features, [frames])


def _as_seen(frames, size, image_size):
    """Frames of any size as the network sees them: resized, centre crop."""
    width, height = size
    same = tf.reduce_all(tf.shape(frames)[1:3] == [height, width])

    def resized():
        pixels = tf.image.resize(frames, (height, width), antialias=True)
        return tf.cast(tf.round(tf.clip_by_value(pixels, 0, 255)), tf.uint8)

    frames = tf.cond(same, lambda: frames, resized)
    frames = tf.ensure_shape(frames, (None, height, width, None))
    return views.centre(frames, image_size)
