"""The protocols, checked by hand and against slow, plain formulations."""

import dataclasses
import json

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import annotations as ground_truth
from fsn_tf import segments
from fsn_tf.evaluation import metrics
from fsn_tf.evaluation import protocols
from tests.kit import shared_data

# Those that the plain loop below knows; opentad has one of its own.
_PLAIN = ("thumos14", "thumos14-2014", "activitynet")
CLASSES = ("Dive", "Jump", "Run")
VIDEOS = ("a", "b", "c")


def truth(*rows):
    """Annotations from rows (video, label, start, end)."""
    return segments.Annotations.from_rows(rows, classes=CLASSES, videos=VIDEOS)


def found(*rows):
    """Detections from rows (video, label, start, end, score)."""
    videos = tuple(sorted({row[0] for row in rows}, reverse=True))
    return segments.Detections.from_rows(rows, classes=CLASSES, videos=videos)


class AveragePrecisionTest(parameterized.TestCase):
    def test_averages_the_precision_at_each_positive(self):
        scores = np.array([0.9, 0.8, 0.7, 0.6])
        positives = np.array([True, False, True, False])
        ap = metrics.average_precision(scores, positives)
        self.assertAlmostEqual(ap, (1 / 1 + 2 / 3) / 2)

    def test_is_nan_for_a_class_that_never_occurs(self):
        ap = metrics.average_precision(np.ones(3), np.zeros(3, bool))
        self.assertTrue(np.isnan(ap))

    @parameterized.parameters("f2", "f4", "f8")
    def test_equals_a_stable_sort_with_ties(self, dtype):
        generator = np.random.default_rng(0)
        for _ in range(1000):
            size = generator.integers(1, 60)
            levels = generator.integers(1, 30)
            scores = generator.integers(-levels, levels, size) / levels
            scores = (scores * generator.choice([1, 1e-6])).astype(dtype)
            scores[generator.random(size) < 0.1] = -0.0
            positives = generator.random(size) < 0.3

            ap = metrics.average_precision(scores, positives)

            np.testing.assert_allclose(
                ap, _plain_average_precision(scores, positives), rtol=1e-12
            )

    def test_leaves_absent_classes_out_of_the_mean(self):
        scores = np.array([[0.9, 0.1], [0.1, 0.9]], "f4")
        labels = np.array([[True, False], [True, False]])
        mean, per_class = metrics.frame_map(scores, labels)
        self.assertEqual(mean, 1)
        np.testing.assert_array_equal(per_class, [1, np.nan])


def _plain_average_precision(scores, positives):
    ranking = sorted(range(len(scores)), key=lambda frame: -scores[frame])
    hits, precisions = 0, []
    for rank, frame in enumerate(ranking, start=1):
        hits += positives[frame]
        if positives[frame]:
            precisions.append(hits / rank)
    return np.mean(precisions) if precisions else np.nan


