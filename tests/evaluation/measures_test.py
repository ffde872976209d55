"""Protocols with measures of their own, beside loops from their definitions."""

import json
import os
import statistics

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import segments
from fsn_tf.annotations import frame_labels
from fsn_tf.evaluation import frame_protocols
from fsn_tf.evaluation import frame_ranks
from fsn_tf.evaluation import phases
from fsn_tf.evaluation import scored_videos
from fsn_tf.evaluation import settings
from fsn_tf.evaluation import spotting
from fsn_tf.grouping import frame_scores
from tests.kit import hard_cases
from tests.kit import running
from tests.kit import temporary_files

_CASES = int(os.environ.get("FSN_TEST_CASES", 200))
CLASSES = hard_cases.CLASSES


def same(test, found, expected):
    """Numbers or None."""
    if expected is None:
        test.assertIsNone(found)
    else:
        test.assertAlmostEqual(found, expected, delta=1e-12)


class FrameProtocolsTest(parameterized.TestCase):
    def test_means_over_classes_with_positives_and_over_all(self):
        # Ranks 1 and 4 of 4; the second class never occurs.
        ranks = [np.array([1, 4]), np.array([], int)]
        means, _ = frame_protocols.multilabel(ranks, 4)
        self.assertEqual(means, {"mAP": 0.75, "mAP over all classes": 0.375})

    def test_calibrates_as_if_classes_were_even(self):
        # One positive, the second of four: w = 3, cPrec = 1 / (1 + 1 / 3).
        means, _ = frame_protocols.online([np.array([2])], 4)
        self.assertEqual(means["mAP"], 1 / 2)
        self.assertEqual(means["mcAP"], 3 / 4)

    def test_equal_the_loops(self):
        generator = np.random.default_rng(0)
        for _ in range(_CASES):
            truth, _ = hard_cases.segments_of(generator)
            fuzzy = segments.Instance("a", segments.AMBIGUOUS, 1.0, 2.0)
            truth = segments.Annotations(
                truth.classes, truth.videos, truth.instances, (fuzzy,)
            )
            scores = _scores(generator)
            for name in ("multilabel", "oad"):
                with absltest.mock.patch.object(
                    scored_videos, "_VALUES_AT_ONCE", 20
                ):
                    result = frame_protocols.evaluate(
                        scores, truth, settings.Frames(protocol=name)
                    )
                expected = _frame_loop(scores, truth, name == "oad")
                for measure, value in result.measures.items():
                    same(self, value, expected[measure])


def _scores(generator):
    return {
        video: frame_scores.FrameScores(
            (
                generator.integers(0, 5, (generator.integers(1, 9), 3)) / 4
            ).astype("f4"),
            1.0,
            CLASSES,
        )
        for video in hard_cases.VIDEOS
    }


def _frame_loop(scores, truth, is_online):
    per_class, calibrated = [], []
    for column, name in enumerate(truth.classes):
        frames = []
        for video, one in scores.items():
            for frame in range(1, len(one.scores) + 1):
                shown = _shown(truth.instances, video, name, frame)
                if is_online and _shown(
                    truth.ambiguous, video, segments.AMBIGUOUS, frame
                ):
                    continue
                frames.append((one.scores[frame - 1, column], shown))
        frames.sort(key=lambda pair: -pair[0])
        total = sum(shown for _, shown in frames)
        if not total:
            continue
        weight = (len(frames) - total) / total
        precisions, even, true = [], [], 0
        for rank, (_, shown) in enumerate(frames, start=1):
            true += shown
            if shown:
                precisions.append(true / rank)
                false = (rank - true) / weight if rank > true else 0
                even.append(true / (true + false))
        per_class.append(sum(precisions) / total)
        calibrated.append(sum(even) / total)
    return {
        "mAP": np.mean(per_class) if per_class else None,
        "mAP over all classes": sum(per_class) / len(truth.classes),
        "mcAP": np.mean(calibrated) if calibrated else None,
    }


