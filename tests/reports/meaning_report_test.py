"""fsn evaluate --meaning, as a user has it."""

import json
import xml.etree.ElementTree

from absl.testing import absltest
import numpy as np

from fsn_tf.evaluation import results_schema
from fsn_tf.grouping import frame_scores
from fsn_tf.reports import result_files
from tests.kit import running
from tests.kit import temporary_files


class MeaningTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.truth = self.write(
            "truth.csv", "a,1,3,Jump\nb,2,4,Jump\nc,0,1,Run\n"
        )
        generator = np.random.default_rng(0)
        for video in "abc":
            frame_scores.write(
                self.folder / "scores",
                video,
                generator.random((50, 2)),
                fps=10.0,
                classes=("Jump", "Run"),
            )

    def _evaluate(self, name, *arguments):
        status, out, err = running.fsn(
            "evaluate",
            f"--scores={self.folder / 'scores'}",
            f"--annotations={self.truth}",
            f"--out={self.folder / name}",
            *arguments,
        )
        self.assertEqual(status, 0, err)
        content = (self.folder / name / "results.json").read_text()
        return out, json.loads(content)

    def test_changes_nothing_else(self):
        _, plain = self._evaluate("plain")
        _, more = self._evaluate("more", "--meaning")
        meaning = more.pop("meaning")
        self.assertEqual(plain, more)
        keys = results_schema.MEANING | results_schema.MEANING_OF_SOME
        self.assertEqual(meaning.keys(), keys.keys())
        for name in ("diagnosis.json", "per_class.csv", "matches.npz"):
            self.assertEqual(
                (self.folder / "plain" / name).read_bytes(),
                (self.folder / "more" / name).read_bytes(),
            )
        # Evaluated again without, nothing of it is left.
        self._evaluate("more")
        names = [
            sorted(one.name for one in (self.folder / name).iterdir())
            for name in ("plain", "more")
        ]
        self.assertEqual(*names)

    def test_shows_and_keeps_it(self):
        out, content = self._evaluate(
            "out", "--meaning", "--num_resamples=50", "--seed=3"
        )
        self.assertRegex(out, r"95 % interval +shifted in time +class prior")
        self.assertIn("resampled.npz reliability.svg", out)
        drawn, seed = result_files.read_resampled(
            self.folder / "out/resampled.npz"
        )
        self.assertEqual((seed, len(drawn["frame mAP"])), (3, 50))
        np.testing.assert_allclose(
            content["meaning"]["intervals"]["frame mAP"],
            np.percentile(drawn["frame mAP"], [2.5, 97.5])
            + content["frame_map"]
            - drawn["frame mAP"].mean(),
        )
        report = (self.folder / "out/report.md").read_text()
        self.assertIn("### The worst videos", report)
        self.assertIn("| frame mAP | ", report)
        picture = (self.folder / "out/reliability.svg").read_text()
        xml.etree.ElementTree.fromstring(picture)
        self.assertIn("mean score", picture)

    def test_several_protocols_have_their_own(self):
        status, _, err = running.fsn(
            "evaluate",
            "--protocol=oad,spotting",
            "--meaning",
            "--num_resamples=20",
            f"--scores={self.folder / 'scores'}",
            f"--annotations={self.truth}",
            f"--out={self.folder / 'several'}",
        )
        self.assertEqual(status, 0, err)
        for name, row in (
            ("oad", "class prior"),
            ("spotting", "fixed cadence"),
        ):
            path = self.folder / "several" / name / "results.json"
            meaning = json.loads(path.read_text())["meaning"]
            self.assertIn(row, meaning["chance"])

    def test_flags_need_it(self):
        for flag in ("--num_resamples=5", "--seed=5"):
            status, _, err = running.fsn(
                "evaluate",
                f"--scores={self.folder / 'scores'}",
                f"--annotations={self.truth}",
                f"--out={self.folder / 'out'}",
                flag,
            )
            self.assertEqual(status, 2)
            self.assertIn("needs --meaning", err)


if __name__ == "__main__":
    absltest.main()
