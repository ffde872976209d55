"""Only reads the frames of a video that localizing it must read.

decode.py VIDEO WIDTH HEIGHT PERIOD
"""

import sys

import answering

from fsn_tf.videos import video_files


def make():
    path, width, height, period = sys.argv[1], *map(int, sys.argv[2:])

    def turn():
        frames = video_files.Video(path).frames(
            25, size=(width, height), period=period, phase=period // 2
        )
        for _ in frames:
            pass

    return turn


answering.answer(make)
