"""What preparing RGB cannot do without, by OpenCV in one thread.

opencv_prepare.py VIDEO OUT

Every frame is grabbed, the center of each snippet is retrieved, resized,
encoded as JPEG and appended to a file.
"""

import pathlib
import sys

import cv2
import shapes


def main():
    video, out = sys.argv[1:]
    cv2.setNumThreads(1)
    capture = cv2.VideoCapture(video, cv2.CAP_FFMPEG)
    frame = 0
    with pathlib.Path(out).open("wb") as file:
        while capture.grab():
            if frame % shapes.SNIPPET_FRAMES == shapes.SNIPPET_FRAMES // 2:
                _, image = capture.retrieve()
                image = cv2.resize(image, shapes.FRAME_SIZE)
                quality = [cv2.IMWRITE_JPEG_QUALITY, 95]
                file.write(cv2.imencode(".jpg", image, quality)[1].tobytes())
            frame += 1


main()
