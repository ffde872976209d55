"""Batch norms whose statistics stand still, folded into convolutions.

A convolution and a batch norm in inference mode are one convolution: what the
norm multiplies goes into the kernel, what it adds into the bias. Both are
computed from the same variables whenever the network runs, so that gradients
reach them as before, and what is trained, saved and loaded is the same.
"""

import collections
from collections.abc import Callable
from collections.abc import Mapping

import keras
from keras import ops


def folded(model: keras.Model, *, learning: bool) -> keras.Model:
    """The same function of the same variables, with fewer batch norms.

    Norms follow convolutions there or stay what they are: those inside of
    layers that are no models, such as blocks of keras-hub, and those after
    something else.

    Args:
        model: A functional model; models may be layers in it.
        learning: Whether it is to be trained. Then a norm that learns its
            statistics stays one, too.

    Returns:
        keras.Model, from and to the same tensors.
    """
    return replaced(model, FoldedConvolution, learning=learning)


def replaced(
    model: keras.Model,
    make: Callable[[keras.Layer, keras.Layer], keras.Layer],
    *,
    learning: bool,
) -> keras.Model:
    """The same function with a layer for each convolution and its norm.

    Args:
        model, learning: As for `folded`.
        make: From a convolution and its batch norm to the layer.
    """
    pairs = _pairs(model, learning)
    if not pairs:
        return model
    norms = {id(norm) for norm in pairs.values()}

    def call(layer, *inputs, **options):
        if id(layer) in pairs:
            return make(layer, pairs[id(layer)])(*inputs)
        if id(layer) in norms:
            return inputs[0]
        return layer(*inputs, **options)

    return _called(model, call)


def _called(model, call):
    """A model of the same layers, which are called another way."""
    return keras.models.clone_model(
        model,
        clone_function=lambda layer: layer,
        call_function=call,
        recursive=True,
    )


def _pairs(model: keras.Model, learning: bool) -> Mapping[int, keras.Layer]:
    """{id of a convolution: the batch norm that alone takes its output}."""
    made_by: dict[int, keras.Layer] = {}
    takers: dict[int, list[keras.Layer]] = {}
    # What is not held may leave its id to another.
    held: list[keras.KerasTensor] = []

    def take(tensors, layer):
        for tensor in keras.tree.flatten(tensors):
            takers.setdefault(id(tensor), []).append(layer)
            held.append(tensor)

    def call(layer, *inputs, **options):
        outputs = layer(*inputs, **options)
        take((inputs, options), layer)
        if isinstance(layer, keras.Model):
            take(layer.outputs, layer)
        for tensor in keras.tree.flatten(outputs):
            made_by[id(tensor)] = layer
            held.append(tensor)
        return outputs

    take(_called(model, call).outputs, model)
    calls = collections.Counter(map(id, made_by.values()))
    return {
        id(made_by[tensor]): layers[0]
        for tensor, layers in takers.items()
        if tensor in made_by
        and len(layers) == calls[id(made_by[tensor])] == 1
        and _folds(made_by[tensor], layers[0], learning)
    }


def _folds(layer, norm, learning):
    if type(layer) not in (keras.layers.Conv2D, keras.layers.DepthwiseConv2D):
        return False
    return (
        isinstance(norm, keras.layers.BatchNormalization)
        and not (learning and norm.trainable)
        and norm.axis in (-1, 3)
        and layer.data_format == "channels_last"
        and layer.activation is keras.activations.linear
    )


class FoldedConvolution(keras.layers.Layer):
    """A convolution and the batch norm after it, in inference mode, as one.

    It has no variables of its own, and is never saved.

    Args:
        convolution: keras.layers.Conv2D or DepthwiseConv2D, built.
        norm: keras.layers.BatchNormalization, built.

    Call arguments:
        inputs: (B, H, W, C).

    Returns:
        (B, H', W', F), as the two layers one after the other.
    """

    def __init__(
        self,
        convolution: keras.layers.Layer,
        norm: keras.layers.BatchNormalization,
        **kwargs: object,
    ):
        # Products of weights are rounded to the compute dtype once, when they
        # are made; not cast one by one before.
        super().__init__(
            name=convolution.name,
            dtype=convolution.dtype_policy,
            autocast=False,
            **kwargs,
        )
        self.convolution = convolution
        self.norm = norm

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        kernel, bias = self.weights_of_both()
        inputs = ops.cast(inputs, self.compute_dtype)
        outputs = self._convolved(inputs, ops.cast(kernel, self.compute_dtype))
        return ops.add(outputs, ops.cast(bias, self.compute_dtype))

    def weights_of_both(
        self,
    ) -> tuple[keras.KerasTensor, keras.KerasTensor]:
        """Kernel and bias of both together."""
        norm, kernel = self.norm, self.convolution.kernel
        factor = ops.rsqrt(norm.moving_variance + norm.epsilon)
        if norm.scale:
            factor = factor * norm.gamma
        mean = norm.moving_mean
        if self.convolution.use_bias:
            mean = mean - self.convolution.bias
        bias = -mean * factor
        if norm.center:
            bias = bias + norm.beta
        # A depthwise kernel ends with (C, filters of each), others with F.
        last = kernel.shape[2:] if self._is_depthwise() else kernel.shape[3:]
        return kernel * ops.reshape(factor, last), bias

    def _convolved(self, inputs, kernel):
        given = self.convolution
        if self._is_product():
            # Its gradient is faster than that of a convolution.
            _, height, width, channels = ops.shape(inputs)
            # (B * H * W, C) x (C, F)
            rows = ops.matmul(ops.reshape(inputs, (-1, channels)), kernel[0, 0])
            return ops.reshape(rows, (-1, height, width, given.filters))
        if not self._is_depthwise():
            return given.convolution_op(inputs, kernel)
        return ops.depthwise_conv(
            inputs,
            kernel,
            strides=given.strides,
            padding=given.padding,
            dilation_rate=given.dilation_rate,
            data_format=given.data_format,
        )

    def _is_product(self):
        """Whether it is a product of matrices, in float32; not of bfloat16."""
        given = self.convolution
        pointwise = given.kernel_size == given.strides == (1, 1)
        whole = not self._is_depthwise() and given.groups == 1
        return pointwise and whole and self.compute_dtype != "bfloat16"

    def _is_depthwise(self):
        return isinstance(self.convolution, keras.layers.DepthwiseConv2D)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return self.convolution.compute_output_shape(input_shape)