def _shown(instances, video, name, frame):
    return any(
        one.video == video
        and one.label == name
        and int(one.start_seconds + 0.5) <= frame <= int(one.end_seconds + 0.5)
        for one in instances
    )


class FrameRanksTest(absltest.TestCase):
    def test_are_the_same_in_blocks(self):
        generator = np.random.default_rng(0)
        for kind in ("f2", "f4"):
            values = (generator.integers(-3, 4, (300, 2)) / 4).astype(kind)
            labels = generator.random((300, 2)) < [0.3, 0.0]
            cuts = [0, 1, 100, 250, 300]
            blocks = [
                (values[a:b], labels[a:b])
                for a, b in zip(cuts[:-1], cuts[1:], strict=True)
            ]
            found, size = frame_ranks.of_blocks(lambda x=blocks: x)
            self.assertEqual(size, 300)
            for ranks, one, shown in zip(
                found, values.T, labels.T, strict=True
            ):
                order = np.argsort(-one, kind="stable")
                expected = np.flatnonzero(shown[order]) + 1
                np.testing.assert_array_equal(ranks, expected)


class SpottingTest(parameterized.TestCase):
    def test_takes_the_nearest_within_the_tolerance(self):
        # At 10 fps instances start in frames 10 and 14; the best detection,
        # in frame 12, takes the first of two that are as near.
        truth = segments.Annotations.from_rows(
            [("a", "Jump", 1.0, 2.0), ("a", "Jump", 1.4, 2.0)]
        )
        found = segments.Detections.from_rows(
            [("a", "Jump", 1.2, 2.0, 0.9), ("a", "Jump", 1.0, 2.0, 0.8)],
            classes=["Jump"],
        )
        for tolerance, expected in ((0, 0.25), (2, 0.5), (4, 1.0)):
            (ap,) = spotting.average_precisions(
                truth, found, tolerance, point="start", fps=10.0
            )
            self.assertEqual(ap, expected)

    @parameterized.parameters(*spotting.POINTS)
    def test_equals_the_loop(self, point):
        generator = np.random.default_rng(0)
        for _ in range(_CASES):
            truth, found = hard_cases.segments_of(generator)
            tolerance = int(generator.integers(0, 4))
            fps = float(generator.choice([0.5, 1, 2]))
            per_class = spotting.average_precisions(
                truth, found, tolerance, point=point, fps=fps
            )
            expected = [
                _spotting_loop(truth, found, name, tolerance, point, fps)
                for name in truth.classes
            ]
            np.testing.assert_allclose(per_class, expected, atol=1e-12)


def _spotting_loop(truth, found, name, tolerance, point, fps):
    def frame(start, end):
        time = {"start": start, "end": end, "center": (start + end) / 2}
        return int(time[point] * fps + 0.5)

    free = [
        (one.video, frame(one.start_seconds, one.end_seconds))
        for one in truth.instances
        if one.label == name
    ]
    total, hits = len(free), []
    rows = [
        row for row in found.rows() if row[1] == name and row[0] in truth.videos
    ]
    for video, _, start, end, _ in sorted(rows, key=lambda row: -row[4]):
        mine = [x for x in free if x[0] == video]
        place = frame(start, end)
        best = min(mine, key=lambda x: abs(x[1] - place), default=None)
        hits.append(best is not None and abs(best[1] - place) <= tolerance)
        if hits[-1]:
            free.remove(best)
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    best = [max(precision[x:]) for x in range(len(hits)) if hits[x]]
    return sum(best) / total if total else np.nan


