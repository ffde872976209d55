"""A folder in MS-TCN's layout: each fold by itself, resumed, and refused."""

import shutil
from unittest import mock

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.paper import mstcn_folds
from fsn_tf.paper import salads_mid
from fsn_tf.training import loop
from tests.kit import mstcn_layout
from tests.kit import small_networks
from tests.kit import temporary_files


class TableTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.data, _ = mstcn_layout.write(self)
        for name in salads_mid.ROWS.values():
            self._write_experiment(name, 0.3)

    def _write_experiment(self, name, rate):
        small_networks.written(
            self.folder / f"experiments/{name}.py",
            small_networks.on_frame_scores(
                temporal_filters=4, learning_rate=rate
            ),
        )

    def _results(self, seeds=(1,)):
        return salads_mid.results(
            self.data, self.folder / "work", seeds, self.folder / "experiments"
        )

    def test_each_fold_learns_from_its_own_features_and_goes_on(self):
        text = self._results()
        rows = {line.split("  ")[0]: line for line in text.splitlines()}
        published = "published, ED-TCN"
        self.assertEqual(
            rows[published].split()[-5:], "64.7 59.8 68.0 63.9 52.6".split()
        )
        for name in salads_mid.ROWS:
            # Features of the other fold would say the wrong class.
            figures = rows[f"here, {name}"].split()[-5:]
            self.assertEqual(figures, ["100.0"] * 5)
        table = (self.folder / "work" / "tables.md").read_text()
        self.assertIn("| here, beyond the paper | 100.0 |", table)

        # What is done is kept: of a row without results, the networks too.
        name = salads_mid.ROWS["beyond the paper"]
        out = self.folder / "work" / name / "seed-1"
        whole = (out / "results.json").read_bytes()
        (out / "results.json").unlink()
        shutil.rmtree(out / "scores-split2")
        with mock.patch.object(loop, "fit", wraps=loop.fit) as fit:
            self.assertEqual(self._results(), text)
        steps = [call.args[0].current_step() for call in fit.call_args_list]
        self.assertEqual(steps, [60, 60])
        self.assertEqual((out / "results.json").read_bytes(), whole)

        # Other features or experiments are not mixed with these.
        self._write_experiment(name, 0.1)
        with self.assertRaisesRegex(InputError, "begun with other experiments"):
            self._results()
        self._write_experiment(name, 0.3)
        path = self.data / "features" / "split1" / "a.npy"
        np.save(path, 2 * np.load(path))
        with self.assertRaisesRegex(InputError, "begun with other data"):
            self._results()


class FoldsTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.data, self.labels = mstcn_layout.write(self)

    def _prepare(self):
        return mstcn_folds.prepare(self.data, self.folder / "prepared")

    def test_reads_lists_labels_and_background(self):
        folds, labels, background = self._prepare()
        self.assertEqual(background, "background")
        self.assertEqual(labels.classes, mstcn_layout.CLASSES)
        for video, expected in self.labels.items():
            np.testing.assert_array_equal(labels.labels[video], expected)
        self.assertEqual(list(folds), ["split1", "split2"])
        for name, fold in folds.items():
            self.assertEqual(fold.tested, mstcn_layout.FOLDS[name])
            self.assertEqual({*fold.tested, *fold.learned}, set("abcd"))
            theirs = np.load(self.data / "features" / name / "b.npy")
            ours = np.load(fold.prepared / "features" / "b.npy")
            np.testing.assert_array_equal(ours, theirs.T)

    def test_features_may_be_the_same_in_all_folds(self):
        for path in (self.data / "features" / "split1").iterdir():
            shutil.move(path, self.data / "features" / path.name)
        for name in mstcn_layout.FOLDS:
            shutil.rmtree(self.data / "features" / name)
        folds, *_ = self._prepare()
        first, second = (
            np.load(fold.prepared / "features" / "d.npy")
            for fold in folds.values()
        )
        np.testing.assert_array_equal(first, second)

    @parameterized.parameters(
        ("splits/train.split1.bundle", "b.txt\na.txt\n", "a is in .*:2 as"),
        ("splits/test.split2.bundle", "a.txt\n", ":1: a is in .*train.*:1 as"),
        ("splits/test.split2.bundle", "x.txt\n", ":1: x has no labels"),
        ("splits/test.split2.bundle", None, "No such file"),
        ("groundTruth/b.txt", "peel\n", "b.txt:1: expected one of 3 classes"),
        ("features/split2/b.npy", b"x", "split2: 1 videos failed; see above"),
    )
    def test_names_what_does_not_fit(self, name, content, message):
        if content is None:
            (self.data / name).unlink()
        else:
            self.write(f"data/{name}", content)
        with self.assertRaisesRegex(InputError, message) as caught:
            self._prepare()
        self.assertNotIn("\n", str(caught.exception))

    def test_a_video_is_tested_once(self):
        self.write("data/splits/train.split2.bundle", "b.txt\n")
        self.write("data/splits/test.split2.bundle", "d.txt\na.txt\n")
        with self.assertRaisesRegex(InputError, ":2: a is in .*test.*1.bundle"):
            self._prepare()

    def test_all_folds_have_features_or_none(self):
        shutil.rmtree(self.data / "features" / "split2")
        with self.assertRaisesRegex(InputError, "split2: no such folder"):
            self._prepare()

    def test_needs_folds(self):
        for path in (self.data / "splits").iterdir():
            path.unlink()
        with self.assertRaisesRegex(InputError, "expected train.NAME.bundle"):
            self._prepare()


if __name__ == "__main__":
    absltest.main()
