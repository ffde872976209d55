"""Says while a network trains that it does no better than guessing."""

import collections

# A loss above that share of what guessing gives has learned nothing.
NO_BETTER = 0.98
# Over so many steps the loss is averaged; single ones scatter.
AVERAGED_STEPS = 100
# Slow starts are usual: nothing is said before so many steps, nor before that
# share of them all.
_LEAST_STEPS = 500
_LEAST_SHARE = 0.25


class GuessingWatch:
    """Compares the loss of the last steps with that of guessing.

    Args:
        guessing: The loss of guessing by how often each class is drawn, see
            label_shares.loss_of_guessing.
        steps: Of the whole run.
    """

    def __init__(self, guessing: float, steps: int):
        self._guessing = guessing
        self._from_step = max(_LEAST_STEPS, _LEAST_SHARE * steps)
        self._losses: collections.deque[float] = collections.deque(
            maxlen=AVERAGED_STEPS
        )
        self._said = False

    def note(self, step: int, losses: list[float]) -> str:
        """A line where nothing has been learned so far, once; "" else.

        Args:
            step: That was reached.
            losses: Of each step since the last call.
        """
        self._losses.extend(losses)
        if self._said or step < self._from_step:
            return ""
        if len(self._losses) < AVERAGED_STEPS:
            return ""
        loss = sum(self._losses) / AVERAGED_STEPS
        if loss < NO_BETTER * self._guessing:
            return ""
        self._said = True
        return (
            f"note: step {step}: the loss of the last {AVERAGED_STEPS} steps, "
            f"{loss:.4g}, is no better than guessing by how often each class "
            f"is drawn, {self._guessing:.4g}: nothing was learned so far; "
            "where it does not fall soon, stop and try another --learning_rate"
        )
