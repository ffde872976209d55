"""What is left to do for the tables, and how they come out."""

import functools
import pathlib

from absl.testing import absltest
import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.evaluation import chance
from fsn_tf.grouping import frame_scores
from fsn_tf.paper import reproduction
from fsn_tf.paper import reproduction_report
from fsn_tf.paper import table_rows
from fsn_tf.paper import table_runs
from fsn_tf.reports import published
from tests.kit import temporary_files

_EXPERIMENTS = pathlib.Path(__file__).parents[2] / "experiments"


class PlanTest(temporary_files.TestCase):
    def _setting(self, kind="demo", **fields):
        return table_rows.Setting(
            prepared=self.folder / "prepared",
            annotations=self.folder / "annotations",
            workdir=self.folder / "work",
            experiments=_EXPERIMENTS,
            kind=kind,
            **{"weights": {}, **fields},
        )

    def _commands(self, setting, *rows):
        return [
            (command, values.get("out", values.get("workdir")).name)
            for command, values in reproduction.commands(rows, 1, setting)
        ]

    def test_trains_tsn_before_what_starts_from_it(self):
        (self.folder / "prepared" / "training").mkdir(parents=True)
        rows = table_rows.ROWS[1]
        self.assertEqual(
            self._commands(self._setting(), rows[1]),
            [
                ("train", "tsn_rgb"),
                ("train", "tsn_flow"),
                ("train", "fsn_flow"),
                ("predict", "fsn_flow"),
                ("evaluate", "fsn_flow"),
            ],
        )

    def test_starts_from_given_weights_without_training_tsn(self):
        setting = self._setting("thumos14", weights={"rgb": "tsn.weights.h5"})
        commands = list(
            reproduction.commands(table_rows.ROWS[1][:1], 1, setting)
        )
        self.assertEqual(
            [command for command, _ in commands],
            ["train", "predict", "evaluate"],
        )
        self.assertEqual(commands[0][1]["init_from"], "tsn.weights.h5")
        self.assertEqual(commands[0][1]["experiment"].name, "table1_fsn_rgb.py")

    def test_says_what_to_do_with_neither(self):
        with self.assertRaisesRegex(InputError, "training.*--rgb_weights"):
            self._commands(self._setting("thumos14"), table_rows.ROWS[1][0])

    def _done(self, work, *arguments):
        """(command, its folder) of all that was called."""
        called = []

        def run(command, **values):
            folder = values.get("out", values.get("workdir"))
            called.append((command, folder.name))

        work(*arguments, run)
        return called

    def test_streams_are_trained_and_scored_apart(self):
        setting = self._setting("thumos14", weights={"rgb": "x", "flow": "y"})
        self.assertEqual(
            self._done(table_runs.score, "flow", [1], setting),
            [
                ("train", "fsn_flow"),
                ("predict", "fsn_flow"),
                ("train", "wfsn_flow"),
                ("predict", "wfsn_flow"),
            ],
        )
        rgb = self._done(table_runs.score, "rgb", [1], setting)
        self.assertNoCommonElements(
            [name for _, name in rgb], ["fsn_flow", "wfsn_flow"]
        )
        self.assertLen(rgb, 8)

    def test_nothing_is_trained_for_rows_that_have_results(self):
        (self.folder / "prepared" / "training").mkdir(parents=True)
        setting = self._setting()
        self.assertEqual(
            self._done(table_runs.train_tsn, [1], setting),
            [("train", "tsn_rgb")],
        )
        for rows in table_rows.ROWS.values():
            for row in rows:
                folder = setting.result_folder(row, 1)
                self.write(folder / "results.json", "{}")
        for work in (
            table_runs.train_tsn,
            functools.partial(table_runs.score, "flow"),
        ):
            self.assertEmpty(self._done(work, [1], setting))

    def test_goes_on_after_what_is_done(self):
        setting = self._setting(weights={"rgb": "x"})
        row = table_rows.ROWS[1][0]
        workdir = setting.run_folder("fsn_rgb", 1)
        steps = setting.experiment("fsn_rgb").steps
        for name in (
            "experiment.json",
            f"checkpoints/last/ckpt-{steps}.index",
            f"checkpoints/last/ckpt-{steps}.data-00000-of-00001",
        ):
            self.write(workdir / name, "")
        left = self._commands(setting, row)
        self.assertEqual(
            [command for command, _ in left], ["predict", "evaluate"]
        )
        for name in "vw":
            self.write(setting.prepared / "test" / "rgb" / f"{name}.json", "")
        # Prediction was stopped half-way.
        out = setting.score_folder("fsn_rgb", 1)
        self.write(out / "v.npz", "")
        left = self._commands(setting, row)
        self.assertEqual(
            [command for command, _ in left], ["predict", "evaluate"]
        )
        self.write(out / "w.npz", "")
        left = self._commands(setting, row)
        self.assertEqual([command for command, _ in left], ["evaluate"])
        self.write(setting.result_folder(row, 1) / "results.json", "")
        self.assertEqual(self._commands(setting, row), [])

    def test_trains_a_run_of_several_rows_once(self):
        (self.folder / "prepared" / "training").mkdir(parents=True)
        setting = self._setting()
        rows = [row for rows in table_rows.ROWS.values() for row in rows]
        trained = []
        for command, values in reproduction.commands(rows, 1, setting):
            if command == "train":
                workdir = values["workdir"]
                trained.append(workdir.name)
                steps = setting.experiment(workdir.name).steps
                last = workdir / "checkpoints" / "last" / f"ckpt-{steps}"
                self.write(workdir / "experiment.json", "")
                self.write(f"{last}.index", "")
                self.write(f"{last}.data-00000-of-00001", "")
        self.assertCountEqual(trained, table_rows.STREAMS)

    def test_refuses_to_mix_two_reproductions(self):
        reproduction.claim(self._setting())
        reproduction.claim(self._setting())
        with self.assertRaisesRegex(InputError, "begun with other experiments"):
            reproduction.claim(self._setting(steps=5))

    def test_every_run_is_an_experiment_file(self):
        for kind in table_rows.EXPERIMENTS:
            setting = self._setting(kind)
            for run, stream in table_rows.STREAMS.items():
                experiment = setting.experiment(run)
                self.assertIn(experiment.stream, (stream, "features"))
                self.assertEqual(
                    experiment.network,
                    run.split("_")[0] if "temporal" not in run else "fsn",
                )


