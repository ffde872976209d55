"""Section 3.5's training windows on cases small enough to check by hand."""

import collections
import dataclasses

from absl.testing import absltest
import numpy as np

from fsn_tf.experiment import Experiment
from fsn_tf.segments import Instance
from fsn_tf.training import windows as training_windows

_SMALL = Experiment(
    snippet_frames=1, clip_frames=4, window_stride=4, min_action_frames=2
)


def _targets(*instances, classes=("a", "b"), ambiguous=(), num_frames=10):
    """Frame targets at one frame per second: frame f is second f + 1."""
    instances = [Instance("v", *instance) for instance in instances]
    ambiguous = [Instance("v", "Ambiguous", *span) for span in ambiguous]
    return training_windows.frame_targets(
        instances, ambiguous, classes, num_frames=num_frames, fps=1
    )


class FrameTargetsTest(absltest.TestCase):
    def test_background_is_the_last_class(self):
        labels, weights = _targets(("a", 2, 4), ("b", 6, 7))
        self.assertEqual(labels.tolist(), [2, 0, 0, 0, 2, 1, 1, 2, 2, 2])
        self.assertEqual(weights.tolist(), [1] * 10)

    def test_the_shorter_instance_has_the_frame(self):
        for order in (1, -1):
            both = [("a", 1, 8), ("b", 3, 5)][::order]
            labels, _ = _targets(*both, num_frames=8)
            self.assertEqual(labels.tolist(), [0, 0, 1, 1, 1, 0, 0, 0])

    def test_cliff_diving_has_the_frame_before_diving(self):
        classes = ("CliffDiving", "Diving")
        for order in (1, -1):
            # The Diving instance is even the shorter one.
            both = [("CliffDiving", 1, 6), ("Diving", 2, 5)][::order]
            labels, _ = _targets(*both, classes=classes, num_frames=7)
            self.assertEqual(labels.tolist(), [0, 0, 0, 0, 0, 0, 2])

    def test_ambiguous_background_has_no_weight(self):
        labels, weights = _targets(("a", 4, 5), ambiguous=[(3, 7)])
        self.assertEqual(labels.tolist(), [2, 2, 2, 0, 0, 2, 2, 2, 2, 2])
        self.assertEqual(weights.tolist(), [1, 1, 0, 1, 1, 0, 0, 1, 1, 1])


