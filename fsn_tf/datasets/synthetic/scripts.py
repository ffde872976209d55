"""What happens when in each video of the embedded benchmark.

A script is drawn from the seed alone and holds no picture. All its times are
multiples of 0.1 s, so that the annotation files, which round to that, are
exact.
"""

import dataclasses
import itertools

import numpy as np

from fsn_tf import segments

SPLITS = ("validation", "test")  # THUMOS'14 trains on its validation videos.
CLASSES = (
    "BaseballPitch",
    "CleanAndJerk",
    "CliffDiving",
    "CricketShot",
    "Diving",
    "JavelinThrow",
    "Shotput",
    "SoccerPenalty",
    "TennisSwing",
    "VolleyballSpiking",
)
FAILED_JERK = "FailedJerk"  # An act like any other, but nothing labels it.

# Each act of a venue, with its shortest and longest duration in tenths of a
# second. Acts of one venue share its scenes, its actors and its videos.
VENUES = {
    "field": {
        "BaseballPitch": (15, 35),
        "CleanAndJerk": (15, 19),
        "CricketShot": (15, 18),
        "JavelinThrow": (15, 35),
        "Shotput": (20, 55),
        "TennisSwing": (15, 18),
        "VolleyballSpiking": (20, 55),
    },
    "lawn": {"SoccerPenalty": (17, 26)},
    "pool": {"Diving": (16, 24)},
    "cliff": {"CliffDiving": (16, 24)},
}

# Acts of one row take turns in the same scenes, done by the same actors, so
# that no scene gives away which of them it is.
_SHARING = (
    ("BaseballPitch", "JavelinThrow"),
    ("CricketShot", "TennisSwing"),
    ("Shotput", "VolleyballSpiking"),
    ("CleanAndJerk", FAILED_JERK),
)

# A dozen videos go round these; every other dozen ends on a cliff instead.
_DOZEN = (
    *("field", "field", "lawn", "field", "pool", "field"),
    *("field", "cliff", "field", "field", "lawn", "pool"),
)


@dataclasses.dataclass(frozen=True)
class Act:
    """One thing that somebody does.

    Attributes:
        kind: One of CLASSES, or FAILED_JERK.
        start_seconds: When it starts in the video.
        end_seconds: When it ends.
        phase: In [0, 1), what its periodic motion starts from.
        far: Whether it happens too far away to be sure what it is.
    """

    kind: str
    start_seconds: float
    end_seconds: float
    phase: float
    far: bool = False


@dataclasses.dataclass(frozen=True)
class Shot:
    """What a camera sees between two cuts.

    Attributes:
        start_seconds: When it starts in the video.
        end_seconds: When it ends.
        scene: Number of its scene: its backdrop, its actor, where the actor
            acts. It is even in one split and odd in the other.
        acts: Act in order of time, or none.
    """

    start_seconds: float
    end_seconds: float
    scene: int
    acts: tuple[Act, ...]


@dataclasses.dataclass(frozen=True)
class Script:
    """One video: where it plays, its frame rate, its shots."""

    split: str
    number: int
    venue: str
    fps: int
    shots: tuple[Shot, ...]

    @property
    def name(self) -> str:
        """The name of the video in the manner of THUMOS'14."""
        return f"video_{self.split}_{self.number:07d}"

    @property
    def duration_seconds(self) -> float:
        """When the last shot ends."""
        return self.shots[-1].end_seconds

    def instances(self) -> list[segments.Instance]:
        """The segments.Instance rows that annotate this video.

        As in THUMOS'14, every CliffDiving has a Diving of the same times.
        """
        rows = []
        for act in (act for shot in self.shots for act in shot.acts):
            times = (act.start_seconds, act.end_seconds)
            for label in _labels(act):
                rows.append(segments.Instance(self.name, label, *times))
        return rows


def _labels(act):
    if act.far:
        return (segments.AMBIGUOUS,)
    if act.kind == FAILED_JERK:
        return ()
    return (act.kind, "Diving") if act.kind == "CliffDiving" else (act.kind,)


