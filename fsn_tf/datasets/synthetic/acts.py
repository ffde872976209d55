"""How the acts of the embedded benchmark look, moment by moment."""

import dataclasses
import math

import numpy as np

from fsn_tf.datasets.synthetic import bodies
from fsn_tf.datasets.synthetic import scripts

# Props lie ready this long before an act and stay this long after it.
MARGIN_SECONDS = 0.8

# Blue, green, red.
_WHITE, _FOAM, _IRON = (245, 245, 245), (250, 245, 235), (70, 60, 60)
_BLUE, _RED, _WOOD = (220, 60, 10), (30, 30, 215), (60, 110, 170)
_YELLOW, _ORANGE = (40, 235, 235), (20, 130, 250)


def idle(
    painter: bodies.Painter,
    actor: bodies.Actor,
    *,
    seconds: float,
    walking: bool,
    phase: float,
) -> None:
    """Stands, walks, or swings an empty hand the way a thrower does."""
    step = 0.6 * math.sin(9 * seconds) if walking else 0.12
    arms = (0.1 + 0.5 * step, 0.1 - 0.5 * step)
    if not walking and math.sin(1.3 * seconds + 2 * math.pi * phase) > 0.8:
        arms = _throwing(seconds, phase).arms
    bodies.draw_body(painter, actor, bodies.Pose(arms=arms, legs=(step, -step)))


def draw(
    painter: bodies.Painter,
    actor: bodies.Actor,
    act: scripts.Act,
    seconds: float,
) -> None:
    """Draws an actor with props within MARGIN_SECONDS of an act, or in it.

    Args:
        painter: Painter of the picture.
        actor: Actor, at home and facing the middle of the picture.
        act: scripts.Act.
        seconds: Time in the video.
    """
    look = _LOOKS[act.kind]
    since = round(seconds - act.start_seconds, 6)
    until = round(act.end_seconds - seconds, 6)
    look(painter, actor, act, since, until)


def _throw(painter, actor, act, since, until):
    if min(since, until) < 0:
        idle(painter, actor, seconds=since, walking=False, phase=act.phase)
        return
    hand, _ = bodies.draw_body(painter, actor, _throwing(since, act.phase))
    if act.kind == "BaseballPitch":
        painter.ball(actor.at(hand), 0.15 * actor.height, _WHITE)
        return
    along = 0.5 * np.exp(0.25j)
    ends = actor.at(hand - along), actor.at(hand + along)
    painter.line(*ends, _WHITE, 0.13 * actor.height)
    painter.line(*ends, _BLUE, 0.08 * actor.height)


def _throwing(seconds, phase):
    swing = math.sin(2 * math.pi * (seconds + phase))
    return bodies.Pose(
        arms=(2.2 + 1.2 * swing, -0.6), legs=(0.5, -0.45), lean=0.15
    )


def _balls(painter, actor, act, since, until):
    """A row of balls that rises (Shotput) or falls (VolleyballSpiking).

    Played backwards, one kind is the other, frame by frame. The row moves by
    half its spacing in 0.2 s, which is as far up as it is down.
    """
    if min(since, until) < 0:
        idle(painter, actor, seconds=since, walking=False, phase=act.phase)
        return
    from_middle = (since - until) / 2
    sway = 0.2 * math.cos(7 * from_middle)
    pose = bodies.Pose(arms=(1.9 + sway, 1.4 + sway), legs=(0.3, -0.3))
    bodies.draw_body(painter, actor, pose)
    upwards = 1 if act.kind == "Shotput" else -1
    steps = (act.phase + upwards * 2.5 * from_middle) % 1
    for place in range(3):
        center = 0.62 + 1j * (0.15 + 0.45 * (place + steps))
        painter.ball(actor.at(center), 0.085 * actor.height, _ORANGE)


def _swing(painter, actor, act, since, until):
    """A swing; the ball comes before it and leaves after it has ended."""
    share = min(max(since / (since + until), 0), 1)
    angle = 0.3 + 2.3 * math.sqrt(max(math.sin(math.pi * share), 0))
    pose = bodies.Pose(arms=(angle, angle - 0.2), legs=(0.3, -0.3), lean=0.1)
    hand, _ = bodies.draw_body(painter, actor, pose)
    tip = hand + 0.4 * bodies.downward(angle + 0.2)
    painter.line(actor.at(hand), actor.at(tip), _WOOD, 0.13 * actor.height)
    away = max(-since, -until)
    if 0.05 < away < MARGIN_SECONDS:
        up, color = (0.1, _RED) if act.kind == "CricketShot" else (1, _YELLOW)
        center = 0.35 + 1.1 * away + 1j * up
        painter.ball(actor.at(center), 0.16 * actor.height, color)


