"""Convolutions over snippets as products of matrices (Section 3.3)."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="fsn_tf")
class Conv1D(keras.layers.Conv1D):
    """Keras's layer of that name, computed as one product of two matrices.

    Copies of the input, each shifted by what one place of the kernel looks
    away, stand side by side as channels; the kernel is a matrix to them. Over
    few snippets that takes half the time of a convolution, and XLA, which
    slows convolutions down, speeds it up. Variables, their names and what is
    saved are Keras's.

    Args:
        kernel_size: Odd.
        padding: "same" where the kernel is larger than 1: zeros beyond the
            ends. No strides, no groups.

    Call arguments:
        inputs: (B, N, D); N may be unknown.

    Returns:
        (B, N, filters).
    """

    def __init__(self, filters: int, kernel_size: int, **kwargs: object):
        super().__init__(filters, kernel_size, **kwargs)
        (size,) = self.kernel_size
        if size % 2 == 0 or (size > 1 and self.padding != "same"):
            raise ValueError(
                "expected an odd kernel_size and padding='same', got "
                f"{size} and {self.padding!r}"
            )
        if self.strides != (1,) or self.groups != 1:
            raise ValueError(
                "expected strides and groups of 1, got "
                f"{self.strides[0]} and {self.groups}"
            )

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        snippets = ops.shape(inputs)[1]
        size, channels, filters = self.kernel.shape
        # TFLite's and ONNX's converters know products of two matrices best:
        # (B * N, size * D) x (size * D, filters)
        rows = ops.reshape(self._side_by_side(inputs), (-1, size * channels))
        outputs = ops.matmul(
            rows, ops.reshape(self.kernel, (size * channels, filters))
        )
        if self.use_bias:
            outputs = ops.add(outputs, self.bias)
        return self.activation(ops.reshape(outputs, (-1, snippets, filters)))

    def _side_by_side(self, inputs):
        """(B, N, size * D): what each place of the kernel sees."""
        (size,), (rate,) = self.kernel_size, self.dilation_rate
        if size == 1:
            return inputs
        reach = size // 2 * rate
        padded = ops.pad(inputs, ((0, 0), (reach, reach), (0, 0)))
        shifts = range(0, 2 * reach + 1, rate)
        return ops.concatenate(
            [padded[:, shift : shift - 2 * reach or None] for shift in shifts],
            axis=-1,
        )