class Thumos14Test(parameterized.TestCase):
    def test_gives_an_instance_to_the_largest_overlap(self):
        # The more confident one overlaps by 0.6 only: a false positive.
        annotations = truth(("a", "Jump", 0, 10))
        detections = found(("a", "Jump", 0, 6, 0.9), ("a", "Jump", 0, 9, 0.5))
        _, per_class = metrics.segment_map(annotations, detections, 0.5)
        np.testing.assert_allclose(per_class, [np.nan, 1 / 2, np.nan])

    def test_visits_instances_in_the_order_of_the_source(self):
        # (0, 10) would do with (0, 7), but takes the one that (2, 12) needs.
        rows = ("a", "Jump", 0, 10), ("a", "Jump", 2, 12)
        detections = found(("a", "Jump", 2, 11, 0.9), ("a", "Jump", 0, 7, 0.8))
        forward, _ = metrics.segment_map(truth(*rows), detections, 0.6)
        backward, _ = metrics.segment_map(truth(*rows[::-1]), detections, 0.6)
        self.assertEqual((forward, backward), (1 / 2, 1))

    def test_needs_more_than_the_threshold(self):
        annotations = truth(("a", "Jump", 0, 10))
        half = found(("a", "Jump", 0, 5, 0.9))
        self.assertEqual(metrics.segment_map(annotations, half, 0.5)[0], 0)
        activitynet, _ = metrics.segment_map(
            annotations, half, 0.5, protocol=protocols.ACTIVITYNET
        )
        self.assertEqual(activitynet, 1)

    def test_drops_what_overlaps_an_ambiguous_interval(self):
        annotations = truth(("a", "Jump", 0, 10), ("a", "Ambiguous", 20, 30))
        detections = found(
            ("a", "Jump", 29, 40, 0.9), ("a", "Jump", 0, 10, 0.5)
        )
        dropped, _ = metrics.segment_map(annotations, detections, 0.5)
        counted, _ = metrics.segment_map(
            annotations, detections, 0.5, protocol=protocols.ACTIVITYNET
        )
        self.assertEqual((dropped, counted), (1, 1 / 2))

    def test_scores_an_undetected_class_as_zero(self):
        annotations = truth(("a", "Jump", 0, 1), ("b", "Run", 0, 1))
        detections = found(("a", "Jump", 0, 1, 0.5), ("a", "Dive", 0, 1, 0.5))
        mean, per_class = metrics.segment_map(annotations, detections, 0.5)
        np.testing.assert_array_equal(per_class, [np.nan, 1, 0])
        self.assertEqual(mean, 1 / 2)

    @parameterized.parameters(*protocols.PROTOCOLS)
    def test_survives_empty_inputs(self, protocol):
        nothing, something = found(), found(("a", "Jump", 0, 1, 0.5))
        one = truth(("a", "Jump", 0, 1))
        none = truth()
        for annotations, detections, mean in (
            (one, nothing, 0),
            (none, something, np.nan),
            (none, nothing, np.nan),
        ):
            result, _ = metrics.segment_map(
                annotations, detections, 0.5, protocol=protocols.named(protocol)
            )
            np.testing.assert_equal(result, mean)

    @parameterized.parameters(
        *[f"scnn_c3d@0.{tenth}" for tenth in range(1, 6)],
        "turn_flow_scnn@0.5",
    )
    def test_reproduces_the_published_average_precisions(self, name):
        folder = shared_data.path("thumos14")
        text = (folder / "detections/expected.json").read_text()
        expected = json.loads(text)[name]
        annotations, detections = _published(expected["file"])

        mean, per_class = metrics.segment_map(
            annotations, detections, expected["tiou"]
        )

        self.assertLen(detections, expected["detections"])
        self.assertAlmostEqual(mean, expected["mAP"], delta=1e-9)
        np.testing.assert_allclose(
            per_class,
            [expected["AP"][one] for one in annotations.classes],
            atol=1e-9,
        )

    @parameterized.product(
        file=[f"scnn_c3d_iou0.{tenth}" for tenth in range(1, 6)]
        + ["turn_flow_scnn_iou0.5"],
        protocol=_PLAIN,
    )
    def test_equals_the_plain_loop_on_published_detections(
        self, file, protocol
    ):
        annotations, detections = _published(f"{file}.txt")
        tiou = float(file[-3:])
        _, per_class = metrics.segment_map(
            annotations, detections, tiou, protocol=protocols.named(protocol)
        )
        plain = _plain_segment_ap(annotations, detections, tiou, protocol)
        np.testing.assert_allclose(per_class, plain, atol=1e-12)

    @parameterized.product(
        file=[f"scnn_c3d_iou0.{tenth}" for tenth in range(1, 6)]
        + ["turn_flow_scnn_iou0.5", "Run-1-det", "Run-2-det"],
        protocol=_PLAIN,
    )
    def test_equals_the_plain_loop_on_worse_detections(self, file, protocol):
        annotations, detections = _published(f"{file}.txt")
        generator = np.random.default_rng(0)
        for tiou in generator.choice(np.arange(1, 10) / 10, 3):
            worse = _worse(detections, generator)
            _, per_class = metrics.segment_map(
                annotations, worse, tiou, protocol=protocols.named(protocol)
            )
            plain = _plain_segment_ap(annotations, worse, tiou, protocol)
            np.testing.assert_allclose(per_class, plain, atol=1e-12)

    def test_scores_as_the_kit_of_2014_did(self):
        annotations, detections = _published("scnn_c3d_iou0.5.txt")
        mean, _ = metrics.segment_map(
            annotations, detections, 0.5, protocol=protocols.THUMOS14_2014
        )
        # EVALUATION.md: 26.6 against 18.97.
        self.assertEqual(round(100 * mean, 1), 26.6)


