"""Methods of flow by name; TensorFlow is loaded where one needs it."""

import functools
import os

from fsn_tf import quietly
from fsn_tf.videos import flow


def method(name: str) -> flow.Method:
    """How flow is computed by one of flow.METHODS."""
    if name == flow.TENSORFLOW:
        return _tensorflow()
    return flow.opencv(name)


@functools.cache
def _tensorflow():
    # Else the first of many workers would take all memory of a GPU.
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    return quietly.imported("fsn_tf.snippets.tvl1.flows").method()
