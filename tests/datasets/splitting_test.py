"""Parts of videos: no group is cut, and every class is in each part."""

import collections

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import errors
from fsn_tf.datasets import splitting


def _alone(counts):
    return {video: video for video in counts}


def _long_tail(num_videos, num_groups, seed=0):
    """({video: its instances}, groups) with rare classes and quiet videos."""
    rng = np.random.default_rng(seed)
    counts, groups = {}, {}
    for video in range(num_videos):
        found = {
            f"class{k}": int(rng.integers(1, 4))
            for k in range(8)
            if rng.random() < 0.5 / 2 ** (k / 2)
        }
        counts[f"v{video:03}"] = found
        groups[f"v{video:03}"] = f"g{rng.integers(num_groups)}"
    return counts, groups


def _held(counts, part):
    return sum((collections.Counter(counts[x]) for x in part), start=_NONE)


_NONE = collections.Counter()


class GroupsTest(parameterized.TestCase):
    @parameterized.parameters(
        (r"_g(\d+)_", {"v_Dive_g01_c2": "01", "v_Run_g01_c1": "01"}),
        (r"_g\d+_", {"v_Dive_g01_c2": "_g01_", "v_Run_g01_c1": "_g01_"}),
        (r"(?:x|v)_(\w+?)_", {"v_Dive_g01_c2": "Dive", "v_Run_g01_c1": "Run"}),
    )
    def test_takes_the_parentheses_or_the_whole(self, pattern, expected):
        found, alone = splitting.groups_by_pattern(expected, pattern)
        self.assertEqual((found, alone), (expected, []))

    def test_a_name_without_a_match_is_alone(self):
        found, alone = splitting.groups_by_pattern(["a1", "a2", "b"], "a")
        self.assertEqual(found, {"a1": "a", "a2": "a", "b": "b"})
        self.assertEqual(alone, ["b"])

    @parameterized.parameters(
        ("(", "expected a regular expression, got '\\('"),
        ("_g", "expected '_g' in the names of videos, got names such as 'a'"),
    )
    def test_refuses_what_groups_nothing(self, pattern, message):
        with self.assertRaisesRegex(errors.InputError, message):
            splitting.groups_by_pattern(["a", "b"], pattern)


class PartsTest(parameterized.TestCase):
    def test_spreads_what_can_be_spread_exactly(self):
        # Ten videos of each of two classes and ten without any.
        kinds = {"a": {"Dive": 2}, "b": {"Run": 1}, "c": {}}
        counts = {
            f"{kind}{n}": kinds[kind] for kind in kinds for n in range(10)
        }
        parts = splitting.parts(counts, _alone(counts), [0.8, 0.2], seed=3)
        of_kind = [collections.Counter(x[0] for x in part) for part in parts]
        self.assertEqual(
            of_kind, [{"a": 8, "b": 8, "c": 8}, {"a": 2, "b": 2, "c": 2}]
        )

    @parameterized.product(
        shares=([0.8, 0.2], [0.2] * 5, [0.5, 0.3, 0.2]), seed=(0, 1)
    )
    def test_cuts_no_group_and_leaves_nothing_out(self, shares, seed):
        counts, groups = _long_tail(150, 30, seed)
        parts = splitting.parts(counts, groups, shares, seed=seed)
        self.assertCountEqual([x for part in parts for x in part], counts)
        found = [{groups[x] for x in part} for part in parts]
        self.assertLen(set().union(*found), sum(map(len, found)))
        for part, share in zip(parts, shares, strict=True):
            self.assertEqual(part, sorted(part))
            self.assertLess(abs(len(part) / 150 - share), 0.05)

    @parameterized.parameters(range(5))
    def test_every_part_has_every_class_of_enough_groups(self, seed):
        counts, groups = _long_tail(60, 20, seed)
        shares = [0.25] * 4
        parts = splitting.parts(counts, groups, shares, seed=seed)
        for name in set().union(*counts.values()):
            holders = {groups[x] for x in counts if name in counts[x]}
            if len(holders) >= len(shares):
                for part in parts:
                    self.assertGreater(_held(counts, part)[name], 0, name)

    def test_spreads_instances_better_than_chance(self):
        counts, groups = _long_tail(150, 150, 1)
        totals = _held(counts, counts)

        def distance(parts):
            return sum(
                (_held(counts, part)[name] - total / 5) ** 2 / total
                for part in parts
                for name, total in totals.items()
            )

        ours = distance(splitting.parts(counts, groups, [0.2] * 5, seed=0))
        rng = np.random.default_rng(0)
        names = np.array(sorted(counts))
        by_chance = [
            distance(np.array_split(rng.permutation(names), 5))
            for _ in range(200)
        ]
        self.assertLess(ours, min(by_chance) / 2)

    def test_a_rare_class_is_on_both_sides(self):
        counts = {f"v{n}": {"Run": 1} for n in range(18)}
        counts |= {"x": {"Dive": 1}, "y": {"Dive": 1}}
        for seed in range(5):
            parts = splitting.parts(
                counts, _alone(counts), [0.9, 0.1], seed=seed
            )
            self.assertLen([p for p in parts if {"x", "y"} & set(p)], 2)

    def test_is_a_function_of_seed_and_content(self):
        counts, groups = _long_tail(60, 30)
        first = splitting.parts(counts, groups, [0.5, 0.5], seed=0)
        turned = dict(reversed(counts.items()))
        self.assertEqual(
            first, splitting.parts(turned, groups, [0.5, 0.5], seed=0)
        )
        others = [
            splitting.parts(counts, groups, [0.5, 0.5], seed=seed)
            for seed in range(1, 6)
        ]
        self.assertTrue(any(other != first for other in others))

    def test_no_part_is_empty(self):
        counts = {f"v{n}": {} for n in range(5)}
        parts = splitting.parts(counts, _alone(counts), [0.99, 0.01], seed=0)
        self.assertEqual([len(part) for part in parts], [4, 1])

    def test_refuses_more_parts_than_groups(self):
        counts = {"a": {}, "b": {}, "c": {}}
        groups = {"a": "x", "b": "x", "c": "x"}
        message = "expected 2 groups of videos or more .* got 1"
        with self.assertRaisesRegex(errors.InputError, message):
            splitting.parts(counts, groups, [0.5, 0.5], seed=0)


if __name__ == "__main__":
    absltest.main()