def _published(file):
    folder = shared_data.path("thumos14")
    # One sample of the kit is of validation videos.
    subset = "val" if file == "Run-2-det.txt" else "test"
    annotations = ground_truth.read(folder / f"annotation_{subset}")
    detections = ground_truth.read_detections(
        folder / "detections" / file, classes=annotations.classes
    )
    return annotations, detections


def _worse(detections, generator):
    """1,000 of them in any order: tied, some twice, some back to front."""
    some = detections.take(generator.integers(0, len(detections), 1000))
    start, end = some.start_seconds.copy(), some.end_seconds.copy()
    rows = generator.random(len(some)) < 0.1
    start[rows], end[rows] = end[rows], start[rows]
    end[generator.random(len(some)) < 0.05] = 7.0
    order = np.argsort(np.argsort(some.score)) // 50 / 20
    return dataclasses.replace(
        some, start_seconds=start, end_seconds=end, score=order
    )


class RandomCasesTest(parameterized.TestCase):
    """Ties, duplicates, no length, start after end, absent classes, ..."""

    @parameterized.parameters(*_PLAIN)
    def test_equals_the_plain_loop(self, protocol):
        generator = np.random.default_rng(0)
        for _ in range(1500):
            annotations, detections = self._case(generator)
            tiou = generator.choice([0.1, 0.25, 0.5, 0.75])

            _, per_class = metrics.segment_map(
                annotations,
                detections,
                tiou,
                protocol=protocols.named(protocol),
            )

            plain = _plain_segment_ap(annotations, detections, tiou, protocol)
            np.testing.assert_allclose(per_class, plain, atol=1e-12)

    def test_gives_several_tiou_what_each_gets_alone(self):
        generator = np.random.default_rng(1)
        tious = [0.1, 0.5, 0.5]
        for _ in range(100):
            annotations, detections = self._case(generator)
            masks = generator.random((3, len(detections))) < 0.6
            for protocol in protocols.PROTOCOLS:
                together = metrics.segment_maps(
                    annotations,
                    detections,
                    tious,
                    protocol=protocols.named(protocol),
                    kept=masks,
                )
                alone = [
                    metrics.segment_map(
                        annotations,
                        detections.take(mask),
                        tiou,
                        protocol=protocols.named(protocol),
                    )
                    for tiou, mask in zip(tious, masks, strict=True)
                ]
                np.testing.assert_equal(together, alone)

    def _case(self, generator):
        num_truths, num_fuzzy, num_found = generator.integers(0, [9, 3, 25])
        labels = generator.choice(CLASSES[: generator.integers(1, 4)], 25)
        times = generator.integers(0, generator.integers(4, 20), (40, 2))
        annotations = truth(
            *(
                (generator.choice(VIDEOS), str(label), *sorted(time))
                for label, time in zip(
                    [*labels[:num_truths], *["Ambiguous"] * num_fuzzy],
                    times.tolist(),
                    strict=False,
                )
            )
        )
        rows = [
            (
                str(generator.choice([*VIDEOS[1:], "not annotated"])),
                str(generator.choice(CLASSES)),
                *generator.integers(0, 12, 2).tolist(),
                generator.integers(0, 6) / 6,
            )
            for _ in range(num_found)
        ]
        return annotations, found(*rows, *rows[:2])


