"""Two annotators, by hand and beside loops over frames and pairs."""

import collections
import json
import os

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.evaluation import agreement
from fsn_tf.evaluation import boundary_errors
from tests.kit import hard_cases
from tests.kit import running
from tests.kit import temporary_files

_CASES = int(os.environ.get("FSN_TEST_CASES", 200))


class KappaTest(absltest.TestCase):
    def test_by_hand(self):
        # Cohen 1960's kind of table: 0.7 agree, 0.5 by chance.
        table = np.array([[20, 5], [10, 15]])
        self.assertAlmostEqual(agreement.kappa(table), 0.4)

    def test_is_none_without_a_choice(self):
        self.assertIsNone(agreement.kappa(np.zeros((2, 2), int)))
        self.assertIsNone(agreement.kappa(np.array([[7, 0], [0, 0]])))

    def test_is_one_or_below_chance(self):
        self.assertEqual(agreement.kappa(np.diag([3, 4])), 1)
        self.assertEqual(agreement.kappa(np.array([[0, 5], [5, 0]])), -1)


class BoundaryErrorsTest(absltest.TestCase):
    def test_bins_by_hand(self):
        errors = np.array([-40, -32, -3, -2, -1, 0, 0, 1, 4, 5, 33])
        found = boundary_errors.histogram(errors)
        self.assertEqual(
            {name: count for name, count in found.items() if count},
            {
                "-33 or less": 1,
                "-32 to -17": 1,
                "-4 to -3": 1,
                "-2": 1,
                "-1": 1,
                "0": 2,
                "1": 1,
                "3 to 4": 1,
                "5 to 8": 1,
                "33 or more": 1,
            },
        )
        self.assertEqual(list(found)[6:9], ["-1", "0", "1"])

    def test_each_error_is_in_the_bin_that_names_it(self):
        for error in range(-70, 71):
            found = boundary_errors.histogram(np.array([error]))
            (name,) = (x for x, count in found.items() if count)
            ends = name.replace(" or less", " to -999")
            ends = ends.replace(" or more", " to 999").split(" to ")
            self.assertBetween(error, *sorted((int(ends[0]), int(ends[-1]))))

    def test_sums_up(self):
        found = boundary_errors.summary(np.array([-2, 0, 5]))
        self.assertEqual((found["pairs"], found["median"]), (3, 0))
        self.assertEqual((found["mean"], found["mean_absolute"]), (1, 7 / 3))
        self.assertEqual(found["within"]["2"], 2 / 3)
        nothing = boundary_errors.summary(np.zeros(0, int))
        self.assertIsNone(nothing["median"])
        self.assertEqual(sum(nothing["histogram"].values()), 0)


class AgreementTest(parameterized.TestCase):
    def test_by_hand(self):
        # 10 frames a second, 100 frames. Frames 10 to 20 and 12 to 22.
        first, second = (
            segments.Annotations.from_rows(
                [("v", "Jump", *times)], durations_seconds={"v": 10.0}
            )
            for times in ((1.0, 2.0), (1.2, 2.2))
        )
        found = agreement.agreement(first, second, fps=10.0)
        self.assertEqual(found["frames"], 100)
        # 9 frames are of both, 2 of one each, 87 of none.
        chance = (11 * 11 + 89 * 89) / 100**2
        kappa = (0.96 - chance) / (1 - chance)
        self.assertAlmostEqual(found["kappa"], kappa)
        self.assertAlmostEqual(found["per_class"]["Jump"]["kappa"], kappa)
        self.assertEqual(found["f1"], {"10": 1.0, "25": 1.0, "50": 1.0})
        self.assertEqual(found["starts"]["median"], 2)
        self.assertEqual(found["ends"]["histogram"]["2"], 1)

    def test_refuses_two_without_instances(self):
        nothing = segments.Annotations(("Jump",), ("v",), ())
        with self.assertRaisesRegex(errors.InputError, "got none in either"):
            agreement.agreement(nothing, nothing, fps=1.0)

    def test_equals_the_loops(self):
        generator = np.random.default_rng(0)
        for _ in range(_CASES):
            first, _ = hard_cases.segments_of(generator)
            second, _ = hard_cases.segments_of(generator)
            if not (first.instances or second.instances):
                continue
            found = agreement.agreement(first, second, fps=2.0)
            self._same(found, first, second)
            # The other way round only the offsets turn.
            turned = agreement.agreement(second, first, fps=2.0)
            for key in ("kappa", "frames"):
                self.assertEqual(found[key], turned[key])
            self.assertEqual(found["f1"]["50"], turned["f1"]["50"])

    def _same(self, found, first, second):
        labels = [_labels(x, first, second) for x in (first, second)]
        self.assertEqual(found["frames"], len(labels[0]))
        _almost(self, found["kappa"], _kappa(*labels))
        for name in first.classes:
            shown = [[name in frame for frame in one] for one in labels]
            one = found["per_class"][name]
            _almost(self, one["kappa"], _kappa(*shown))
        pairs = _greedy(first, second)
        total = len(first.instances) + len(second.instances)
        for tiou in agreement.TIOUS:
            right = sum(overlap >= tiou for overlap, _, _ in pairs)
            self.assertAlmostEqual(
                found["f1"][f"{100 * tiou:g}"], 2 * right / total
            )
        offsets = [
            _frame(two.start_seconds) - _frame(one.start_seconds)
            for overlap, one, two in pairs
            if overlap >= 0.5
        ]
        self.assertEqual(found["starts"]["pairs"], len(offsets))
        if offsets:
            self.assertAlmostEqual(found["starts"]["mean"], np.mean(offsets))


