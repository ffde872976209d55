"""From videos in one folder to tables: which parts, in which order."""

import json
import pathlib
import shutil
from unittest import mock

from absl.testing import absltest
import numpy as np
import pytest

from fsn_tf import annotations
from fsn_tf.networks import backbones
from fsn_tf.paper import urfd_data
from fsn_tf.paper import urfd_plan
from fsn_tf.paper import urfd_report
from fsn_tf.paper import urfd_rows
from tests.kit import made_up
from tests.kit import running
from tests.kit import temporary_files

_EXPERIMENTS = pathlib.Path(__file__).parents[2] / "experiments"
_FSN = urfd_rows.Run("urfd_fsn", "rgb")


def _database(kinds):
    """Content of an ActivityNet JSON.

    Args:
        kinds: {prefix of names: (subset, number of videos, labels)}.
    """
    return {
        "database": {
            f"{prefix}{number}": {
                "subset": subset,
                "duration": 4.0,
                "annotations": [
                    {"label": label, "segment": [1.0 + place, 2.0 + place]}
                    for place, label in enumerate(labels)
                ],
            }
            for prefix, (subset, count, labels) in kinds.items()
            for number in range(count)
        }
    }


class PartTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        kinds = {
            "none": ("training", 14, ()),
            "both": ("training", 28, ("fall", "lie")),
            "rare": ("training", 1, ("jump",)),
            "test": ("test", 5, ("lie",)),
        }
        self.source = self.folder / "annotations.json"
        self.write(self.source, json.dumps(_database(kinds)))
        self.truth = annotations.read(self.source, subset="training")

    def test_takes_each_kind_in_proportion_and_loses_none(self):
        chosen = urfd_data.part(self.truth, 25, seed=1)
        counts = {
            prefix: sum(name.startswith(prefix) for name in chosen)
            for prefix in ("none", "both", "rare")
        }
        # A quarter of 14 is 3.5.
        self.assertEqual(counts, {"none": 4, "both": 7, "rare": 1})

    def test_a_larger_part_of_a_seed_contains_a_smaller_one(self):
        parts = [
            urfd_data.part(self.truth, percent, seed=3)
            for percent in (10, 25, 50, 100)
        ]
        for small, large in zip(parts, parts[1:], strict=False):
            self.assertLess(small, large)
        self.assertEqual(parts[-1], set(self.truth.videos))
        self.assertNotEqual(parts[1], urfd_data.part(self.truth, 25, seed=4))

    def test_is_written_as_annotations_with_all_classes_and_tests(self):
        path = urfd_data.write_part(self.folder, self.folder, 10, 1)
        found = annotations.read(path, subset="training")
        self.assertEqual(
            set(found.videos), urfd_data.part(self.truth, 10, seed=1)
        )
        self.assertEqual(found.classes, ("fall", "jump", "lie"))
        self.assertEqual(
            annotations.read(path, subset="test"),
            annotations.read(self.source, subset="test"),
        )


class PlanTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.setting = urfd_plan.Setting(
            data=self.folder / "data",
            workdir=self.folder / "work",
            experiments=_EXPERIMENTS,
        )
        kinds = {"v": ("training", 4, ("a",)), "w": ("test", 2, ("a",))}
        self.write(
            self.folder / "data" / "annotations.json",
            json.dumps(_database(kinds)),
        )

    def _commands(self, row):
        tested = self.folder / "test_videos.txt"
        return list(urfd_plan.commands(row, 1, self.setting, tested))

    def _trained(self, run):
        workdir = self.setting.folder("runs", 1, run.key)
        steps = self.setting.experiment(run).steps
        last = workdir / "checkpoints" / "last" / f"ckpt-{steps}"
        self.write(workdir / "experiment.json", "")
        self.write(f"{last}.index", "")
        self.write(f"{last}.data-00000-of-00001", "")

    def test_trains_what_is_not_trained_and_fuses_the_streams(self):
        row = urfd_rows.FIGURE["FSN"]
        self._trained(row.runs[0])
        left = self._commands(row)
        self.assertEqual(
            [command for command, _ in left],
            ["predict", "train", "predict", "evaluate"],
        )
        rgb, _, flow, evaluated = (values for _, values in left)
        self.assertEqual(rgb["prepared"].name, "rgb")
        self.assertEqual(flow["prepared"].name, "flow")
        self.assertEqual(evaluated["scores"], f"{rgb['out']},{flow['out']}")
        self.assertEqual(evaluated["subset"], "test")

    def test_has_nothing_left_once_there_are_results(self):
        row = urfd_rows.FIGURE["FSN"]
        out = self.setting.folder("results", 1, row.key)
        self.write(out / "results.json", "{}")
        self.assertEqual(self._commands(row), [])

    def test_chance_is_the_same_scores_shifted(self):
        row = urfd_rows.Row("chance", (_FSN,), is_chance=True)
        self._trained(_FSN)
        (_, scored), (shift, shifted), (_, evaluated) = self._commands(row)
        self.assertEqual(shift, "shift")
        self.assertEqual(shifted["scores"], scored["out"])
        self.assertEqual(evaluated["scores"], str(shifted["out"]))

    def test_learns_from_a_part_of_the_videos(self):
        run = urfd_rows.Run("urfd_fsn", "rgb", percent=50)
        (_, values), *_ = self._commands(urfd_rows.Row("half", (run,)))
        learned = annotations.read(
            values["annotations"], subset=values["subset"]
        )
        self.assertLen(learned.videos, 2)

    def test_no_two_rows_share_a_folder_unless_they_are_the_same(self):
        rows = [row for table in urfd_rows.TABLES.values() for row in table]
        made_of = {(row.runs, row.inference, row.is_chance) for row in rows}
        self.assertLen({row.key for row in rows}, len(made_of))

    def test_the_heads_differ_in_temporal_context_alone(self):
        for name, other in (
            ("urfd_without_temporal_cnn", "urfd_fsn"),
            (
                "urfd_without_temporal_cnn_action_windows",
                "urfd_fsn_action_windows",
            ),
        ):
            mine = vars(self.setting.experiment(urfd_rows.Run(name, "rgb")))
            theirs = vars(self.setting.experiment(urfd_rows.Run(other, "rgb")))
            differing = [x for x in mine if mine[x] != theirs[x]]
            self.assertEqual(differing, ["temporal_dilations"])


