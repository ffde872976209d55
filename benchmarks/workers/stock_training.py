"""A training step of stock Keras: its TimeDistributed, train_on_batch.

stock_training.py BATCH float32|mixed
"""

import sys

import answering
import shapes


def make():
    import keras
    import stock_network

    batch, precision = int(sys.argv[1]), sys.argv[2]
    if precision == "mixed":
        keras.config.set_dtype_policy("mixed_bfloat16")
    network = stock_network.build()
    cnn = next(
        layer.layer
        for layer in network.layers
        if isinstance(layer, keras.layers.TimeDistributed)
    )
    for layer in cnn.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = layer.name.startswith("conv1_")
    network.compile(
        keras.optimizers.SGD(1e-4, momentum=0.9),
        "sparse_categorical_crossentropy",
        # XLA makes convolutions slower on a CPU.
        jit_compile=False,
    )
    images, labels = shapes.training_batch(batch)
    return lambda: network.train_on_batch(images, labels)


answering.answer(make)