class PhasesTest(absltest.TestCase):
    def test_leaves_out_what_a_video_does_not_show(self):
        # Of class 0, 2 of 2 are found and 2 of 3 are right; class 1 is never
        # found, so it has no precision; class 2 is not shown.
        (video,), _ = phases.scores(
            [np.array([0, 0, 1])], [np.zeros(3, int)], 3
        )
        expected = [2 / 3, 2 / 3, (1 + 0) / 2, (2 / 3 + 0) / 2]
        np.testing.assert_allclose(video, expected)

    def test_equals_the_loop(self):
        generator = np.random.default_rng(0)
        for _ in range(_CASES):
            sizes = generator.integers(1, 12, generator.integers(1, 5))
            true, found = (
                {
                    str(x): generator.integers(0, 4, n)
                    for x, n in enumerate(sizes)
                }
                for _ in range(2)
            )
            names = ("a", "b", "c", "d")
            result = phases.evaluate(
                frame_labels.FrameLabels(names, found),
                frame_labels.FrameLabels(names, true),
            )
            rows = [_phases_loop(true[x], found[x]) for x in true]
            for name, *column in zip(phases.NAMES, *rows, strict=True):
                known = [x for x in column if x is not None]
                mean = statistics.mean(known) if known else None
                same(self, result.measures[name], mean)
                if len(known) > 1:
                    deviation = statistics.stdev(known)
                    same(self, result.deviations[name], deviation)


def _phases_loop(true, found):
    pairs = list(zip(true.tolist(), found.tolist(), strict=True))
    columns = [], [], []
    for phase in sorted(set(true.tolist())):
        both = sum(a == b == phase for a, b in pairs)
        named = sum(b == phase for _, b in pairs)
        shown = sum(a == phase for a, _ in pairs)
        either = sum(phase in pair for pair in pairs)
        if named:
            columns[0].append(both / named)
        columns[1].append(both / shown)
        columns[2].append(both / either)
    means = [statistics.mean(x) if x else None for x in columns]
    return [sum(a == b for a, b in pairs) / len(pairs), *means]


class CommandTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.truth = self.write("truth.csv", "a,1.0,3.0,Jump\na,4,5,Dive\n")
        values = np.full((30, 3), 0.1, "f4")
        values[4:15, 1] = 0.8
        frame_scores.write(
            self.folder / "scores",
            "a",
            values,
            fps=5.0,
            classes=("Dive", "Jump", frame_scores.BACKGROUND),
        )

    def _run(self, *arguments):
        return running.fsn(
            "evaluate",
            f"--scores={self.folder / 'scores'}",
            f"--annotations={self.truth}",
            f"--out={self.folder / 'out'}",
            *arguments,
        )

    def test_puts_protocols_side_by_side(self):
        names = "thumos14,opentad,multilabel,oad,spotting"
        status, out, err = self._run(f"--protocol={names}")
        self.assertEqual((status, err), (0, ""))
        folder = self.folder / "out"
        together = json.loads((folder / "protocols.json").read_text())
        self.assertEqual(list(together), names.split(","))
        alone = json.loads((folder / "oad" / "results.json").read_text())
        self.assertEqual(alone["measures"], together["oad"])
        one = json.loads((folder / "thumos14" / "results.json").read_text())
        self.assertEqual(one["frame_map"], together["multilabel"]["mAP"])
        self.assertIn("in %", out)
        self.assertIn("| thumos14 |", (folder / "protocols.md").read_text())

    def test_one_alone_writes_as_ever(self):
        status, _, _ = self._run("--protocol=spotting", "--tolerance=3")
        self.assertEqual(status, 0)
        found = json.loads((self.folder / "out/results.json").read_text())
        self.assertIn("start +-3", found["measures"])
        self.assertEqual(found["protocol"], "spotting")

    def test_refuses_flags_without_meaning(self):
        for arguments, message in (
            (["--protocol=voc"], "expected some of thumos14"),
            (["--fps=3"], "--fps needs --protocol=spotting"),
            (["--protocol=oad", "--tiou=0.5"], "--tiou has no meaning"),
            (["--protocol=spotting", "--tolerance=x"], "--tolerance=x"),
        ):
            status, _, err = self._run(*arguments)
            self.assertEqual((status, err.count("\n")), (2, 1), err)
            self.assertIn(message, err)


if __name__ == "__main__":
    absltest.main()
