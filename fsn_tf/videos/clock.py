"""The time stamps of a video as one clock, the one that a player shows."""

# FFmpeg's rule for where a clock that jumps has been set anew.
JUMP_SECONDS = 10.0
# The part of the frames that may be late for the others to follow evenly.
_FEW = 0.05


class Clock:
    """Turns the time stamps of one frame after another into its clock.

    A frame appears after the one before. Where the time stamps jump by more
    than JUMP_SECONDS, forwards or back, as where files were joined, the next
    frame follows as if they did not, unless the hole is known to be real.

    Attributes:
        seconds: When the newest frame appears; None before the first.
        jumps: [(seconds of the clock, seconds by which the stamps jumped)].
        missing_seconds: In which frames should have appeared, as all others
            follow each other evenly; 0 where they do not.

    Args:
        frame_seconds: From a frame to the next where the stamps do not say.
        is_hole: Of the stamps before and after a jump forwards, in seconds:
            whether that time passes in the file.
    """

    def __init__(self, frame_seconds: float, is_hole=lambda *_: False):
        self.seconds: float | None = None
        self.jumps: list[tuple[float, float]] = []
        self._frame_seconds, self._is_hole = frame_seconds, is_hole
        # What to add to a stamp; the newest stamp.
        self._shift, self._stamp = 0.0, 0.0
        self._ticks, self._late, self._late_seconds = 0, 0, 0.0

    def tick(self, stamp: float | None) -> float:
        """When a frame appears; called for every frame, in order.

        Args:
            stamp: The time that the file says of it, in seconds; None where
                it says none.
        """
        self._ticks += 1
        if self.seconds is None:
            self.seconds = stamp or 0.0
        elif stamp is None:
            self.seconds += self._frame_seconds
        else:
            self.seconds = self._next(self.seconds, stamp)
        self._stamp = self._stamp if stamp is None else stamp
        return self.seconds

    @property
    def missing_seconds(self) -> float:
        few = self._late <= self._ticks * _FEW
        return self._late_seconds if few else 0.0

    def _next(self, seconds, stamp):
        follows = seconds + self._frame_seconds
        jump = stamp - self._stamp
        far = abs(jump) > JUMP_SECONDS
        if far and not (jump > 0 and self._is_hole(self._stamp, stamp)):
            self.jumps.append((follows, jump))
            self._shift = follows - stamp
        time = stamp + self._shift
        late = time - follows
        if late > self._frame_seconds / 2:
            self._late += 1
            self._late_seconds += late
        return time if time > seconds else follows
