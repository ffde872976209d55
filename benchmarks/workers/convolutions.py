"""BN-Inception's convolutions alone, by TensorFlow, with constant kernels.

convolutions.py DTYPE

Each has an input of its own shape; nothing joins, pools or normalizes.
"""

import sys

import answering
import shapes

_FACTS = {}


def make():
    import keras
    import tensorflow as tf

    from fsn_tf.networks.backbones import bn_inception

    images = shapes.CLIPS * shapes.SNIPPETS
    kinds = [
        (
            (images, *layer.input.shape[1:]),
            (*layer.kernel_size, layer.input.shape[-1], layer.filters),
            layer.strides[0],
            layer.padding.upper(),
        )
        for layer in bn_inception.build(shapes.IMAGE_SIZE).layers
        if isinstance(layer, keras.layers.Conv2D)
    ]
    random = tf.random.Generator.from_seed(0)
    dtype = sys.argv[1]

    def given(shape):
        return tf.cast(random.normal(shape), dtype)

    # Variables, as results of constants would be computed beforehand.
    inputs = [tf.Variable(given(shape)) for shape, *_ in kinds]
    kernels = [tf.constant(given(shape).numpy()) for _, shape, *_ in kinds]

    @tf.function
    def once():
        results = [
            tf.nn.conv2d(x, kernel, stride, padding)
            for x, kernel, (*_, stride, padding) in zip(
                inputs, kernels, kinds, strict=True
            )
        ]
        _FACTS["operations"] = sum(
            2 * result.shape.num_elements() * kernel.shape[:3].num_elements()
            for result, kernel in zip(results, kernels, strict=True)
        )
        # A number of each, so that all are computed and none is copied.
        return tf.stack([result[0, 0, 0, 0] for result in results])

    return lambda: once().numpy() if dtype == "float32" else once()


answering.answer(make, lambda: _FACTS)
