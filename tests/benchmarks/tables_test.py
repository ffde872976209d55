"""Medians, ranges and ratios of what was measured."""

from absl.testing import absltest

from benchmarks import growth
from benchmarks import tables
from benchmarks.contenders import Runs


class TablesTest(absltest.TestCase):
    def test_ratio_is_of_medians_with_the_range_of_rounds(self):
        # Medians 2 and 8; in the rounds 5 / 1, 8 / 2, 9 / 4.
        text = tables.ratio([1.0, 2.0, 4.0], [5.0, 8.0, 9.0])

        self.assertEqual(text, "4.00 (2.25 to 5.00)")

    def test_one_round_has_no_range(self):
        self.assertEqual(tables.ratio([2.0], [5.0]), "2.50")
        self.assertEqual(tables.spread([2.0]), "2")

    def test_median_resists_one_slow_turn(self):
        self.assertEqual(tables.spread([1.0, 100.0, 1.5]), "1.5 (1 to 100)")

    def test_table_of_times(self):
        taken = {
            "ours": Runs([0.5], 2_000_000, {"first_seconds": 3.0}),
            "peer": Runs([2.0], 8_000_000, {"first_seconds": 1.5}),
        }

        text = tables.times(
            taken,
            ["ours", "absent"],
            work=4,
            unit="clips",
            memory=True,
            first=True,
        )

        self.assertEqual(
            text.splitlines(),
            [
                "|  | seconds | clips/s | ours is times as fast | "
                "first call, s | peak memory, MB |",
                "| --- | --- | --- | --- | --- | --- |",
                "| ours | 0.5 | 8 | 1.00 | 3 | 2 |",
                "| peer | 2 | 2 | 4.00 | 1.5 | 8 |",
            ],
        )

    def test_exponent_of_growth(self):
        self.assertAlmostEqual(growth.exponent((10, 3.0), (100, 30.0)), 1)
        self.assertAlmostEqual(growth.exponent((10, 3.0), (100, 300.0)), 2)
        self.assertAlmostEqual(growth.exponent((10, 3.0), (100, 3.0)), 0)


if __name__ == "__main__":
    absltest.main()
