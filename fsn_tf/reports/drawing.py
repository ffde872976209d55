"""A picture as a list of shapes, and the SVG file of it.

Lengths are pixels from the top left corner; colors are "#rrggbb".
"""

import base64
from collections.abc import Iterable
import dataclasses
import html

import numpy as np


@dataclasses.dataclass(frozen=True)
class Box:
    """A filled rectangle; browsers show its title under the pointer."""

    x: float
    y: float
    width: float
    height: float
    color: str
    title: str = ""


@dataclasses.dataclass(frozen=True)
class Text:
    """A line of text whose "start", "middle" or "end" is at (x, y)."""

    x: float
    y: float
    content: str
    size: float = 11
    color: str = "#000000"
    anchor: str = "middle"
    bold: bool = False


@dataclasses.dataclass(frozen=True)
class Picture:
    """An image stretched to a rectangle.

    Attributes:
        image: (H, W, 3) uint8 RGB.
        jpeg: The same as a file.
    """

    x: float
    y: float
    width: float
    height: float
    image: np.ndarray
    jpeg: bytes


Shape = Box | Text | Picture


def svg(width: float, height: float, shapes: Iterable[Shape]) -> str:
    """The text of an SVG file that needs no other; its ground is white."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" '
        f'height="{height:g}" viewBox="0 0 {width:g} {height:g}" '
        'font-family="sans-serif">\n'
        '<rect width="100%" height="100%" fill="white"/>\n'
        + "\n".join(map(_element, shapes))
        + "\n</svg>\n"
    )


def moved(x: float, y: float, shapes: Iterable[Shape]) -> list[Shape]:
    """The same shapes with their origin at (x, y)."""
    return [
        dataclasses.replace(shape, x=x + shape.x, y=y + shape.y)
        for shape in shapes
    ]


def _element(shape):
    if isinstance(shape, Text):
        return _text(shape)
    place = (
        f'x="{shape.x:.2f}" y="{shape.y:.2f}" width="{shape.width:.2f}" '
        f'height="{shape.height:.2f}"'
    )
    if isinstance(shape, Picture):
        data = base64.b64encode(shape.jpeg).decode()
        return (
            f'<image {place} preserveAspectRatio="none" '
            f'href="data:image/jpeg;base64,{data}"/>'
        )
    rectangle = f'<rect {place} fill="{shape.color}"'
    if shape.title:
        title = html.escape(shape.title)
        return f"{rectangle}><title>{title}</title></rect>"
    return f"{rectangle}/>"


def _text(text):
    weight = ' font-weight="bold"' if text.bold else ""
    return (
        f'<text x="{text.x:.2f}" y="{text.y:.2f}" font-size="{text.size:g}" '
        f'text-anchor="{text.anchor}" fill="{text.color}"'
        f"{weight}>{html.escape(text.content)}</text>"
    )
