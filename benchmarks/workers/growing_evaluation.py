"""One evaluation of made-up scores: growing_evaluation.py VIDEOS FRAMES CLASSES

Grouping, NMS, segment mAP and frame mAP, see benchmarks/evaluation.py.
"""

import sys

import answering


def make():
    from benchmarks import evaluation
    from benchmarks import made_up_scores

    videos, frames, classes = map(int, sys.argv[1:])
    names = tuple(f"Action{index:04d}" for index in range(classes))
    made = made_up_scores.made_up_test_set(
        num_videos=videos, num_frames=frames, classes=names
    )
    return lambda: evaluation.evaluate(*made, {})


answering.answer(make)
