"""Flow of pairs of adjacent frames, on one core.

flow_pairs.py METHOD GRAY.npy OUT.npy

GRAY.npy is (P + 1, H, W) uint8; OUT.npy gets the quantized (P, H, W, 2).
"""

import os
import sys

import answering
import numpy as np

_LAST = {}


def make():
    method, path, out = sys.argv[1:]
    gray = np.load(path)
    if hasattr(os, "sched_setaffinity"):
        # Before libraries count the cores.
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    import cv2

    from fsn_tf.videos import flow

    cv2.setNumThreads(1)
    if method == "tvl1_tensorflow":
        from fsn_tf.snippets import flow_methods

        chosen = flow_methods.method(method)

        def between(firsts, seconds):
            at_once = chosen.pairs_at_once
            return np.concatenate(
                [
                    chosen.between(
                        firsts[pair : pair + at_once],
                        seconds[pair : pair + at_once],
                    )
                    for pair in range(0, len(firsts), at_once)
                ]
            )

    else:
        of_pair = getattr(flow, method)

        def between(firsts, seconds):
            pairs = zip(firsts, seconds, strict=True)
            return np.stack([of_pair(*pair) for pair in pairs])

    def turn():
        _LAST["flow"] = between(gray[:-1], gray[1:])

    def facts():
        np.save(out, flow.quantized(_LAST["flow"]))
        return {}

    _LAST["facts"] = facts
    return turn


answering.answer(make, lambda: _LAST["facts"]())