def scripts(split: str, *, seed: int, num_videos: int) -> list[Script]:
    """Writes the scripts of a split; fewer videos are a prefix of more.

    Args:
        split: One of SPLITS.
        seed: Any int from 0.
        num_videos: How many.

    Returns:
        List of Script.
    """
    rng = np.random.default_rng([seed, SPLITS.index(split)])
    deck = _deck(list(VENUES["field"]), rng)
    return [_script(split, n, deck, rng) for n in range(1, num_videos + 1)]


def _deck(kinds, rng):
    """Deals shuffled decks without end: (kind, how many decks before)."""
    for decks in itertools.count():
        for kind in rng.permutation(kinds):
            yield str(kind), decks


def _script(split, number, deck, rng):
    dozen, place = divmod(number - 1, 12)
    venue = "cliff" if place == 11 and dozen % 2 else _DOZEN[place]
    shots, now = [], 0
    for index, (bout, scene) in enumerate(_bouts(venue, number, deck, rng)):
        if scene is None:
            scene = 10_000 + 100 * number + index
        scene = 2 * scene + SPLITS.index(split)
        shots.append(_shot(now, scene, venue, bout, rng))
        now = round(10 * shots[-1].end_seconds)
    # Some videos need their frame rate resampled.
    fps = 30 if rng.random() < 0.4 else 25
    return Script(split, number, venue, fps, tuple(shots))


def _bouts(venue, number, deck, rng):
    """What each shot shows: (list of (kind, far), shared scene or None)."""
    if venue == "field":
        cards = [next(deck) for _ in range(4)]
        if rng.random() < 0.4:
            cards.append((FAILED_JERK, cards[0][1]))
        bouts = [
            (_attempts(kind, rng), len(_SHARING) * decks + sharing_row(kind))
            for kind, decks in cards
        ]
        if number % 4 == 2:
            kind = str(rng.choice(list(VENUES[venue])))
            bouts.append(([(kind, True)], None))
    else:
        (kind,) = VENUES[venue]
        bouts = [([(kind, False)], None)] * int(rng.integers(3, 5))
    bouts += [([], None)] * (3 if venue == "lawn" else 1)
    return [bouts[index] for index in rng.permutation(len(bouts))]


def sharing_row(kind: str) -> int:
    """A number that acts of the same scenes have in common."""
    rows = [row for row, kinds in enumerate(_SHARING) if kind in kinds]
    return rows[0] if rows else len(_SHARING) + CLASSES.index(kind)


def _attempts(kind, rng):
    """A jerk mostly follows a failed one, or one follows it."""
    bout = [(kind, False)]
    if kind == "CleanAndJerk":
        before, after = (rng.random(2) < 0.6).astype(int)
        failed = [(FAILED_JERK, False)]
        bout = failed * before + bout + failed * after
    return bout


def _shot(start, scene, venue, bout, rng):
    """A shot from `start`, in tenths of a second."""
    acts, now = [], start + int(rng.integers(10, 25))
    for kind, far in bout:
        acts.append(act(venue, kind, now / 10, rng, far=far))
        now = round(10 * acts[-1].end_seconds) + 3
    end = now + int(rng.integers(10, 25))
    return Shot(start / 10, end / 10, scene, tuple(acts))


def act(
    venue: str,
    kind: str,
    start_seconds: float,
    rng: np.random.Generator,
    *,
    far: bool = False,
) -> Act:
    """An Act of drawn phase and length, in tenths of a second."""
    phase = rng.random()
    start = round(10 * start_seconds)
    end = start + _length(venue, kind, phase, rng)
    return Act(kind, start / 10, end / 10, phase, far)


def _length(venue, kind, phase, rng):
    if kind == FAILED_JERK:
        return round(10 * (decision_seconds(phase) + 0.2))
    shortest, longest = VENUES[venue][kind]
    return int(rng.integers(shortest, longest + 1))


def decision_seconds(phase: float) -> float:
    """How long a jerk of either outcome takes until it succeeds or fails."""
    return 0.6 + 0.3 * phase
