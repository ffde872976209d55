"""Bodies, and how they are drawn, in the embedded benchmark.

Points are complex numbers. An actor's own plane has its origin between the
feet, its real axis forward and its imaginary axis up, and a body of height 1;
in the picture, real is x, imaginary is y down, in pixels.
"""

import dataclasses

import cv2
import numpy as np

# Blue, green, red.
Color = tuple[int, int, int]
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
    shirt: Color
    trousers: Color
    skin: Color

    def at(self, point: complex) -> complex:
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

    def toward(self, other: "Pose", share: float) -> "Pose":
        """The pose a share of the way to another one."""
        return Pose(
            _mixed(self.arms, other.arms, share),
            _mixed(self.legs, other.legs, share),
            mix(self.lean, other.lean, share),
            mix(self.crouch, other.crouch, share),
            mix(self.turn, other.turn, share),
        )


class Painter:
    """Draws on a picture that the camera has shifted.

    Args:
        picture: (H, W, 3) uint8, drawn upon.
        shift: Complex, by how much everything appears displaced.
    """

    def __init__(self, picture: np.ndarray, shift: complex = 0j):
        self.picture = picture
        self.shift = shift

    def line(
        self, start: complex, end: complex, color: Color, width: float
    ) -> None:
        ends = self._fixed(start), self._fixed(end)
        width = max(int(round(width)), 1)
        style = cv2.LINE_AA, _SUBPIXEL_BITS
        cv2.line(self.picture, *ends, color, width, *style)

    def disc(self, center: complex, radius: float, color: Color) -> None:
        fixed = round(radius * 2**_SUBPIXEL_BITS)
        style = cv2.FILLED, cv2.LINE_AA, _SUBPIXEL_BITS
        cv2.circle(self.picture, self._fixed(center), fixed, color, *style)

    def ball(self, center: complex, radius: float, color: Color) -> None:
        self.disc(center, radius + 1, DARK)
        self.disc(center, radius, color)

    def _fixed(self, point):
        point = (point + self.shift) * 2**_SUBPIXEL_BITS
        return round(point.real), round(point.imag)


def draw_body(painter: Painter, actor: Actor, pose: Pose) -> list[complex]:
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


def downward(angle: float) -> complex:
    """Unit vector that hangs down at 0 and swings forward."""
    return -1j * np.exp(1j * angle)


def mix(start: float, end: float, share: float) -> float:
    """The value a share of the way from start to end."""
    return start + (end - start) * share


def _mixed(start, end, share):
    (first, second), (first_end, second_end) = start, end
    return mix(first, first_end, share), mix(second, second_end, share)