class ReportTest(absltest.TestCase):
    def test_shows_mean_and_spread_of_what_the_results_say(self):
        rows = [row for table in urfd_rows.TABLES.values() for row in table]
        results = [
            {
                "frame_map": value,
                "frame_ap": {"x": value, "y": None},
                "segment_map": {
                    tiou: value / 2 for tiou in ("0.1", "0.3", "0.5", "0.7")
                },
            }
            for value in (0.4, 0.6)
        ]
        tables = urfd_report.tables({row.key: results for row in rows})
        head, first, *_ = next(iter(tables.values()))
        self.assertEqual(head[1:4], ["frame mAP", "x, frames", "y, frames"])
        # The standard deviation of 40 and 60 is 14.1.
        self.assertEqual(
            first[1:5], ["50.0 ± 14.1", "50.0 ± 14.1", "-", "25.0 ± 7.1"]
        )
        self.assertEqual(first[-1], "25.0 ± 7.1")


@pytest.mark.slow
class WholePathTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        videos = self.data / "videos"
        videos.mkdir(parents=True)
        database = _database({})
        for index in range(6):
            first = 5 + index
            spans = [(first, first + 10), (first + 12, first + 20)]
            # The last one of each part shows nothing.
            shown = spans if index % 3 < 2 else []
            made_up.write_colored_video(
                videos / f"v{index}.mp4", shown, num_frames=35, seed=index
            )
            database["database"][f"v{index}"] = {
                "subset": "training" if index < 3 else "test",
                "annotations": [
                    {"label": label, "segment": [start / 25, stop / 25]}
                    for label, (start, stop) in zip("ab", shown, strict=False)
                ],
            }
        self.write(self.data / "annotations.json", json.dumps(database))
        self.weights = self.folder / "rgb.weights.h5"
        backbones.bare("EfficientNetLite0", image_size=224).save_weights(
            self.weights
        )

        # A row of each kind; the figure asks for the other head.
        one = urfd_rows.Run("urfd_wfsn", "rgb")
        fused = [
            urfd_rows.Row(f"{row.name}, both", row.runs)
            for row in urfd_rows.FIGURE.values()
        ]
        self.tables = {
            "Heads": tuple(fused),
            "Chance": (urfd_rows.Row("shifted", (one,), is_chance=True),),
        }

    def _reproduced(self, weights=None):
        with mock.patch.object(urfd_rows, "TABLES", self.tables):
            return self._run(weights)

    def _run(self, weights):
        return running.fsn(
            "reproduce",
            "--table=urfd",
            f"--data={self.data}",
            f"--rgb_weights={weights or self.weights}",
            f"--workdir={self.folder / 'work'}",
            "--steps=2",
            "--seeds=5",
        )

    def test_goes_from_pixels_to_tables_and_on_from_where_it_was(self):
        status, out, err = self._reproduced()
        self.assertEqual(status, 0, err)
        for caption in self.tables:
            self.assertIn(caption, out)
        self.assertIn("3 training videos, 1 of them without any action", out)
        work = self.folder / "work"
        tables = (work / "tables.md").read_text()
        self.assertTrue((work / "figure.png").exists())
        features = np.load(work / "features" / "flow" / "features" / "v0.npy")
        # 35 frames at 25 fps are 42 at 30.
        self.assertEqual(features.shape, (9, 1280))

        # What a kill leaves undone is done again, from the same features.
        results = work / "results" / "seed-5"
        lost = urfd_rows.FIGURE["FSN"].key
        shutil.rmtree(results / lost)
        shutil.rmtree(work / "prepared")
        status, out, err = self._reproduced()
        self.assertEqual(status, 0, err)
        self.assertEqual(out.count("$ fsn evaluate"), 1)
        self.assertNotIn("$ fsn train", out)
        self.assertEqual((work / "tables.md").read_text(), tables)

        other = self.folder / "other.weights.h5"
        shutil.copy(self.weights, other)
        with open(other, "ab") as file:
            file.write(b" ")
        status, _, err = self._reproduced(other)
        self.assertEqual(status, 1)
        self.assertIn("was begun with other weights", err)

    def test_says_what_it_expects_of_the_folder(self):
        shutil.rmtree(self.data / "videos")
        status, _, err = self._reproduced()
        self.assertEqual(status, 1)
        self.assertIn("expected a folder with videos/ and annotations", err)


if __name__ == "__main__":
    absltest.main()
