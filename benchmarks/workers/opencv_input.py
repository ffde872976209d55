"""Crops of the same kind by OpenCV, in as many threads as there are cores.

opencv_input.py IMAGE.jpg

One image is decoded again and again, cut at random, resized and mirrored.
"""

import concurrent.futures
import os
import pathlib
import sys

import answering
import numpy as np
import shapes


def make():
    import cv2

    cv2.setNumThreads(1)
    jpeg = np.frombuffer(pathlib.Path(sys.argv[1]).read_bytes(), np.uint8)
    random = np.random.default_rng(0)
    sides = [int(256 * scale) for scale in (1, 0.875, 0.75, 0.66)]
    cores = len(os.sched_getaffinity(0))
    threads = concurrent.futures.ThreadPoolExecutor(cores)

    def clip(number):
        out = np.empty((shapes.SNIPPETS, *(shapes.IMAGE_SIZE,) * 2, 3), "u1")
        height, width = sides[number % 4], sides[number // 4 % 4]
        top, left = (256 - height) // 2, (340 - width) // 2
        for row in out:
            image = cv2.imdecode(jpeg, cv2.IMREAD_COLOR_RGB)
            part = image[top : top + height, left : left + width]
            cv2.resize(part, (shapes.IMAGE_SIZE,) * 2, dst=row)
        return out[:, :, ::-1].copy() if number % 2 else out

    def turn():
        for _ in range(shapes.INPUT_BATCHES):
            numbers = random.integers(0, 32, shapes.INPUT_CLIPS)
            np.stack(list(threads.map(clip, numbers)))

    return turn


answering.answer(make)
