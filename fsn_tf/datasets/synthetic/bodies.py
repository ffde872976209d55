"""Bodies, and how they are drawn, in the embedded benchmark.

Points are complex numbers. An actor's own plane has its origin between the
feet, its real axis forward and its imaginary axis up, and a body of height 1;
in the picture, real is x, imaginary is y down, in pixels.
"""

import dataclasses

import cv2
import numpy as np

DARK = (30, 30, 30)

_LEG, _TORSO, _ARM, _NECK = 0.45, 0.33, 0.36, 0.14
_SUBPIXEL_BITS = 4


@dataclasses.dataclass(frozen=True)
class Actor:
    """A body in the picture, and the colors it wears (blue, green, red)."""

    x: float
    floor: float
    height: float
    facing: int
    shirt: tuple
    trousers: tuple
    skin: tuple

    def at(self, point):
        """From the actor's plane to the picture."""
        x = self.x + self.facing * self.height * point.real
        return x + 1j * (self.floor - self.height * point.imag)


@dataclasses.dataclass(frozen=True)
class Pose:
    """Angles in radians; limbs hang down at 0 and swing forward."""

    arms: tuple[float, float] = (0.15, -0.15)
    legs: tuple[float, float] = (0.15, -0.15)
    lean: float = 0.0
    crouch: float = 0.0
    turn: float = 0.0  # Of the whole body about its hip, as in a somersault.

    def toward(self, other, share):
        """The pose a share of the way to another one."""
        ours, theirs = dataclasses.astuple(self), dataclasses.astuple(other)
        mixed = [
            tuple(mix(np.array(a), np.array(b), share).tolist())
            if isinstance(a, tuple)
            else mix(a, b, share)
            for a, b in zip(ours, theirs, strict=True)
        ]
        return Pose(*mixed)


class Painter:
    """Draws on a picture that the camera has shifted.

    Args:
        picture: (H, W, 3) uint8, drawn upon.
        shift: Complex, by how much everything appears displaced.
    """

    def __init__(self, picture, shift=0j):
        self.picture = picture
        self.shift = shift

    def line(self, start, end, color, width):
        ends = self._fixed(start), self._fixed(end)
        width = max(int(round(width)), 1)
        style = cv2.LINE_AA, _SUBPIXEL_BITS
        cv2.line(self.picture, *ends, color, width, *style)

    def disc(self, center, radius, color):
        radius = round(radius * 2**_SUBPIXEL_BITS)
        style = cv2.FILLED, cv2.LINE_AA, _SUBPIXEL_BITS
        cv2.circle(self.picture, self._fixed(center), radius, color, *style)

    def ball(self, center, radius, color):
        self.disc(center, radius + 1, DARK)
        self.disc(center, radius, color)

    def _fixed(self, point):
        point = (point + self.shift) * 2**_SUBPIXEL_BITS
        return round(point.real), round(point.imag)


def draw_body(painter, actor, pose):
    """Draws an actor; returns both hands as points of the actor's plane."""
    hip = 1j * _LEG * (1 - pose.crouch)
    upward = 1j * np.exp(-1j * pose.lean)
    shoulder = hip + _TORSO * upward
    head = shoulder + _NECK * upward
    leg = _LEG * (1 - 0.6 * pose.crouch)
    feet = [hip + leg * downward(angle) for angle in pose.legs]
    hands = [shoulder + _ARM * downward(angle) for angle in pose.arms]
    turned = np.exp(-1j * pose.turn)
    hip, shoulder, head, *limbs = (
        hip + (point - hip) * turned
        for point in (hip, shoulder, head, *feet, *hands)
    )
    feet, hands = limbs[:2], limbs[2:]
    thick = actor.height / 9
    for foot in feet:
        painter.line(actor.at(hip), actor.at(foot), actor.trousers, thick)
    painter.line(actor.at(hip), actor.at(shoulder), actor.shirt, 1.6 * thick)
    painter.disc(actor.at(head), actor.height / 11, actor.skin)
    for hand in hands:
        width = 0.7 * thick
        painter.line(actor.at(shoulder), actor.at(hand), actor.skin, width)
    return hands


def downward(angle):
    """Unit vector that hangs down at 0 and swings forward."""
    return -1j * np.exp(1j * angle)


def mix(start, end, share):
    """The value a share of the way from start to end."""
    return start + (end - start) * share
