"""The search: what it draws, what it stops, and that it goes on."""

import contextlib
import dataclasses
import io
import json
from unittest import mock

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import experiment as experiments
from fsn_tf import segments
from fsn_tf.errors import InputError
from fsn_tf.errors import UsageError
from fsn_tf.experiment import Experiment
from fsn_tf.tuning import held_out
from fsn_tf.tuning import parts
from fsn_tf.tuning import recommendation
from fsn_tf.tuning import search
from fsn_tf.tuning import spaces
from fsn_tf.tuning import trial_runs
from fsn_tf.tuning import trials
from tests.kit import temporary_files

_FIELDS = "learning_rate=1e-4:1e-1,dropout=0:0.8,temporal_dilations=1,2|1,2,4"


class SpaceTest(parameterized.TestCase):
    def test_reads_ranges_and_alternatives(self):
        space = spaces.parse(f"{_FIELDS},steps=100:900", Experiment())
        self.assertEqual(
            space,
            {
                "learning_rate": spaces.Range(0.0001, 0.1, False),
                "dropout": spaces.Range(0.0, 0.8, False),
                "temporal_dilations": spaces.Alternatives(("1,2", "1,2,4")),
                "steps": spaces.Range(100, 900, True),
            },
        )
        logarithmic = {x for x, y in space.items() if vars(y).get("low")}
        self.assertIn("learning_rate", logarithmic)
        self.assertTrue(space["learning_rate"].logarithmic)
        self.assertFalse(space["dropout"].logarithmic)
        self.assertFalse(space["steps"].logarithmic)

    @parameterized.parameters(
        ("rate=1:2", "'rate' is no field"),
        ("network=fsn|wfsn", "'network' is no field to choose"),
        ("dropout", "expected FIELD=LOW:HIGH"),
        ("dropout=0.5:0.1", "the lower end first"),
        ("dropout=0:1", "dropout: expected from 0 to below 1"),
        ("optimizer=adam:sgd", "optimizer is no number"),
        ("optimizer=adam|rmsprop", "optimizer: expected one of"),
        ("dropout=0:0.1,dropout=0:0.2", "'dropout' is there twice"),
    )
    def test_refuses(self, text, message):
        with self.assertRaisesRegex(UsageError, message):
            spaces.parse(text, Experiment())

    def test_draws_factors_evenly(self):
        rng = np.random.default_rng(0)
        one = spaces.Range(0.0001, 0.1, False)
        found = np.log10([float(one.draw(rng)) for _ in range(3000)])
        shares = np.histogram(found, [-4, -3, -2, -1])[0] / 3000
        np.testing.assert_allclose(shares, [1 / 3] * 3, atol=0.04)

    def test_neighbors_are_near_and_within(self):
        rng = np.random.default_rng(0)
        one = spaces.Range(10, 20, True)
        found = [int(one.near("11", rng)) for _ in range(300)]
        self.assertBetween(min(found), 10, 10)
        self.assertLessEqual(max(found), 20)
        self.assertBetween(np.median(found), 10, 12)

    def test_draws_what_goes_together(self):
        space = spaces.parse("clip_frames=20:60", Experiment())
        rng = np.random.default_rng(0)
        for _ in range(20):
            values = spaces.draw(space, Experiment(), rng)
            self.assertEqual(int(values["clip_frames"]) % 5, 0)


class PartsTest(absltest.TestCase):
    def test_holds_out_videos_whose_classes_are_learned(self):
        rows = [(f"v{x}", "ab"[x % 2], 0.0, 1.0) for x in range(9)]
        truth = segments.Annotations.from_rows([*rows, ("v9", "c", 0, 1)])
        for seed in range(5):
            learned, others = parts.parted(truth, 0.3, seed)
            self.assertLen(others, 3)
            self.assertNotIn("v9", others)
            self.assertCountEqual([*learned, *others], truth.videos)
            kept = parts.only(truth, others)
            self.assertEqual({x.video for x in kept.instances}, set(others))
            self.assertEqual(kept.classes, truth.classes)
        self.assertEqual(
            parts.parted(truth, 0.3, 1), parts.parted(truth, 0.3, 1)
        )


def _trial(number, *curve, **values):
    return trials.Trial(number, values, list(curve), {}, 1.0)


