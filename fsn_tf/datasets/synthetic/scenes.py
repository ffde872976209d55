"""Scenes, cameras and noise of the embedded benchmark."""

from collections.abc import Iterator
import colorsys

import cv2
import numpy as np

from fsn_tf.datasets.synthetic import acts as synthetic_acts
from fsn_tf.datasets.synthetic import bodies
from fsn_tf.datasets.synthetic import scripts

WIDTH, HEIGHT = 112, 84
_EDGE = 8  # Pixels that the camera may reveal beyond each side.

# Where the feet are, as a share of the picture's height; how tall actors are.
_FLOORS = {"field": 0.9, "lawn": 0.9, "pool": 0.53, "cliff": 0.53}
_HEIGHTS = {"field": 0.56, "lawn": 0.56, "pool": 0.4, "cliff": 0.4}
_WALK_SECONDS, _WALK_WIDTH = 1.2, 0.15


def frames(script: scripts.Script, *, seed: int) -> Iterator[np.ndarray]:
    """Draws a video.

    Args:
        script: scripts.Script.
        seed: The benchmark's seed.

    Yields:
        (HEIGHT, WIDTH, 3) uint8 pictures, blue first.
    """
    number = 0
    for shot in script.shots:
        rng = np.random.default_rng([seed, shot.scene, 1])
        painted = scene(script.venue, shot.scene, seed=seed)
        tremble = _tremble(rng)
        grain = rng.normal(128, rng.uniform(2, 6), (2 * HEIGHT, 2 * WIDTH, 3))
        grain = np.clip(grain, 0, 255).astype(np.uint8)
        while number < round(shot.end_seconds * script.fps):
            seconds = number / script.fps
            shift = tremble(seconds)
            picture = still(script.venue, shot, painted, seconds, shift)
            top, left = rng.integers(HEIGHT), rng.integers(WIDTH)
            noise = grain[top : top + HEIGHT, left : left + WIDTH]
            yield cv2.addWeighted(picture, 1, noise, 1, -128)
            number += 1


def still(
    venue: str,
    shot: scripts.Shot,
    painted: tuple[np.ndarray, dict],
    seconds: float,
    shift: complex = 0j,
) -> np.ndarray:
    """Draws what a shot shows at one time, without noise.

    Args:
        venue: Key of scripts.VENUES.
        shot: scripts.Shot.
        painted: (backdrop, cast) from scene().
        seconds: Time in the video.
        shift: Complex, pixels by which the camera displaces the picture.

    Returns:
        (HEIGHT, WIDTH, 3) uint8, blue first.
    """
    backdrop, cast = painted
    x, y = backdrop.shape[1] / 2 - 0.5, backdrop.shape[0] / 2 - 0.5
    center = x - shift.real, y - shift.imag
    picture = cv2.getRectSubPix(backdrop, (WIDTH, HEIGHT), center)
    painter = bodies.Painter(picture, shift)
    for act in shot.acts:
        if act.far and act.start_seconds <= seconds <= act.end_seconds:
            actor = _actor(cast, venue, far=True)
            synthetic_acts.draw(painter, actor, act, seconds)
    _draw_near(painter, venue, shot, cast, seconds)
    return picture


def _draw_near(painter, venue, shot, cast, seconds):
    """The actor walks to where it acts, acts, and walks away."""
    acts = [act for act in shot.acts if not act.far]
    away = [
        max(act.start_seconds - seconds, seconds - act.end_seconds)
        for act in acts
    ]
    distance = min(away, default=seconds - shot.start_seconds)
    distance -= synthetic_acts.MARGIN_SECONDS
    if acts and distance < 0:
        actor = _actor(cast, venue)
        synthetic_acts.draw(painter, actor, acts[np.argmin(away)], seconds)
        return
    share = min(max(distance / _WALK_SECONDS, 0), 1)
    actor = _actor(cast, venue, _WALK_WIDTH * share)
    synthetic_acts.idle(
        painter, actor, seconds=seconds, walking=share < 1, phase=cast["home"]
    )


def _actor(cast, venue, outward=0.0, far=False):
    """Who faces the middle of the picture, so that nothing leaves it."""
    size = 0.45 if far else 1.0
    home = 1 - cast["home"] if far else cast["home"]
    height = HEIGHT * _HEIGHTS[venue] * cast["size"] * size
    floor = HEIGHT * _FLOORS[venue] - (1 - size) * 0.2 * HEIGHT
    facing = 1 if home < 0.5 else -1
    place = home - facing * outward
    if venue in ("pool", "cliff"):
        # Water lies to the right of the board.
        facing, place = 1, 0.08 + 0.3 * place
    colors = {key: cast[key] for key in ("shirt", "trousers", "skin")}
    return bodies.Actor(WIDTH * place, floor, height, facing, **colors)


