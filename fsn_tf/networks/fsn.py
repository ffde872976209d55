"""The networks of the paper as Keras functional models (Section 3)."""

import pathlib

import keras
from keras import ops

from fsn_tf.experiment import Experiment
from fsn_tf.networks import backbones
from fsn_tf.networks import folding
from fsn_tf.networks import standardization
from fsn_tf.networks import temporal_cnn
from fsn_tf.networks import temporal_pooling
from fsn_tf.networks import time_distributed

SPATIAL_CNN = "spatial_cnn"
HEAD = "head"
STANDARDIZATION = "standardization"


def build(
    experiment: Experiment,
    num_classes: int,
    *,
    feature_size: int | None = None,
    weights: pathlib.Path | str = "",
) -> keras.Model:
    """The network of an experiment.

    Examples:
        >>> experiment = fsn_tf.Experiment(backbone="tiny", image_size=32)
        >>> network = fsn_tf.build(experiment, num_classes=20)
        >>> network.input_shape, network.output_shape
        ((None, None, 32, 32, 3), (None, None, 21))

    Args:
        experiment: Experiment; what it starts from is not looked at.
        num_classes: K.
        feature_size: D, where the stream is features; there is no 2D CNN.
        weights: What backbones.build starts the 2D CNN from.

    Returns:
        keras.Model, as `fsn`, `wfsn` or `tsn` says.

    Raises:
        InputError: There is no such 2D CNN, or its weights do not fit.
    """
    previous = keras.config.dtype_policy()
    if experiment.mixed_precision:
        keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        if experiment.stream == "features":
            backbone = _given(feature_size, experiment.standardize)
        else:
            backbone = backbones.build(
                experiment.backbone,
                image_size=experiment.image_size,
                channels=experiment.channels,
                weights=weights,
                batch_norm=experiment.batch_norm,
                freeze_through=experiment.freeze_through,
            )
        make = {"fsn": fsn, "wfsn": wfsn, "tsn": tsn}[experiment.network]
        return make(backbone, num_classes, experiment)
    finally:
        keras.config.set_dtype_policy(previous)


def _given(feature_size, standardize):
    """Stands for a 2D CNN where its features are given."""
    given = keras.Input((feature_size,), name="given")
    layer = keras.layers.Identity()
    if standardize:
        layer = standardization.Standardization(name=STANDARDIZATION)
    return keras.Model(given, layer(given), name="given")


def fsn(
    backbone: keras.Model, num_classes: int, experiment: Experiment
) -> keras.Model:
    """The Frame Segmentation Network (Sections 3.2, 3.3).

    Args:
        backbone: Keras model, (H, W, C) uint8 -> (D,) features; C is 3 for
            RGB, 10 for stacks of five flows. The identity of (D,) where
            features are given.
        num_classes: K; background is added.
        experiment: Experiment.

    Returns:
        keras.Model from the snippets of a clip, (B, N, H, W, C) uint8, to
        frame logits (B, N * snippet_frames, K + 1). N may differ from call
        to call.
    """
    features = _features(backbone)
    snippet_logits = temporal_cnn.temporal_cnn(
        features,
        num_classes + 1,
        filters=experiment.temporal_filters,
        dilations=experiment.temporal_dilations,
        residual=experiment.temporal_residual,
    )
    *_, last = temporal_cnn.refined(
        snippet_logits,
        experiment.refinement_stages,
        filters=experiment.temporal_filters,
        dilations=experiment.temporal_dilations,
    )
    head = keras.Model(features, _upsampled(last, experiment), name=HEAD)
    return _on_snippets(backbone, head, "fsn")


def wfsn(
    backbone: keras.Model, num_classes: int, experiment: Experiment
) -> keras.Model:
    """The weakly supervised FSN: temporal pooling (Section 3.4, Equation 2).

    Args:
        backbone: Keras model, (H, W, C) uint8 -> (D,) features.
        num_classes: K; there is no background.
        experiment: Experiment.

    Returns:
        keras.Model from snippets all over a video, (B, M, H, W, C) uint8, to
        logits (B, K). M may differ from call to call.
    """
    features = _features(backbone)
    snippet_logits = temporal_cnn.temporal_cnn(
        features,
        num_classes,
        filters=experiment.temporal_filters,
        dilations=experiment.temporal_dilations,
        residual=experiment.temporal_residual,
    )
    logits = temporal_pooling.temporal_pooling(snippet_logits, experiment)
    head = keras.Model(features, logits, name=HEAD)
    return _on_snippets(backbone, head, "wfsn")