def _plain_segment_ap(annotations, detections, tiou, protocol):
    """(K,) AP by loops over videos, instances and detections."""
    match = _plain_activitynet
    if protocol != "activitynet":
        match = _plain_thumos14
    per_class = []
    for label, name in enumerate(annotations.classes):
        instances = [one for one in annotations.instances if one.label == name]
        rows = np.flatnonzero(detections.label == label).tolist()
        rows = [r for r in rows if _video(detections, r) in annotations.videos]
        ranked = match(annotations, detections, instances, rows, tiou)
        if protocol == "thumos14-2014":
            ranked.sort(key=lambda pair: (-pair[0], not pair[1]))
        ranked.sort(key=lambda pair: -pair[0])
        hits = [hit for _, hit in ranked]
        total = len(instances)
        per_class.append(_plain_summary(hits, total, protocol))
    return np.array(per_class)


def _plain_thumos14(annotations, detections, instances, rows, tiou):
    """[(score, right)] in the order in which equal scores rank."""
    pairs, by_video = [], {video: [] for video in annotations.videos}
    for row in rows:
        by_video[_video(detections, row)].append(row)
    for video, free in by_video.items():
        free.sort(key=lambda row: -detections.score[row])
        mine, right = list(free), set()
        for one in instances:
            if one.video == video and free:
                best = max(free, key=lambda row: _tiou(detections, row, one))
                if _tiou(detections, best, one) > tiou:
                    free.remove(best)
                    right.add(best)
        for row in mine:
            fuzzy = any(
                _tiou(detections, row, one) > 0
                for one in annotations.ambiguous
                if one.video == video
            )
            if row in right or not fuzzy:
                pairs.append((detections.score[row], row in right))
    return pairs


def _plain_activitynet(annotations, detections, instances, rows, tiou):
    free, pairs = list(instances), []
    for row in sorted(rows, key=lambda row: -detections.score[row]):
        near = [
            one
            for one in free
            if one.video == _video(detections, row)
            and _tiou(detections, row, one) >= tiou
        ]
        if near:
            free.remove(max(near, key=lambda one: _tiou(detections, row, one)))
        pairs.append((detections.score[row], bool(near)))
    return pairs


def _plain_summary(hits, total, protocol):
    if not total:
        return np.nan
    true = np.cumsum(hits)
    precision = true / np.arange(1, len(hits) + 1)
    recall = true / total
    if protocol == "thumos14":
        return sum(p for p, hit in zip(precision, hits, strict=True) if hit) / (
            total
        )
    if protocol == "thumos14-2014":
        points = np.arange(11) / 10 - 1e-9
        return np.mean([max(precision[recall >= t], default=0) for t in points])
    # VOC 2012 as it is usually written.
    precision = np.concatenate([[0], precision, [0]])
    recall = np.concatenate([[0], recall, [1]])
    for index in range(len(precision) - 2, -1, -1):
        precision[index] = max(precision[index], precision[index + 1])
    steps = np.flatnonzero(recall[1:] != recall[:-1]) + 1
    return np.sum((recall[steps] - recall[steps - 1]) * precision[steps])


def _video(detections, row):
    return detections.videos[detections.video[row]]


def _tiou(detections, row, one):
    a, b = sorted([detections.start_seconds[row], detections.end_seconds[row]])
    shared = max(min(b, one.end_seconds) - max(a, one.start_seconds), 0)
    union = (b - a) + (one.end_seconds - one.start_seconds) - shared
    return shared / union if union > 0 else 0


if __name__ == "__main__":
    absltest.main()
