"""OpenTAD's mAP against its loop, written again from what it computes."""

import os

from absl.testing import absltest
import numpy as np

from fsn_tf import segments
from fsn_tf.evaluation import metrics
from fsn_tf.evaluation import opentad
from fsn_tf.evaluation import protocols
from tests.kit import hard_cases

_CASES = int(os.environ.get("FSN_TEST_CASES", 300))


class OpentadTest(absltest.TestCase):
    def test_counts_an_instance_once(self):
        rows = [
            ("a", "Jump", 0.0, 2.0),
            ("a", "Jump", 0.001, 2.0),
            ("a", "Dive", 0.0, 2.0),
            ("a", "Jump", 0.002, 2.0),
            ("a", "Jump", 5.0, 5.0),
            ("b", "Jump", 0.0, 2.0),
        ]
        truth = segments.Annotations.from_rows(rows)
        kept = opentad.without_doubles(truth)
        # The fourth is near the second, which went, but not near the first.
        expected = [truth.instances[row] for row in (0, 2, 3, 5)]
        self.assertEqual(list(kept.instances), expected)

    def test_differs_from_activitynet_in_doubles(self):
        rows = [("a", "Jump", 0.0, 2.0), ("a", "Jump", 0.0, 2.0)]
        truth = segments.Annotations.from_rows(rows)
        found = segments.Detections.from_rows(
            [("a", "Jump", 0, 2, 0.9)], classes=["Jump"]
        )
        means = [
            metrics.segment_map(truth, found, 0.5, protocol=protocol)[0]
            for protocol in (protocols.ACTIVITYNET, protocols.OPENTAD)
        ]
        self.assertEqual(means, [0.5, 1.0])

    def test_equals_the_loop(self):
        generator = np.random.default_rng(0)
        for _ in range(_CASES):
            truth, found = hard_cases.segments_of(generator)
            tiou = generator.choice([0.1, 0.25, 0.5, 0.75, 1.0])
            _, per_class = metrics.segment_map(
                truth, found, tiou, protocol=protocols.OPENTAD
            )
            plain = [_loop(truth, found, name, tiou) for name in truth.classes]
            np.testing.assert_allclose(per_class, plain, atol=1e-12)


def _loop(truth, found, name, tiou):
    """AP of one class, a detection and an instance at a time."""
    instances = _kept(truth, name)
    if not instances:
        return np.nan
    rows = [
        row for row in found.rows() if row[1] == name and row[0] in truth.videos
    ]
    locked, hits = set(), []
    for place in np.array([row[4] for row in rows]).argsort()[::-1]:
        video, _, *ends, _ = rows[place]
        mine = [x for x in range(len(instances)) if instances[x][0] == video]
        overlap = np.array(
            [hard_cases.tiou(ends, instances[x][1:]) for x in mine]
        )
        hits.append(0)
        for best in overlap.argsort()[::-1]:
            # Less than any overlap is none, which 0 would reach.
            if overlap[best] < tiou:
                break
            if mine[best] not in locked:
                locked.add(mine[best])
                hits[-1] = 1
                break
    return _voc(hits, len(instances))


def _kept(truth, name):
    kept = []
    for one in truth.instances:
        row = one.video, one.start_seconds, one.end_seconds
        near = (
            other[0] == row[0]
            and abs(other[1] - row[1]) <= 1e-3
            and abs(other[2] - row[2]) <= 1e-3
            for other in kept
        )
        if one.label == name and row[2] - row[1] > 0 and not any(near):
            kept.append(row)
    return kept


def _voc(hits, total):
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return (
        sum(max(precision[place:]) for place, hit in enumerate(hits) if hit)
        / total
    )


if __name__ == "__main__":
    absltest.main()
