"""An exported network on the frames of some clips.

exported.py tensorflow|onnxruntime|openvino MODEL FRAMES.npy [float32|bfloat16]

All get every frame of clips that follow each other, as one video, and look at
the center of each snippet. The answer's `probabilities` are of every 5th frame.
"""

import pathlib
import sys

import answering
import numpy as np

_LAST = {}


def make():
    kind, model, frames, *precision = sys.argv[1:]
    frames = np.load(frames)
    run = _KINDS[kind](pathlib.Path(model), frames, *precision)

    def turn():
        _LAST["probabilities"] = run()

    return turn


def _tensorflow(model, frames):
    import tensorflow as tf

    loaded = tf.saved_model.load(str(model))
    call = loaded.signatures["serving_default"]
    return lambda: call(frames=tf.constant(frames))["probabilities"].numpy()


def _onnxruntime(model, frames):
    import onnxruntime

    session = onnxruntime.InferenceSession(
        model / "model.onnx", providers=["CPUExecutionProvider"]
    )
    name = session.get_inputs()[0].name
    return lambda: session.run(None, {name: frames})[0]


def _openvino(model, frames, precision):
    import openvino

    hint = {"float32": "f32", "bfloat16": "bf16"}[precision]
    compiled = openvino.Core().compile_model(
        str(model / "model.onnx"),
        "CPU",
        {"INFERENCE_PRECISION_HINT": hint, "PERFORMANCE_HINT": "LATENCY"},
    )
    return lambda: compiled([frames], share_inputs=True)[0]


_KINDS = {
    "tensorflow": _tensorflow,
    "onnxruntime": _onnxruntime,
    "openvino": _openvino,
}


def _facts():
    return {"probabilities": _LAST["probabilities"][2::5].tolist()}


answering.answer(make, _facts)
