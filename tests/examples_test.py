"""The scripts of examples/, on data small enough to check by other means."""

import contextlib
import io
import pathlib

from absl.testing import absltest
import numpy as np

import fsn_tf
from fsn_tf.annotations import csv_files
from tests.kit import made_up
from tests.kit import temporary_files

_EXAMPLES = pathlib.Path(__file__).parents[1] / "examples"


class ExamplesTest(temporary_files.TestCase):
    def _run(self, name, **constants):
        """(what the script leaves, what it prints)."""
        text = (_EXAMPLES / f"{name}.py").read_text()
        for constant, (before, after) in constants.items():
            line = f"{constant} = {before}\n"
            self.assertIn(line, text)
            text = text.replace(line, f"{constant} = {after}\n")
        cells, out = {}, io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(out):
            exec(compile(text, name, "exec"), cells)
        return cells, out.getvalue()

    def test_evaluates_detections(self):
        self.write("truth.csv", "v,1,2,Dive\nw,4,6,Dive\nw,1,2,Run\n")
        self.write(
            "found.csv",
            "v,1,2,Dive,.9\nw,0,1,Dive,.5\nw,4,5.1,Dive,.1\nw,1,1.9,Run,.3\n",
        )
        cells, out = self._run("evaluate_my_detections")
        # The third Dive overlaps by 0.55 and comes after a wrong one.
        dive = (1 + 2 / 3) / 2
        self.assertAlmostEqual(cells["result"].segment_map[0.5], (dive + 1) / 2)
        self.assertAlmostEqual(cells["result"].segment_map[0.6], (0.5 + 1) / 2)
        self.assertIn("4 detections of 3 instances", out)
        self.assertIn(f"Dive                 {dive:.3f}", out)

    def test_trains_on_features(self):
        rng = np.random.default_rng(0)
        rows = {"training.csv": "", "test.csv": ""}
        (self.folder / "my_features").mkdir()
        for index in range(4):
            features = rng.normal(0, 0.1, (60, 4))
            for label, first in (("a", 5 + index), ("b", 30 + index)):
                features[first : first + 12, "ab".index(label)] += 2
                # A row stands for 8 frames at 25 frames per second.
                start, end = first * 8 / 25, (first + 12) * 8 / 25
                name = "training.csv" if index < 3 else "test.csv"
                rows[name] += f"v{index},{start},{end},{label}\n"
            np.save(self.folder / f"my_features/v{index}.npy", features)
        for name, content in rows.items():
            self.write(name, content)
        cells, out = self._run("train_on_my_features", STEPS=(2000, 100))
        self.assertGreater(cells["result"].frame_map, 0.9)
        self.assertIn("segment mAP at tIoU 0.5: ", out)

    def test_localizes_a_video(self):
        experiment = fsn_tf.Experiment(
            backbone="tiny", image_size=32, batch_size=2, steps=5
        )
        prepared, truth = made_up.prepared_folder(self.folder, videos=2)
        annotations = self.folder / "training.csv"
        csv_files.write(annotations, truth)
        fsn_tf.train(
            experiment,
            prepared=prepared,
            annotations=annotations,
            workdir=self.folder / "fsn_rgb",
        )
        (self.folder / "game.mp4").symlink_to(self.folder / "videos/v0.mp4")
        self.write("game.csv", "game,0.8,1.6,a\ngame,2.0,2.6,b\n")
        cells, _ = self._run("localize_my_video")
        labels = np.zeros((100, 2), bool)
        # Frame f, counted from 1, shows 25 * start <= f <= 25 * end.
        labels[19:40, 0] = labels[49:65, 1] = True
        scored = cells["found"].scores
        for index, name in enumerate("ab"):
            ranked = labels[np.argsort(-scored[:, index], kind="stable"), index]
            precision = np.cumsum(ranked) / np.arange(1, 101)
            got = cells["result"].frame_ap[name]
            self.assertAlmostEqual(got, precision[ranked].mean())
        self.assertBetween(cells["result"].segment_map[0.5], 0, 1)


if __name__ == "__main__":
    absltest.main()