class TrialsTest(temporary_files.TestCase):
    def test_the_first_of_the_best(self):
        one = _trial(0, (5, 0.2), (10, 0.4), (15, 0.4))
        self.assertEqual((one.value, one.step), (0.4, 10))
        self.assertIs(trials.best([_trial(1), one, _trial(2, (5, 0.4))]), one)
        self.assertIsNone(trials.best([_trial(1)]))

    def test_behind_the_median_of_those_that_came_as_far(self):
        others = [_trial(x, (5, x / 10), (10, 0.9)) for x in range(5)]
        # At step 5 their median is 0.2.
        self.assertTrue(trials.is_behind([(5, 0.1)], 10, others))
        self.assertFalse(trials.is_behind([(5, 0.2)], 10, others))
        self.assertFalse(trials.is_behind([(5, 0.1)], 100, others))
        self.assertFalse(trials.is_behind([(5, 0.1)], 10, others[:4]))

    def test_come_back_from_their_file(self):
        path = self.folder / "trials.json"
        found = [_trial(0, (5, 0.2)), _trial(1, dropout="0.1")]
        trials.write(path, found, 7.5)
        self.assertEqual(trials.read(path), (found, 7.5))
        path.write_text("{}")
        with self.assertRaisesRegex(InputError, "is not as it was written"):
            trials.read(path)


class SearchTest(temporary_files.TestCase):
    """A search whose trials are a formula instead of training runs."""

    def setUp(self):
        super().setUp()
        truth = segments.Annotations.from_rows([("v", "a", 0.0, 1.0)])
        experiment = Experiment(stream="features", steps=100)
        validated = held_out.of_labels(
            truth,
            experiment,
            name="t.csv",
            prepared=self.folder,
            times=truth,
            steps=50,
        )
        self.search = trial_runs.Search(
            experiment=experiment,
            fields="learning_rate=1e-4:1e-1,dropout=0:0.8",
            labels=truth,
            prepared=self.folder,
            held_out=validated,
            background=None,
            workdir=self.folder / "tuned",
            seed=3,
        )
        self.clock = 0.0

    def _trained(self, search_, number, values, stop):
        # A minute each; best at a rate of 0.01 without dropout.
        self.clock += 60
        rate = float(values.get("learning_rate", 0.0001))
        value = 0.9 - 0.2 * abs(np.log10(rate) + 2)
        value -= 0.2 * float(values.get("dropout", 0.8))
        folder = search_.folder(number)
        folder.mkdir(parents=True)
        with (folder / "metrics.jsonl").open("w") as log:
            for step, one in ((50, value), (100, value - 0.1)):
                line = {"step": step, "validation_frame_map": one}
                log.write(json.dumps(line) + "\n")
        return ""

    def _run(self, minutes):
        with (
            mock.patch.object(trial_runs, "trained", self._trained),
            mock.patch.object(search.time, "monotonic", lambda: self.clock),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            return search.run(self.search, minutes=minutes)

    def _tried(self):
        path = self.search.workdir / "trials.json"
        return [x["values"] for x in json.loads(path.read_text())["trials"]]

    def test_goes_on_to_what_one_call_would_have_tried(self):
        self._run(8)
        self.assertLen(self._tried(), 8)
        self.assertEqual(self._tried()[0], {})
        top = self._run(25)
        tried = self._tried()
        self.assertLen(tried, 25)
        whole = self.folder / "whole"
        self.search = dataclasses.replace(self.search, workdir=whole)
        self.assertEqual(self._run(25), top)
        self.assertEqual(self._tried(), tried)
        self.assertGreater(top.value, 0.8)

    def test_recommends_an_experiment_that_loads(self):
        top = self._run(12)
        path = self.search.workdir / "recommended.py"
        found = experiments.load(path)
        expected = experiments.replace(self.search.experiment, top.values)
        # It stops where it was best.
        self.assertEqual(found, dataclasses.replace(expected, steps=50))
        self.assertStartsWith(
            path.read_text(), f'"""{100 * top.value:.1f} frame_map'
        )
        table = (self.search.workdir / "tried.md").read_text()
        rows = [x for x in table.splitlines() if x.startswith("|")]
        self.assertLen(rows, 2 + 12)
        self.assertStartsWith(rows[2], f"| {top.number} |")

    def test_refuses_a_folder_of_another_search(self):
        self._run(2)
        self.search = dataclasses.replace(self.search, seed=4)
        with self.assertRaisesRegex(InputError, "search of another seed"):
            self._run(2)

    def test_keeps_steps_where_a_cosine_needs_them(self):
        given = Experiment(steps=100, learning_rate_decay="cosine", patience=3)
        chosen = recommendation.experiment_of(_trial(0, (50, 0.5)), given)
        self.assertEqual((chosen.steps, chosen.patience), (100, 0))


if __name__ == "__main__":
    absltest.main()