def _jerk(painter, actor, act, since, until):
    """Lifts to the shoulders and waits; then overhead, or it all falls."""
    floor = bodies.Pose(
        arms=(0.0, -0.1), legs=(0.2, -0.2), lean=1.1, crouch=0.4
    )
    rack = bodies.Pose(arms=(1.7, 1.6))
    overhead = bodies.Pose(arms=(3.0, 2.9))
    decided = scripts.decision_seconds(act.phase)
    failed = act.kind == scripts.FAILED_JERK
    if failed and since > decided:
        _drop(painter, actor, since - decided, 0.8)
        return
    if since < 0 or until < 0:
        _drop(painter, actor, np.inf if since < 0 else -until, 1.1)
        return
    shaking = 0.03 * math.sin(25 * since)
    pose = floor.toward(rack, min(since / 0.3, 1))
    if since > decided:
        pose = rack.toward(overhead, min((since - decided) / 0.15, 1))
    pose = dataclasses.replace(pose, lean=pose.lean + shaking)
    hands = bodies.draw_body(painter, actor, pose)
    _bar(painter, actor, sum(hands) / 2)


def _drop(painter, actor, since, top):
    """The bar takes 0.25 s to the floor; then the actor stands behind it."""
    falling = min(since / 0.25, 1)
    upright = bodies.Pose(arms=(1.7, 1.6)).toward(
        bodies.Pose(), min(2 * falling, 1)
    )
    bodies.draw_body(painter, actor, upright)
    _bar(painter, actor, 0.35 + 1j * bodies.mix(top, 0.1, falling**2))


def _bar(painter, actor, center):
    ends = actor.at(center - 0.45), actor.at(center + 0.45)
    painter.line(*ends, _IRON, 0.05 * actor.height)
    for end in ends:
        painter.ball(end, 0.11 * actor.height, _IRON)


def _kick(painter, actor, act, since, until):
    """Runs up, kicks, and watches; the ball lies there before."""
    share = since / (since + until)
    ball = 0.55 + 0.07j
    if share < 0 or share > 1:
        idle(painter, actor, seconds=since, walking=False, phase=act.phase)
    elif share < 0.35:
        step = 0.8 * math.sin(16 * since)
        pose = bodies.Pose(arms=(-1.2, -1.4), legs=(step, -step), lean=0.6)
        bodies.draw_body(painter, actor, pose)
    else:
        leg = 1.5 * math.sin(math.pi * min((share - 0.35) / 0.5, 0.8))
        pose = bodies.Pose(arms=(2.0, -1.9), legs=(leg, -0.3), lean=-0.4)
        bodies.draw_body(painter, actor, pose)
        ball += (share - 0.35) / 0.65 * (2.2 + 0.8j)
    if share < 1:
        painter.ball(actor.at(ball), 0.085 * actor.height, _WHITE)


def _dive(painter, actor, act, since, until):
    """Takes a stand, turns in the air, is gone with a splash."""
    share = since / (since + until)
    reach = bodies.Pose(arms=(2.8, 2.3), legs=(0.1, -0.1))
    if share < 0:
        idle(painter, actor, seconds=since, walking=False, phase=act.phase)
    elif share < 0.25:
        bodies.draw_body(painter, actor, reach)
    elif share < 0.8:
        flight = (share - 0.25) / 0.55
        turn = flight * (2.6 + 2 * math.pi * (act.phase < 0.5))
        up = 1.0 * flight - 2.0 * flight**2
        at = actor.at(0.2 + 1.0 * flight + 1j * up)
        actor = dataclasses.replace(actor, x=at.real, floor=at.imag)
        bodies.draw_body(painter, actor, dataclasses.replace(reach, turn=turn))
    elif share < 1:
        wide = 0.2 + 2 * (share - 0.8)
        for place in np.linspace(-1, 1, 7):
            up = -1.0 + (1 - place**2) * wide
            drop = actor.at(1.3 + wide * place + 1j * up)
            painter.disc(drop, 0.1 * actor.height, _FOAM)


_LOOKS = {
    "BaseballPitch": _throw,
    "CleanAndJerk": _jerk,
    "CliffDiving": _dive,
    "CricketShot": _swing,
    "Diving": _dive,
    "JavelinThrow": _throw,
    "Shotput": _balls,
    "SoccerPenalty": _kick,
    "TennisSwing": _swing,
    "VolleyballSpiking": _balls,
    scripts.FAILED_JERK: _jerk,
}
