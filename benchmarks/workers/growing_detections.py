"""One evaluation of made-up detections: growing_detections.py KIND ROWS

KIND is `many`, 100 detections in each of ROWS / 100 videos, of 1,000 classes
and a tenth as many instances, or `one`, where all are of one class in one video
and overlap. Segment mAP at seven tIoU, each after its NMS, and the diagnosis.
"""

import sys

import answering


def make():
    import numpy as np

    from fsn_tf import evaluation
    from fsn_tf import segments

    kind, rows = sys.argv[1], int(sys.argv[2])
    generator = np.random.default_rng(0)
    videos, classes = (max(rows // 100, 1), 1000) if kind == "many" else (1, 1)
    names = tuple(f"video{index:05d}" for index in range(videos))
    labels = tuple(f"Action{index:04d}" for index in range(classes))
    size = max(rows // 10, 1) if kind == "many" else 100
    video = generator.integers(0, videos, size)
    label = generator.integers(0, classes, size)
    start = generator.uniform(0, 1000, size)
    length = generator.lognormal(1.5, 1, size)
    instances = [
        segments.Instance(names[a], labels[b], float(c), float(c + d))
        for a, b, c, d in zip(video, label, start, length, strict=True)
    ]
    truth = segments.Annotations(labels, names, tuple(instances))
    # Every other detection is near an instance.
    near = generator.random(rows) < 0.5
    of = generator.integers(0, size, rows)
    begin = np.where(
        near,
        start[of] + generator.normal(0, 1, rows),
        generator.uniform(0, 1000, rows),
    )
    stop = begin + length[of] * generator.lognormal(0, 0.3, rows)
    if kind == "one":
        begin = generator.uniform(0, 100, rows)
        stop = begin + generator.uniform(50, 500, rows)
    found = segments.Detections(
        labels,
        names,
        np.where(near, video[of], generator.integers(0, videos, rows)),
        np.where(near, label[of], generator.integers(0, classes, rows)),
        begin,
        stop,
        generator.random(rows),
    )
    return lambda: evaluation.evaluate(found, truth)


answering.answer(make)