class TablesTest(absltest.TestCase):
    def test_shows_every_row_of_the_paper_above_ours(self):
        results = [
            {
                "frame_map": x,
                "segment_map": {t: x / 2 for t in published.TABLES[4].columns},
            }
            for x in (0.4, 0.5, 0.6)
        ]
        cells = reproduction_report.table(4, {"RGB FSN": results})
        self.assertEqual(cells[0][:3], ["mAP in %", "frame", "tIoU 0.3"])
        self.assertEqual(
            cells[2],
            ["paper (THUMOS'14), RGB FSN"]
            + ["47.5", "40.7", "33.6", "24.9", "17.5", "10.6"],
        )
        # The standard deviation of 40, 50, 60 is 10.
        self.assertEqual(
            cells[3][:3], ["here, RGB FSN", "50.0 ± 10.0", "25.0 ± 5.0"]
        )

    def test_one_seed_has_no_spread(self):
        one = [{"frame_map": 0.123, "segment_map": {}}]
        self.assertEqual(
            reproduction_report.mean_and_spread(one, "frame"), "12.3"
        )


class ChanceTest(temporary_files.TestCase):
    def test_turns_all_streams_of_a_video_by_the_same_time(self):
        rng = np.random.default_rng(0)
        found = {}
        for stream in ("rgb", "flow"):
            for video in ("v", "w"):
                values = rng.random((50, 2)).astype(np.float32)
                frame_scores.write(
                    self.folder / stream,
                    video,
                    values,
                    fps=25,
                    classes=("a", "b"),
                )
                found[stream, video] = values
            chance.shift(
                self.folder / stream, self.folder / f"{stream}-shifted", seed=3
            )
        shifts = {}
        for (stream, video), values in found.items():
            shifted = frame_scores.read(
                self.folder / f"{stream}-shifted" / f"{video}.npz"
            ).scores
            fits = [
                shift
                for shift in range(50)
                if np.array_equal(np.roll(values, shift, axis=0), shifted)
            ]
            shifts[stream, video] = fits
        self.assertLen(shifts["rgb", "v"], 1)
        self.assertEqual(shifts["rgb", "v"], shifts["flow", "v"])
        self.assertEqual(shifts["rgb", "w"], shifts["flow", "w"])
        self.assertNotEqual(shifts["rgb", "v"], shifts["rgb", "w"])


if __name__ == "__main__":
    absltest.main()