def _almost(test, found, expected):
    if expected is None:
        test.assertIsNone(found)
    else:
        test.assertAlmostEqual(found, expected)


def _frame(seconds, fps=2.0):
    return int(np.floor(seconds * fps + 0.5))


def _labels(annotations, first, second):
    """[set of classes of each frame] of all videos."""
    found = []
    for video in first.videos:
        ends = [
            x.end_seconds
            for one in (first, second)
            for x in one.instances
            if x.video == video
        ]
        for frame in range(1, int(np.ceil(max(ends, default=0) * 2.0)) + 1):
            found.append(
                frozenset(
                    x.label
                    for x in annotations.instances
                    if x.video == video
                    and _frame(x.start_seconds) <= frame
                    and frame <= _frame(x.end_seconds)
                )
            )
    return found


def _kappa(one, other):
    if not one:
        return None
    counts = [collections.Counter(x) for x in (one, other)]
    both = sum(x == y for x, y in zip(one, other, strict=True)) / len(one)
    chance = (
        sum(count * counts[1][name] for name, count in counts[0].items())
        / len(one) ** 2
    )
    return None if chance == 1 else (both - chance) / (1 - chance)


def _greedy(first, second):
    """[(tIoU, instance, instance)], the largest overlap first."""
    everything = []
    for one in first.instances:
        for two in second.instances:
            ends = [(x.start_seconds, x.end_seconds) for x in (one, two)]
            overlap = hard_cases.tiou(*ends)
            same = (one.video, one.label) == (two.video, two.label)
            if same and overlap > 0:
                (a, b), (c, d) = ends
                everything.append((-overlap, a + c, b + d, one, two))
    everything.sort(key=lambda row: row[:3])
    used, pairs = set(), []
    for overlap, _, _, one, two in everything:
        if id(one) not in used and id(two) not in used:
            used |= {id(one), id(two)}
            pairs.append((-overlap, one, two))
    return pairs


class CommandTest(temporary_files.TestCase):
    def test_prints_and_writes(self):
        first = self.write("a.csv", "v,1.0,2.0,Jump\nx,1,2,Run\n")
        second = self.write("b.csv", "v,1.2,2.2,Jump\n")
        status, out, err = running.fsn(
            "agree",
            f"--annotations={first},{second}",
            "--fps=10",
            f"--out={self.folder / 'out'}",
        )
        self.assertEqual((status, err), (0, ""))
        self.assertIn("note: 1 videos left out: only the first has them", out)
        self.assertIn("classes that only one of them has: Run", out)
        self.assertIn("1 videos, 22 frames at 10 per second", out)
        found = json.loads((self.folder / "out/agreement.json").read_text())
        self.assertEqual(found["starts"]["median"], 2)
        text = (self.folder / "out/agreement.md").read_text()
        self.assertIn("| starts | 1 | 2.0 | 2.0 | 2.0 |", text)

    def test_refuses_what_does_not_compare(self):
        first = self.write("a.csv", "v,1.0,2.0,Jump\n")
        second = self.write("b.csv", "w,1.0,2.0,Jump\n")
        for paths, status, message in (
            (f"{first},{second}", 1, "none is in both: 1 (v) against 1 (w)"),
            (first, 2, "needs two paths"),
            (f"{first},", 2, "needs two paths"),
        ):
            found = running.fsn("agree", f"--annotations={paths}")
            self.assertEqual(found[:2], (status, ""))
            self.assertIn(message, found[2])
            self.assertEqual(found[2].count("\n"), 1)


if __name__ == "__main__":
    absltest.main()
