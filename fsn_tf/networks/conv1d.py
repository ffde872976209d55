"""Convolutions over snippets as products of matrices (Section 3.3)."""

import keras
from keras import ops

# Where more than this share of what a kernel looks at lies beyond the ends, it
# is faster to leave that out, unless there are so few rows that the time goes
# into reading the kernel.
_MOST_PADDING = 1 / 8
_LEAST_ROWS = 256


@keras.saving.register_keras_serializable(package="fsn_tf")
class Conv1D(keras.layers.Conv1D):
    """Keras's layer of that name, computed as one product of two matrices.

    Copies of the input, each shifted by what one place of the kernel looks
    away, stand side by side as channels; the kernel is a matrix to them. Over
    few snippets that takes half the time of a convolution, and XLA, which
    slows convolutions down, speeds it up. In a large batch of clips that are
    short for the dilation, each place of the kernel is a product of its own,
    with those snippets alone that it sees: of 7 snippets and a dilation of 4,
    13 rows instead of 21. Variables, their names and what is saved are Keras's.

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
        batch, snippets, _ = inputs.shape
        if batch and snippets and self._looks_beyond(batch, snippets):
            outputs = self._by_place(inputs, snippets)
        else:
            seen = self._side_by_side(inputs)
            kernel = ops.reshape(self.kernel, (-1, self.filters))
            outputs = self._product(seen, kernel, ops.shape(inputs)[1])
        if self.use_bias:
            outputs = ops.add(outputs, self.bias)
        return self.activation(outputs)

    def _shifts(self):
        """Snippets from the one in the middle to what each place sees."""
        (size,), (rate,) = self.kernel_size, self.dilation_rate
        return [rate * (place - size // 2) for place in range(size)]

    def _looks_beyond(self, batch, snippets):
        """Whether much of what the kernel looks at is padding."""
        if batch * snippets < _LEAST_ROWS:
            return False
        shifts = self._shifts()
        beyond = sum(min(abs(shift), snippets) for shift in shifts)
        return beyond > _MOST_PADDING * snippets * len(shifts)

    def _product(self, rows, matrix, snippets):
        """(B, N, R) x (R, filters) -> (B, N, filters).

        TFLite's and ONNX's converters know products of two matrices best.
        """
        rows = ops.reshape(rows, (-1, matrix.shape[0]))
        product = ops.matmul(rows, matrix)
        return ops.reshape(product, (-1, snippets, self.filters))

    def _by_place(self, inputs, snippets):
        """(B, N, filters), summed over the places of the kernel."""
        parts = []
        for place, shift in enumerate(self._shifts()):
            seen = snippets - abs(shift)
            if seen <= 0:
                continue
            before, after = max(-shift, 0), max(shift, 0)
            part = self._product(
                inputs[:, after : after + seen], self.kernel[place], seen
            )
            parts.append(ops.pad(part, ((0, 0), (before, after), (0, 0))))
        return sum(parts[1:], start=parts[0])

    def _side_by_side(self, inputs):
        """(B, N, size * D): what each place of the kernel sees."""
        *before, reach = self._shifts()
        if not before:
            return inputs
        padded = ops.pad(inputs, ((0, 0), (reach, reach), (0, 0)))
        shifted = [padded[:, reach + shift : shift - reach] for shift in before]
        return ops.concatenate([*shifted, padded[:, 2 * reach :]], axis=-1)