class WindowsTest(absltest.TestCase):
    def test_keeps_windows_with_enough_action(self):
        # Action frames per window of 4: 1, 3, and 2 in the one moved back.
        targets = _targets(("a", 4, 7), num_frames=10)
        windows = training_windows.windows([targets], 2, _SMALL)
        self.assertEqual(windows.first_snippet.tolist(), [4])
        self.assertEqual(windows.labels.tolist(), [[0, 0, 0, 2]])

    def test_moves_the_last_window_back_into_the_video(self):
        targets = _targets(("b", 9, 10), num_frames=10)
        windows = training_windows.windows([targets], 2, _SMALL)
        self.assertEqual(windows.first_snippet.tolist(), [6])
        self.assertEqual(windows.labels.tolist(), [[2, 2, 1, 1]])

    def test_frames_beyond_a_short_video_have_no_weight(self):
        targets = _targets(("a", 1, 3), num_frames=3)
        windows = training_windows.windows([targets], 2, _SMALL)
        self.assertEqual(windows.labels.tolist(), [[0, 0, 0, 2]])
        self.assertEqual(windows.weights.tolist(), [[1, 1, 1, 0]])

    def test_counts_in_snippets(self):
        experiment = dataclasses.replace(
            _SMALL, snippet_frames=2, window_stride=2
        )
        targets = _targets(("a", 3, 6), num_frames=9)
        windows = training_windows.windows([targets], 2, experiment)
        # Snippets of frames 01 23 45 67 8-: windows start at each of them.
        self.assertEqual(windows.first_snippet.tolist(), [0, 1, 2])
        self.assertEqual(windows.labels[0].tolist(), [2, 2, 0, 0])

    def test_background_alone_is_taken_where_no_action_is_asked_for(self):
        everything = dataclasses.replace(_SMALL, min_action_frames=0)
        acting = _targets(("a", 4, 7), num_frames=10)
        quiet = _targets(num_frames=6)
        windows = training_windows.windows([acting, quiet], 2, everything)
        self.assertEqual(windows.video.tolist(), [0, 0, 0, 1, 1])
        self.assertEqual(windows.first_snippet.tolist(), [0, 4, 6, 0, 2])
        # Background, as a class of its own, is drawn like any other.
        self.assertEqual(windows.action.tolist(), [0, 0, 0, 2, 2])
        self.assertEqual(windows.labels[3].tolist(), [2, 2, 2, 2])
        self.assertEqual(windows.weights[3].tolist(), [1, 1, 1, 1])

    def test_what_is_ambiguous_alone_is_no_background(self):
        everything = dataclasses.replace(_SMALL, min_action_frames=0)
        targets = _targets(ambiguous=[(1, 4)], num_frames=8)
        windows = training_windows.windows([targets], 2, everything)
        self.assertEqual(windows.first_snippet.tolist(), [4])

    def test_names_the_most_frequent_action(self):
        targets = _targets(("a", 1, 1), ("b", 2, 4), num_frames=4)
        windows = training_windows.windows([targets], 2, _SMALL)
        self.assertEqual(windows.action.tolist(), [1])

    def test_the_papers_window_is_seven_snippets(self):
        experiment = Experiment()
        self.assertEqual(experiment.clip_snippets, 7)
        targets = _targets(("a", 36, 40), num_frames=105)
        windows = training_windows.windows([targets], 2, experiment)
        self.assertEqual(windows.first_snippet.tolist(), [7])

    def test_counts_a_thousand_classes_as_any_other(self):
        rng = np.random.default_rng(0)
        experiment = dataclasses.replace(_SMALL, window_stride=3)
        labels = np.repeat(rng.integers(0, 1001, 40), rng.integers(1, 4, 40))
        targets = labels.astype(np.int32), np.ones(len(labels), np.float32)
        windows = training_windows.windows([targets], 1000, experiment)
        first = [*range(0, len(labels) - 4, 3), len(labels) - 4]
        rows = []
        for start in first:
            clip = labels[start : start + 4].tolist()
            acting = [label for label in clip if label < 1000]
            if len(acting) >= 2:
                rows.append((start, max(sorted(acting), key=acting.count)))
        self.assertEqual(
            list(zip(windows.first_snippet, windows.action, strict=True)), rows
        )


class ScheduleTest(absltest.TestCase):
    def setUp(self):
        super().setUp()
        self.actions = np.array([0] * 90 + [1] * 9 + [3] * 1)

    def _schedule(self, size, seed=0, balance=True):
        return training_windows.schedule(
            self.actions, size, balance=balance, seed=seed
        )

    def test_draws_classes_alike(self):
        drawn = collections.Counter(self.actions[self._schedule(3000)])
        self.assertCountEqual(drawn, [0, 1, 3])
        for count in drawn.values():
            self.assertBetween(count, 900, 1100)

    def test_shows_every_window_of_a_class_before_any_again(self):
        order = self._schedule(3000)
        rare = order[self.actions[order] == 1]
        for start in range(0, len(rare) - 9, 9):
            self.assertLen(set(rare[start : start + 9]), 9)

    def test_unbalanced_shows_every_window_before_any_again(self):
        order = self._schedule(300, balance=False)
        for start in (0, 100, 200):
            self.assertLen(set(order[start : start + 100]), 100)

    def test_longer_schedules_start_like_shorter_ones(self):
        for balance in (True, False):
            short = self._schedule(130, balance=balance)
            long = self._schedule(5000, balance=balance)
            np.testing.assert_array_equal(long[:130], short)

    def test_differs_with_the_seed_alone(self):
        again = self._schedule(500)
        np.testing.assert_array_equal(again, self._schedule(500))
        self.assertTrue((again != self._schedule(500, seed=1)).any())


if __name__ == "__main__":
    absltest.main()
