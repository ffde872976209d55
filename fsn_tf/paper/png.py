"""The shapes of reports.drawing as a PNG file."""

from collections.abc import Iterable

import cv2
import numpy as np

from fsn_tf.reports import drawing

_JPEG_QUALITY = 85

# Pixels for each unit of length.
_SCALE = 2


def encoded(
    width: float, height: float, shapes: Iterable[drawing.Shape]
) -> bytes:
    """What drawing.svg shows, at twice the size, as a PNG file."""
    size = round(height * _SCALE), round(width * _SCALE), 3
    canvas = np.full(size, 255, np.uint8)
    for shape in shapes:
        _DRAW[type(shape)](canvas, shape)
    bgr = cv2.cvtColor(canvas, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".png", bgr)[1].tobytes()


def picture(
    x: float, y: float, width: float, height: float, image: np.ndarray
) -> drawing.Picture:
    """A drawing.Picture of an image, (H, W, 3) uint8 RGB."""
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    options = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    jpeg = cv2.imencode(".jpg", bgr, options)[1].tobytes()
    return drawing.Picture(x, y, width, height, image, jpeg)


def _red_green_blue(color):
    return tuple(bytes.fromhex(color.removeprefix("#")))


def _pixels(shape):
    """(left, top, right, bottom) of a rectangle, a pixel or more wide."""
    left, top = round(shape.x * _SCALE), round(shape.y * _SCALE)
    right = round((shape.x + shape.width) * _SCALE)
    bottom = round((shape.y + shape.height) * _SCALE)
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _box(canvas, box):
    left, top, right, bottom = _pixels(box)
    canvas[top:bottom, left:right] = _red_green_blue(box.color)


def _picture(canvas, shape):
    left, top, right, bottom = _pixels(shape)
    size = right - left, bottom - top
    canvas[top:bottom, left:right] = cv2.resize(
        shape.image, size, interpolation=cv2.INTER_AREA
    )


def _text(canvas, text):
    font = cv2.FontFace("sans"), round(text.size * _SCALE)
    weight = 700 if text.bold else 400
    x, y = round(text.x * _SCALE), round(text.y * _SCALE)
    box = cv2.getTextSize((0, 0), text.content, (0, 0), *font, weight)
    share = {"start": 0, "middle": 0.5, "end": 1}[text.anchor]
    place = x - round(share * box[2]), y
    color = _red_green_blue(text.color)
    cv2.putText(canvas, text.content, place, color, *font, weight)


_DRAW = {drawing.Box: _box, drawing.Text: _text, drawing.Picture: _picture}
