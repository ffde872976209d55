"""What an exported network computes, as functions of tensors."""

from typing import Any

import keras
import tensorflow as tf

from fsn_tf.experiment import Experiment
from fsn_tf.networks import fsn
from fsn_tf.prediction import frozen
from fsn_tf.prediction import views
from fsn_tf.snippets import streams

# {name: (tf.function to a dict of one tensor, what it takes)}
Signatures = dict[str, tuple[Any, tf.TensorSpec]]


def signatures(
    network: keras.Model,
    experiment: Experiment,
    facts: dict[str, Any],
    *,
    any_size: bool,
) -> Signatures:
    """The functions that an export offers, with what they take.

    C' is the classes: K, and for FSN background, last:

    - `serving_default`: `frames` (T, H, W, 3) uint8 RGB, every frame of one
      clip at the card's frame rate, of any number, to `probabilities`
      (T, C'). For the flow stream `frames` is (N, H, W, 10) uint8, the stack
      of five flows of each snippet, x and y in turn, and `probabilities`
      (N * snippet_frames, C'); for the features stream it is `features`, as
      below.
    - `features`: `frames` (N, H, W, C) uint8, one center frame or one stack
      per snippet, to `features` (N, D).
    - `probabilities`: `features` (N, D) to `probabilities`
      (N * snippet_frames, C').

    Their weights are constants, and batch norms are merged into convolutions.
    `serving_default` calls the others, so that a file holds the weights once.

    Args:
        network, experiment, facts: As checkpoints.load_frame_network gives
            them.
        any_size: Whether frames may have any H and W; they are resized then.
            Else they have the card's frame size.

    Returns:
        {name: (function, tf.TensorSpec of its only argument)}; functions
        return a dict of one tensor.
    """
    head = fsn.frame_head(network, experiment)

    def probabilities(features):
        frame_logits = head(features[None], training=False)[0]
        return {"probabilities": fsn.probabilities(frame_logits)}

    of_snippets = tf.TensorSpec((None, head.input_shape[-1]), name="features")
    probabilities = frozen.function(head, probabilities, of_snippets)
    offered = {"probabilities": (probabilities, of_snippets)}
    if experiment.stream == streams.FEATURES:
        return {"serving_default": offered["probabilities"], **offered}
    width, height = (None, None) if any_size else facts["frame_size"]
    shape = (None, height, width, experiment.channels)
    frames = tf.TensorSpec(shape, tf.uint8, "frames")
    of_images = _of_images(network, probabilities, experiment, facts, frames)
    return {
        **{name: (function, frames) for name, function in of_images.items()},
        **offered,
    }


def _of_images(network, probabilities, experiment, facts, takes):
    """The functions that take images, by name."""
    cnn = frozen.spatial_cnn(network)
    size, per_snippet = facts["frame_size"], experiment.snippet_frames

    def features(frames):
        seen = _as_seen(frames, size, experiment.image_size)
        found = cnn(seen, training=False)
        return {"features": tf.cast(found, tf.float32)}

    features = frozen.function(cnn, features, takes)

    def serve_stacks(frames):
        return probabilities(features(frames)["features"])

    def serve(frames):
        total = tf.shape(frames)[0]
        centers = tf.range(
            per_snippet // 2, total + per_snippet // 2, per_snippet
        )
        # The last frame stands for a last snippet without a center (C16).
        centers = tf.gather(frames, tf.minimum(centers, total - 1))
        of_snippets = features(centers)["features"]
        return {
            "probabilities": probabilities(of_snippets)["probabilities"][:total]
        }

    default = serve if experiment.stream == streams.RGB else serve_stacks
    return {
        "serving_default": tf.function(default, [takes]),
        "features": features,
    }


def _as_seen(frames, size, image_size):
    """Frames as the network sees them: resized, center crop."""
    width, height = size
    if frames.shape[1:3] != (height, width):
        frames = _resized(frames, height, width)
    return views.center(frames, image_size)


def _resized(frames, height, width):
    same = tf.reduce_all(tf.shape(frames)[1:3] == [height, width])

    def resized():
        pixels = tf.image.resize(frames, (height, width), antialias=True)
        return tf.cast(tf.round(tf.clip_by_value(pixels, 0, 255)), tf.uint8)

    frames = tf.cond(same, lambda: frames, resized)
    return tf.ensure_shape(frames, (None, height, width, None))