def tsn(
    backbone: keras.Model, num_classes: int, experiment: Experiment
) -> keras.Model:
    """The Temporal Segment Network that FSN starts from (Section 3.5).

    Its score of a video is the mean of its snippets' logits, before any
    softmax.

    Args:
        backbone: Keras model, (H, W, C) uint8 -> (D,) features.
        num_classes: K, of whole videos.
        experiment: Experiment.

    Returns:
        keras.Model from snippets all over a video, (B, N, H, W, C) uint8, to
        logits (B, K). N may differ from call to call.
    """
    features = _features(backbone)
    snippet_logits = temporal_cnn.temporal_cnn(
        features, num_classes, filters=0, dilations=()
    )
    logits = keras.layers.GlobalAveragePooling1D(
        name="consensus", dtype="float32"
    )(snippet_logits)
    head = keras.Model(features, logits, name=HEAD)
    return _on_snippets(backbone, head, "tsn")


def _features(backbone):
    return keras.Input((None, backbone.output_shape[-1]), name="features")


def _upsampled(snippet_logits, experiment):
    return temporal_cnn.BilinearUpSampling1D(
        experiment.snippet_frames, name="upsampling", dtype="float32"
    )(snippet_logits)


def _on_snippets(backbone, head, name):
    """The 2D CNN, shared by all snippets, with a head on its features."""
    frames = keras.Input(
        (None, *backbone.input_shape[1:]),
        dtype=backbone.input.dtype,
        name="frames",
    )
    features = time_distributed.TimeDistributed(backbone, name=SPATIAL_CNN)(
        frames
    )
    return keras.Model(frames, head(features), name=name)


def folded(network: keras.Model, *, learning: bool) -> keras.Model:
    """The same network and weights, with fewer batch norms in its 2D CNN.

    Args:
        network: What `build` returned.
        learning: Whether it is to be trained, see folding.folded.
    """
    cnn = backbone(network)
    faster = folding.folded(cnn, learning=learning)
    if faster is cnn:
        return network
    return _on_snippets(faster, head(network), network.name)


def spatial_cnn(network: keras.Model) -> keras.Model:
    """The part of a network from (B, N, H, W, C) to snippet features."""
    return keras.Model(
        network.input, network.get_layer(SPATIAL_CNN).output, name=SPATIAL_CNN
    )


def head(network: keras.Model) -> keras.Model:
    """The part of a network from snippet features to its logits."""
    return network.get_layer(HEAD)


def frame_head(network: keras.Model, experiment: Experiment) -> keras.Model:
    """The part from snippet features to logits of every frame.

    WFSN's is its head without the temporal pooling (choice C26).
    """
    whole = head(network)
    if experiment.network == "fsn":
        return _standardized(network, whole, experiment)
    snippet_logits = whole.get_layer("scores").output
    cut = keras.Model(whole.input, _upsampled(snippet_logits, experiment))
    return _standardized(network, cut, experiment)


def video_head(network: keras.Model, experiment: Experiment) -> keras.Model:
    """TSN's or WFSN's part from snippet features to logits of the video."""
    return _standardized(network, head(network), experiment)


def _standardized(network, head, experiment):
    """A head on features as they come, which are standardized before it."""
    if not experiment.standardize:
        return head
    features = network.get_layer(SPATIAL_CNN).output
    return keras.Model(network.input, head(features))


def backbone(network: keras.Model) -> keras.Model:
    """The 2D CNN of a network, one image at a time."""
    return network.get_layer(SPATIAL_CNN).layer


def standardization_of(network: keras.Model) -> standardization.Standardization:
    """The layer of a network on features that are standardized."""
    return backbone(network).get_layer(STANDARDIZATION)


def probabilities(logits: keras.KerasTensor) -> keras.KerasTensor:
    """Softmax over the classes of every frame, or video (Equation 1)."""
    return ops.softmax(logits, axis=-1)
