"""Accuracy, edit score and F1@k, by hand and against plain loops."""

import itertools

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf.evaluation import segmentation_metrics
from tests.kit import shared_data


class ByHandTest(parameterized.TestCase):
    def test_counts_frames(self):
        found = segmentation_metrics.scores(
            [np.array([0, 0, 1, 1]), np.array([2, 2])],
            [np.array([0, 1, 1, 1]), np.array([2, 0])],
            background=0,
        )
        np.testing.assert_array_equal(found.accuracy, [3 / 4, 1 / 2])
        self.assertEqual(found.micro_accuracy, 4 / 6)

    def test_finds_segments(self):
        labels = np.array([0, 3, 3, 0, 0, 5, 3])
        label, first, stop = segmentation_metrics.segments(labels, background=0)
        np.testing.assert_array_equal(label, [3, 5, 3])
        np.testing.assert_array_equal(first, [1, 5, 6])
        np.testing.assert_array_equal(stop, [3, 6, 7])
        self.assertLen(segmentation_metrics.segments(labels)[0], 5)

    @parameterized.parameters(
        ("kitten", "sitting", 1 - 3 / 7),
        ("abc", "abc", 1),
        ("abc", "", 0),
        ("", "", 1),
        ("ab", "ba", 0),
    )
    def test_normalizes_the_distance_by_the_longer(self, one, other, score):
        for pair in ((one, other), (other, one)):
            codes = [np.array([ord(x) for x in text], int) for text in pair]
            self.assertAlmostEqual(
                segmentation_metrics.edit_score(*codes), score
            )

    def test_gives_a_segment_to_the_first_that_reaches_it(self):
        # Frames 0..9 show class 1; it is found as 0..4 and 6..9.
        true = segmentation_metrics.segments(np.full(10, 1))
        found = segmentation_metrics.segments(np.array([1] * 5 + [2] + [1] * 4))
        self.assertEqual(segmentation_metrics.hits(true, found, 0.5), (1, 3, 1))
        self.assertEqual(
            segmentation_metrics.hits(true, found, 0.51), (0, 3, 1)
        )

    def test_does_not_pass_a_taken_segment_on(self):
        # The second 1 overlaps 0..9 most, which the first one took already,
        # so 12..13 stays unfound, as in the code of Lea et al.
        true = segmentation_metrics.segments(np.repeat([1, 2, 1], [10, 2, 2]))
        found = segmentation_metrics.segments(np.repeat([1, 2, 1], [5, 1, 8]))
        self.assertEqual(segmentation_metrics.hits(true, found, 0.1)[0], 1)

    def test_averages_f1_over_videos(self):
        truths = [np.array([1, 1, 2, 2]), np.array([1, 1])]
        found = [np.array([1, 1, 1, 1]), np.array([1, 1])]
        result = segmentation_metrics.scores(truths, found)
        # The first video: 1 of 1 right, 2 annotated.
        np.testing.assert_allclose(result.f1[:, 2], [2 / 3, 1])
        np.testing.assert_allclose(result.micro_f1[2], 4 / 5)


class RandomCasesTest(parameterized.TestCase):
    @parameterized.parameters(None, 0)
    def test_equals_the_plain_loop(self, background):
        generator = np.random.default_rng(0)
        for _ in range(1500):
            num_classes = generator.integers(1, 5)
            pairs = [
                _pair(generator, num_classes)
                for _ in range(generator.integers(1, 4))
            ]
            truths, found = zip(*pairs, strict=True)

            result = segmentation_metrics.scores(
                truths, found, background=background
            )

            plain = [_plain(*pair, background) for pair in pairs]
            np.testing.assert_allclose(result.edit, [x[0] for x in plain])
            np.testing.assert_allclose(result.f1, [x[1] for x in plain])

    def test_equals_the_plain_loop_on_published_predictions(self):
        for name in ("edtcn", "svm"):
            truths, found = _published(name)
            result = segmentation_metrics.scores(truths, found, background=0)
            for video, pair in enumerate(zip(truths, found, strict=True)):
                edit, f1 = _plain(*pair, 0)
                np.testing.assert_allclose(result.edit[video], edit)
                np.testing.assert_allclose(result.f1[video], f1)


class PublishedTest(absltest.TestCase):
    def test_gives_the_figures_of_ed_tcn(self):
        result = segmentation_metrics.scores(*_published("edtcn"), background=0)
        figures = [result.accuracy.mean(), result.edit.mean()]
        figures = np.round(
            100 * np.array([*figures, *result.f1.mean(axis=0)]), 1
        )
        # DATA.md
        self.assertEqual(figures.tolist(), [64.7, 59.8, 68.0, 63.9, 52.6])


def _published(name):
    path = shared_data.path(f"frame_scores/50salads_mid_{name}.npz")
    with np.load(path) as archive:
        ends = np.cumsum(archive["length"])[:-1]
        return np.split(archive["label"], ends), np.split(archive["pred"], ends)


def _pair(generator, num_classes):
    """(true, found) of one video: few runs, some of them alike."""
    size = generator.integers(1, 40)
    changes = np.sort(generator.integers(0, size, 5))
    runs = np.searchsorted(changes, np.arange(size), side="right")
    true = generator.integers(0, num_classes, 6)[runs]
    found = true.copy()
    noisy = generator.random(size) < generator.choice([0.0, 0.1, 0.5])
    found[noisy] = generator.integers(0, num_classes, noisy.sum())
    return true, np.roll(found, generator.integers(0, 4))


def _plain(true, found, background):
    """(edit score, F1 at the three tIoU) of one video, frame by frame."""
    true, found = _runs(true, background), _runs(found, background)
    one, other = [label for label, _ in true], [label for label, _ in found]
    longer = max(len(one), len(other))
    edit = 1 - _distance(one, other) / longer if longer else 1
    f1 = []
    for tiou in (0.1, 0.25, 0.5):
        taken = set()
        for label, frames in found:
            overlaps = [
                len(frames & mine) / len(frames | mine) if label == own else 0
                for own, mine in true
            ]
            best = max(overlaps, default=0)
            if best >= tiou:
                taken.add(overlaps.index(best))
        total = len(true) + len(found)
        f1.append(2 * len(taken) / total if total else 1)
    return edit, f1


def _runs(labels, background):
    """[(label, set of frames)]."""
    runs = []
    for label, group in itertools.groupby(
        enumerate(labels.tolist()), key=lambda pair: pair[1]
    ):
        if label != background:
            runs.append((label, {frame for frame, _ in group}))
    return runs


def _distance(one, other):
    """Levenshtein's distance, from its definition."""
    table = {}
    for i, j in itertools.product(range(len(one) + 1), range(len(other) + 1)):
        if not i or not j:
            table[i, j] = i + j
            continue
        table[i, j] = min(
            table[i - 1, j] + 1,
            table[i, j - 1] + 1,
            table[i - 1, j - 1] + (one[i - 1] != other[j - 1]),
        )
    return table[len(one), len(other)]


if __name__ == "__main__":
    absltest.main()
