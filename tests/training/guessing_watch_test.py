"""A loss that never falls is said while it trains, and a slow one is not."""

from absl.testing import absltest
import numpy as np

from fsn_tf.training import guessing_watch


def _said_at(losses, *, guessing=100.0, per_call=50):
    """Steps at which a run of these losses is told that it guesses."""
    watch = guessing_watch.GuessingWatch(guessing, len(losses))
    ends = range(per_call, len(losses) + 1, per_call)
    return [
        end
        for end in ends
        if watch.note(end, list(losses[end - per_call : end]))
    ]


class GuessingWatchTest(absltest.TestCase):
    def test_says_once_that_the_loss_stays_where_guessing_is(self):
        noise = np.random.default_rng(0).normal(0, 5, 4000)
        self.assertEqual(_said_at(101 + noise), [1000])
        self.assertEqual(_said_at(1e4 + noise[:1000]), [500])

    def test_is_silent_where_it_falls_however_late(self):
        falls = np.linspace(150, 60, 4000)
        falls[:1000] = 200
        falls[900:] = 90
        self.assertEqual(_said_at(falls), [])

    def test_says_so_of_a_loss_that_went_up_again(self):
        self.assertEqual(
            _said_at(np.r_[np.full(1000, 50.0), np.full(1000, 100.0)]), [1100]
        )

    def test_short_runs_are_left_to_their_end(self):
        self.assertEqual(_said_at(np.full(450, 300.0)), [])


if __name__ == "__main__":
    absltest.main()
