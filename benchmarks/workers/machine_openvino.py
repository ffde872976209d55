"""The same product or convolution by OpenVINO, see machine_tensorflow.py."""

import sys

import answering
import shapes


def make():
    import numpy as np
    import openvino
    from openvino import opset13

    what, dtype = sys.argv[1:]
    random = np.random.default_rng(0)
    if what == "product":
        shape = kernel_shape = (shapes.PRODUCT,) * 2
    else:
        batch, side, channels = shapes.CONVOLUTION
        shape = (batch, channels, side, side)
        kernel_shape = (channels, channels, 3, 3)
    given = random.standard_normal(shape).astype(np.float32)
    kernel = opset13.constant(
        random.standard_normal(kernel_shape).astype(np.float32)
    )
    entry = opset13.parameter(shape, np.float32)
    if what == "product":
        result = opset13.matmul(entry, kernel, False, False)
    else:
        result = opset13.convolution(
            entry, kernel, [1, 1], [1, 1], [1, 1], [1, 1]
        )
    hint = {"float32": "f32", "bfloat16": "bf16"}[dtype]
    compiled = openvino.Core().compile_model(
        openvino.Model([result], [entry]),
        "CPU",
        {"INFERENCE_PRECISION_HINT": hint, "PERFORMANCE_HINT": "LATENCY"},
    )
    return lambda: compiled([given], share_inputs=True, share_outputs=True)


answering.answer(make)