def scene(venue: str, number: int, *, seed: int) -> tuple[np.ndarray, dict]:
    """Paints the scene of a number and casts its actor; no two are alike.

    Args:
        venue: Key of scripts.VENUES.
        number: The scene's number.
        seed: The benchmark's seed.

    Returns:
        (backdrop, cast): a (H, W, 3) uint8 picture with an edge around, and
        a dict with the actor's colors, size and place.
    """
    rng = np.random.default_rng([seed, number])
    # Multiples of the golden ratio never meet again on the circle of hues.
    hue = (seed * 0.381 + number * 0.6180339887) % 1
    cast = {
        "shirt": _color(hue + 0.5, rng.uniform(0.6, 1), rng.uniform(0.5, 1)),
        "trousers": _color(hue + 0.25, 0.5, rng.uniform(0.15, 0.4)),
        "skin": _color(0.06, rng.uniform(0.25, 0.6), rng.uniform(0.4, 0.95)),
        "size": rng.uniform(0.85, 1.15),
        "home": 0.5 + rng.choice([-1, 1]) * rng.uniform(0.1, 0.25),
    }
    size = HEIGHT + 2 * _EDGE, WIDTH + 2 * _EDGE
    backdrop: np.ndarray = np.empty((*size, 3), np.uint8)
    backdrop[:] = _color(hue, rng.uniform(0.1, 0.3), rng.uniform(0.5, 0.8))
    _clutter(backdrop, hue, rng)
    _VENUES[venue](backdrop, hue, rng)
    backdrop = cv2.GaussianBlur(backdrop, (0, 0), 0.8)
    texture = cv2.GaussianBlur(rng.normal(0, 8, (*size, 3)), (0, 0), 1)
    return np.clip(backdrop + texture, 0, 255).astype(np.uint8), cast


def _clutter(backdrop, hue, rng):
    """Houses and posters, paler than whatever is acted with."""
    height, width = backdrop.shape[:2]
    for _ in range(rng.integers(4, 9)):
        x, y = rng.uniform(0, width), rng.uniform(0, 0.7) * height
        pale = rng.uniform(0.05, 0.3), rng.uniform(0.4, 0.75)
        color = _color(hue + rng.normal(0, 0.15), *pale)
        _box(backdrop, x, y, *rng.uniform(8, 30, 2), color)


def _field(backdrop, hue, rng):
    color = _color(hue + 0.35, rng.uniform(0.1, 0.3), rng.uniform(0.4, 0.7))
    _ground(backdrop, rng.uniform(0.66, 0.8), color)


def _lawn(backdrop, hue, rng):
    green = 0.27 + 0.12 * hue
    level = rng.uniform(0.5, 0.65)
    _ground(backdrop, level, _color(green, 0.7, 0.6))
    height, width = backdrop.shape[:2]
    wide = rng.uniform(10, 18)
    for left in np.arange(rng.uniform(0, wide), width, 2 * wide):
        stripe = _color(green, 0.75, 0.5)
        _box(backdrop, left, level * height, wide, height, stripe)
    white, left = (240, 240, 240), rng.uniform(0.1, 0.5) * width
    goal = np.array([[0, 24], [0, 0], [45, 0], [45, 24]])
    goal = (goal + [left, level * height - 22]).astype(np.int32)
    cv2.polylines(backdrop, [goal], False, white, 2)


def _pool(backdrop, hue, rng):
    blue = 0.5 + 0.1 * hue
    _ground(backdrop, 0.83, _color(blue, 0.6, rng.uniform(0.7, 0.95)))
    height, width = backdrop.shape[:2]
    board = _color(hue + 0.5, 0.3, 0.35)
    reach = _EDGE + 0.45 * WIDTH
    _box(backdrop, 0, _EDGE + _FLOORS["pool"] * HEIGHT, reach, 4, board)
    _box(backdrop, 0, height // 2, _EDGE + 5, height, board)


def _cliff(backdrop, hue, rng):
    blue = 0.5 + 0.1 * hue
    _ground(backdrop, 0.83, _color(blue, 0.8, rng.uniform(0.4, 0.65)))
    height = backdrop.shape[0]
    rock = _color(0.02 + 0.1 * hue, rng.uniform(0.2, 0.5), 0.45)
    top = _EDGE + _FLOORS["cliff"] * HEIGHT
    edge = [[0, top], [_EDGE + 0.42 * WIDTH, top]]
    for down in np.linspace(0.2, 1, 5):
        x = _EDGE + WIDTH * (0.42 - 0.2 * down + rng.uniform(-0.06, 0.04))
        edge.append([x, top + (height - top) * down])
    edge.append([0, height])
    cv2.fillPoly(backdrop, [np.array(edge, np.int32)], rock)


_VENUES = {"field": _field, "lawn": _lawn, "pool": _pool, "cliff": _cliff}


def _ground(backdrop, level, color):
    backdrop[int(level * backdrop.shape[0]) :] = color


def _box(backdrop, left, top, width, height, color):
    corners = np.array([left, top, left + width, top + height]).astype(int)
    cv2.rectangle(backdrop, corners[:2], corners[2:], color, cv2.FILLED)


def _color(hue, saturation, value):
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(255 * blue), round(255 * green), round(255 * red)


def _tremble(rng):
    """A hand-held camera: seconds -> complex displacement in pixels."""
    size = rng.uniform(0.5, 2.5)
    rates, phases = rng.uniform(1.5, 9, (2, 3)), rng.uniform(0, 7, (2, 3))

    def displacement(seconds):
        x, y = np.sin(rates * seconds + phases).mean(axis=1)
        return complex(size * x, size * y)

    return displacement
