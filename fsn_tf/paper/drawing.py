"""A picture as a list of shapes, written as SVG and as PNG."""

import base64
import dataclasses
import html

import cv2
import numpy as np

_JPEG_QUALITY = 85

# Pixels of the PNG for each unit of length.
_PNG_SCALE = 2


@dataclasses.dataclass(frozen=True)
class Box:
    """A filled rectangle; `color` is (red, green, blue), 0 to 255."""

    x: float
    y: float
    width: float
    height: float
    color: tuple[int, int, int]


@dataclasses.dataclass(frozen=True)
class Text:
    """A line of text that starts at x, or ends there, or has its middle."""

    x: float
    y: float
    content: str
    size: float = 12
    color: tuple[int, int, int] = (30, 30, 30)
    anchor: str = "start"
    bold: bool = False


@dataclasses.dataclass(frozen=True)
class Picture:
    """An image, (H, W, 3) uint8 RGB, stretched to a rectangle."""

    x: float
    y: float
    width: float
    height: float
    image: np.ndarray


def svg(width, height, shapes):
    """The text of an SVG file that needs no other."""
    parts = [_SVG[type(shape)](shape) for shape in shapes]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" '
        f'height="{height:g}" viewBox="0 0 {width:g} {height:g}" '
        'font-family="sans-serif">\n'
        '<rect width="100%" height="100%" fill="white"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _hexadecimal(color):
    return "#" + "".join(f"{part:02x}" for part in color)


def _svg_box(box):
    return (
        f'<rect x="{box.x:.2f}" y="{box.y:.2f}" width="{box.width:.2f}" '
        f'height="{box.height:.2f}" fill="{_hexadecimal(box.color)}"/>'
    )


def _svg_text(text):
    weight = ' font-weight="bold"' if text.bold else ""
    return (
        f'<text x="{text.x:.2f}" y="{text.y:.2f}" font-size="{text.size:g}" '
        f'text-anchor="{text.anchor}" fill="{_hexadecimal(text.color)}"'
        f"{weight}>{html.escape(text.content)}</text>"
    )


def _svg_picture(picture):
    bgr = cv2.cvtColor(picture.image, cv2.COLOR_RGB2BGR)
    options = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    data = base64.b64encode(cv2.imencode(".jpg", bgr, options)[1]).decode()
    return (
        f'<image x="{picture.x:.2f}" y="{picture.y:.2f}" '
        f'width="{picture.width:.2f}" height="{picture.height:.2f}" '
        f'preserveAspectRatio="none" href="data:image/jpeg;base64,{data}"/>'
    )


_SVG = {Box: _svg_box, Text: _svg_text, Picture: _svg_picture}


def png(width, height, shapes):
    """The same as the bytes of a PNG file."""
    size = round(height * _PNG_SCALE), round(width * _PNG_SCALE), 3
    canvas = np.full(size, 255, np.uint8)
    for shape in shapes:
        _PNG[type(shape)](canvas, shape)
    bgr = cv2.cvtColor(canvas, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".png", bgr)[1].tobytes()


def _pixels(shape):
    """(left, top, right, bottom) of a rectangle, a pixel or more wide."""
    left, top = round(shape.x * _PNG_SCALE), round(shape.y * _PNG_SCALE)
    right = round((shape.x + shape.width) * _PNG_SCALE)
    bottom = round((shape.y + shape.height) * _PNG_SCALE)
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _png_box(canvas, box):
    left, top, right, bottom = _pixels(box)
    canvas[top:bottom, left:right] = box.color


def _png_picture(canvas, picture):
    left, top, right, bottom = _pixels(picture)
    size = right - left, bottom - top
    canvas[top:bottom, left:right] = cv2.resize(
        picture.image, size, interpolation=cv2.INTER_AREA
    )


def _png_text(canvas, text):
    font = cv2.FontFace("sans"), round(text.size * _PNG_SCALE)
    weight = 700 if text.bold else 400
    where = round(text.x * _PNG_SCALE), round(text.y * _PNG_SCALE)
    box = cv2.getTextSize((0, 0), text.content, (0, 0), *font, weight)
    share = {"start": 0, "middle": 0.5, "end": 1}[text.anchor]
    left = where[0] - round(share * box[2])
    cv2.putText(
        canvas, text.content, (left, where[1]), text.color, *font, weight
    )


_PNG = {Box: _png_box, Text: _png_text, Picture: _png_picture}
