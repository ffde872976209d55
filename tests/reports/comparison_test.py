"""Resampled mAP equals that of repeated videos; differences are paired."""

import dataclasses
import json
import time

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import segments
from fsn_tf.evaluation import metrics
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import ranking
from fsn_tf.evaluation import resampling
from fsn_tf.grouping import frame_scores
from fsn_tf.reports import comparison
from tests.kit import running
from tests.kit import shared_data
from tests.kit import temporary_files

CLASSES = ("Dive", "Jump")
VIDEOS = tuple("abcdef")


def case(generator):
    """(annotations, detections) with all scores different."""
    instances = [
        segments.Instance(
            str(generator.choice(VIDEOS)),
            str(generator.choice(CLASSES)),
            *np.sort(generator.integers(0, 20, 2)).tolist(),
        )
        for _ in range(generator.integers(1, 20))
    ]
    size = generator.integers(0, 40)
    detections = segments.Detections(
        CLASSES,
        VIDEOS,
        generator.integers(0, len(VIDEOS), size),
        generator.integers(0, 2, size),
        *generator.integers(0, 20, (2, size)).astype(float),
        generator.permutation(size) / 40,
    )
    return segments.Annotations(CLASSES, VIDEOS, tuple(instances)), detections


def ranked_case(annotations, detections, protocol):
    """(ranking at tIoU 0.3, instance counts)."""
    annotations = protocol.counted(annotations)
    (ranked,) = ranking.rankings(
        annotations, detections, [0.3], protocol=protocol
    )
    return ranked, ranking.instance_counts(annotations)


class ResampledMapTest(parameterized.TestCase):
    @parameterized.parameters(*protocols.PROTOCOLS.values())
    def test_is_the_map_where_every_video_is_drawn_once(self, protocol):
        generator = np.random.default_rng(0)
        for _ in range(200):
            ranked, counts = ranked_case(*case(generator), protocol)
            once = np.ones((1, len(VIDEOS)), int)
            found = resampling.resampled_map(
                ranked, counts, once, protocol=protocol
            )
            expected, _ = metrics.ranking_map(
                ranked, counts.sum(axis=1), protocol=protocol
            )
            np.testing.assert_allclose(found, [expected], atol=1e-12)

    @parameterized.parameters(*protocols.PROTOCOLS.values())
    def test_leaves_out_what_is_not_drawn(self, protocol):
        generator = np.random.default_rng(1)
        for _ in range(200):
            annotations, detections = case(generator)
            drawn = generator.random(len(VIDEOS)) < 0.6
            ranked, counts = ranked_case(annotations, detections, protocol)

            found = resampling.resampled_map(
                ranked, counts, drawn[None].astype(int), protocol=protocol
            )

            names = [x for x, is_in in zip(VIDEOS, drawn, strict=True) if is_in]
            fewer = dataclasses.replace(
                annotations,
                videos=tuple(names),
                instances=tuple(
                    x for x in annotations.instances if x.video in names
                ),
            )
            expected, _ = metrics.segment_map(
                fewer, detections, 0.3, protocol=protocol
            )
            np.testing.assert_allclose(found, [expected], atol=1e-12)

    @parameterized.parameters(*protocols.PROTOCOLS.values())
    def test_gives_copies_the_rank_of_the_last(self, protocol):
        generator = np.random.default_rng(2)
        for _ in range(200):
            ranked, counts = ranked_case(*case(generator), protocol)
            weights = resampling.draws(len(VIDEOS), 3, generator.integers(99))

            found = resampling.resampled_map(
                ranked, counts, weights, protocol=protocol
            )

            expected = [
                _plain(ranked, counts, row, protocol) for row in weights
            ]
            np.testing.assert_allclose(found, expected, atol=1e-12)


def _plain(ranked, counts, weights, protocol):
    """The same by listing every copy."""
    per_class = []
    for label in range(len(CLASSES)):
        total = int(weights @ counts[label])
        mine = np.flatnonzero(ranked.label == label)
        precision, true, seen = [], 0, 0
        for row in mine:
            copies = weights[ranked.video[row]]
            seen += copies
            if copies and ranked.instance[row] >= 0:
                true += copies
                precision += [true / seen] * copies
        if not total:
            continue
        best = [max(precision[i:]) for i in range(len(precision))]
        if protocol is protocols.THUMOS14:
            per_class.append(sum(precision) / total)
        elif protocol in (protocols.ACTIVITYNET, protocols.OPENTAD):
            per_class.append(sum(best) / total)
        else:
            points = [
                max(
                    [p for i, p in enumerate(best, 1) if 10 * i >= k * total],
                    default=0,
                )
                for k in range(11)
            ]
            per_class.append(sum(points) / 11)
    return np.mean(per_class) if per_class else np.nan


class CompareTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.truth = self.write(
            "truth.csv",
            "".join(f"{x},1,3,Jump\n{x},5,6,Dive\n" for x in VIDEOS),
        )
        # Every Jump, and half of them; never a Dive.
        self._evaluate(
            "all", [f"{x},1,3,Jump,0.{9 - i}" for i, x in self._each()]
        )
        self._evaluate(
            "half", [f"{x},1,3,Jump,0.9" for i, x in self._each() if i % 2]
        )

    def _each(self):
        return enumerate(VIDEOS)

    def _evaluate(self, name, rows, *arguments, truth=None):
        path = self.write(f"{name}.csv", "\n".join(rows) + "\n")
        status, _, err = running.fsn(
            "evaluate",
            f"--detections={path}",
            f"--annotations={truth or self.truth}",
            f"--out={self.folder / name}",
            "--tiou=0.5,0.7",
            *arguments,
        )
        self.assertEqual(status, 0, err)

    def _compare(self, first="all", second="half", **options):
        return comparison.compare(
            self.folder / first, self.folder / second, **options
        )

    def test_finds_a_difference(self):
        one = self._compare()["metrics"]["tIoU 0.5"]
        # Jump 1 against 1 / 2, Dive 0.
        self.assertEqual(one["values"], [0.5, 0.25])
        self.assertEqual(one["difference"], -0.25)
        low, high = one["interval"]
        self.assertLess(low, -0.25)
        self.assertGreater(high, -0.25)
        self.assertLess(high, 0)
        self.assertLess(one["p"], 0.05)

    def test_finds_none_where_there_is_none(self):
        one = self._compare("all", "all")["metrics"]["average"]
        self.assertEqual(one["difference"], 0)
        self.assertEqual(one["interval"], [0, 0])
        self.assertEqual(one["p"], 1)

    def test_is_the_same_for_the_same_seed(self):
        self.assertEqual(self._compare(seed=3), self._compare(seed=3))
        other = self._compare(seed=4)["metrics"]
        self.assertNotEqual(self._compare(seed=3)["metrics"], other)

    def test_turns_around(self):
        one = self._compare()["metrics"]["tIoU 0.7"]
        other = self._compare("half", "all")["metrics"]["tIoU 0.7"]
        self.assertEqual(one["difference"], -other["difference"])
        self.assertEqual(one["p"], other["p"])
        np.testing.assert_allclose(
            one["interval"], np.negative(other["interval"][::-1])
        )

    def test_says_which_options_differ(self):
        self._evaluate("raw", ["a,1,3,Jump,0.9"], "--nms=false")
        found = self._compare("all", "raw")
        self.assertEqual(found["different_options"]["nms"], [True, False])
        self.assertNotIn("tiou", found["different_options"])

    def test_prints_and_writes(self):
        results = f"{self.folder / 'all'},{self.folder / 'half/results.json'}"
        status, out, _ = running.fsn(
            "compare", f"--results={results}", f"--out={self.folder / 'out'}"
        )
        self.assertEqual(status, 0)
        self.assertIn("tIoU 0.5", out)
        self.assertIn("-25.0", out)
        found = json.loads((self.folder / "out/comparison.json").read_text())
        self.assertEqual(found["num_resamples"], 1000)
        text = (self.folder / "out/comparison.md").read_text()
        self.assertIn("| tIoU 0.5 | 50.0 | 25.0 | -25.0 |", text)

    def test_refuses_what_does_not_compare(self):
        truth = self.write("fewer.csv", "a,1,3,Jump\na,5,6,Dive\n")
        self._evaluate("other", ["a,1,3,Jump,0.9"], truth=truth)
        self._fails("all,other", "ground_truth_sha256")
        self._evaluate("2014", ["a,1,3,Jump,0.9"], "--protocol=thumos14-2014")
        self._fails("all,2014", "protocol 'thumos14-2014', but")
        self._evaluate("one", ["a,1,3,Jump,0.9"], "--tiou=0.5")
        self._fails("all,one", "metrics")
        self._fails("all", "two folders", code=2)
        self._fails("all,nowhere", "nowhere/results.json: No such file")
        self.write("cut/results.json", '{"protocol": "thu')
        self._fails("all,cut", "cut/results.json:1: expected JSON")
        self.write("half/matches.npz", "cut in half")
        self._fails("all,half", "half/matches.npz: not a whole file of matches")
        matches = (self.folder / "one/matches.npz").read_bytes()
        self.write("all/matches.npz", matches)
        self._fails("all,one", "all/matches.npz: expected 2 tIoU")

    def test_refuses_values_of_other_types(self):
        path = self.folder / "half/results.json"
        whole = json.loads(path.read_text())
        for changes in (
            {"segment_map": {"0.5": "0.25"}},
            {"segment_map": [0.25]},
            {"average_map": float("nan")},
            {"frame_map": "none"},
            {"options": None},
            {"video_names": [1, 2]},
            {"video_names": "ab"},
            {"protocol": 7},
            {"instances_per_class": {"Dive": True}},
        ):
            path.write_text(json.dumps(whole | changes))
            self._fails("all,half", f"{path}: expected ")
        del whole["segment_map"]
        path.write_text(json.dumps(whole))
        self._fails("all,half", f"{path}: expected 'segment_map'")

    def test_refuses_matches_that_do_not_fit_each_other(self):
        path = self.folder / "half/matches.npz"
        with np.load(path) as archive:
            whole = dict(archive)
        rows = len(whole["row"])
        for changes in (
            {"sizes": whole["sizes"] + 1},
            {"sizes": np.array([-1, rows + 1])},
            {"video": np.full(rows, 99)},
            {"label": np.full(rows, -1)},
            {"score": whole["score"][:-1]},
            {"row": whole["row"].astype(float)},
            {"instance_counts": whole["instance_counts"][0]},
            {"instance_counts": -whole["instance_counts"]},
        ):
            np.savez(path, **(whole | changes))
            self._fails("all,half", "not a whole file of matches")
        fewer = {"instance_counts": whole["instance_counts"][:, :-1]}
        if not (whole["video"] == whole["instance_counts"].shape[1] - 1).any():
            np.savez(path, **(whole | fewer))
            self._fails("all,half", "videos as in results.json, got")

    def _fails(self, names, message, *arguments, code=1):
        paths = ",".join(str(self.folder / x) for x in names.split(","))
        status, out, err = running.fsn(
            "compare", f"--results={paths}", *arguments
        )
        self.assertEqual((status, out), (code, ""))
        self.assertIn(message, err)
        self.assertEqual(err.count("\n"), 1)

    def _compared_labels(self, protocol):
        """Metrics of labels that are right, and of some that are not."""
        for name, frames in (("true", "112"), ("x", "112"), ("y", "111")):
            for video in VIDEOS:
                self.write(f"{name}/{video}.txt", "\n".join(frames) + "\n")
            running.fsn(
                "evaluate",
                f"--protocol={protocol}",
                f"--predicted_labels={self.folder / name}",
                f"--annotations={self.folder / 'true'}",
                f"--out={self.folder / name}-results",
            )
        return self._compare("x-results", "y-results")["metrics"]

    def test_compares_segmentations(self):
        found = self._compared_labels("segmentation")
        self.assertAlmostEqual(found["accuracy"]["difference"], -1 / 3)
        np.testing.assert_allclose(found["accuracy"]["interval"], [-1 / 3] * 2)
        self.assertLess(found["F1@50"]["p"], 0.05)

    def test_compares_phases(self):
        found = self._compared_labels("phases")
        # Recall 1, 1 against 1, 0, the same in every video.
        self.assertAlmostEqual(found["recall"]["difference"], -1 / 2)
        np.testing.assert_allclose(found["recall"]["interval"], [-1 / 2] * 2)

    def test_compares_moments(self):
        for name in ("all", "half"):
            self._again(name, "--protocol=spotting", "--tolerance=0")
        found = self._compare("all-again", "half-again")["metrics"]
        # As segment mAP, since those found are right to the frame.
        self.assertEqual(found["start +-0"]["values"], [0.5, 0.25])
        expected = self._compare()["metrics"]["tIoU 0.5"]
        for key in ("interval", "p"):
            np.testing.assert_allclose(found["end +-0"][key], expected[key])

    def _again(self, name, *arguments):
        status, _, err = running.fsn(
            "evaluate",
            f"--detections={self.folder / name}.csv",
            f"--annotations={self.truth}",
            f"--out={self.folder / name}-again",
            *arguments,
        )
        self.assertEqual(status, 0, err)

    def test_compares_frames_where_they_were_drawn(self):
        generator = np.random.default_rng(6)
        for name in ("x", "y"):
            for video in VIDEOS:
                frame_scores.write(
                    self.folder / name,
                    video,
                    generator.random((7, 2)),
                    fps=1.0,
                    classes=CLASSES,
                )
            for protocol in ("oad", "multilabel", "thumos14"):
                self._evaluate_scores(name, protocol, "--meaning")
        found = self._compare("x-oad", "y-oad")["metrics"]
        self.assertEqual(list(found), ["mAP", "mcAP"])
        low, high = found["mcAP"]["interval"]
        self.assertLess(low, found["mcAP"]["difference"])
        self.assertLess(found["mcAP"]["difference"], high)
        frames = self._compare("x-thumos14", "y-thumos14")["metrics"]["frame"]
        multilabel = self._compare("x-multilabel", "y-multilabel")["metrics"]
        # Frame mAP is the same thing under another name.
        for key in ("values", "interval", "p"):
            np.testing.assert_allclose(frames[key], multilabel["mAP"][key])
        self._fails(
            "x-oad,y-oad", "--meaning --num_resamples=1000 --seed=5", "--seed=5"
        )
        self._evaluate_scores("x", "oad")
        self._fails("x-oad,y-oad", "x-oad: expected resampled.npz")

    def _evaluate_scores(self, name, protocol, *arguments):
        status, _, err = running.fsn(
            "evaluate",
            f"--protocol={protocol}",
            f"--scores={self.folder / name}",
            f"--annotations={self.truth}",
            f"--out={self.folder / name}-{protocol}",
            *arguments,
        )
        self.assertEqual(status, 0, err)

    def test_compares_several_each_with_each(self):
        self._evaluate("none", ["a,7,9,Jump,0.1"])
        names = ("all", "half", "none")
        paths = [self.folder / name for name in names]
        found = comparison.compare_all(paths, seed=2)
        self.assertEqual(
            found["metrics"]["tIoU 0.5"]["values"], [0.5, 0.25, 0.0]
        )
        pairs = {tuple(one["results"]): one for one in found["pairs"]}
        self.assertEqual(list(pairs), [(0, 1), (0, 2), (1, 2)])
        ps = []
        for (first, second), one in pairs.items():
            alone = self._compare(names[first], names[second], seed=2)
            several = dict(one["metrics"]["tIoU 0.7"])
            ps.append((several["p"], several.pop("p_corrected")))
            self.assertEqual(several, alone["metrics"]["tIoU 0.7"])
        # The least of three counts three times.
        self.assertAlmostEqual(min(ps)[1], 3 * min(ps)[0])
        status, out, _ = running.fsn(
            "compare",
            f"--results={','.join(map(str, paths))}",
            f"--out={self.folder / 'out'}",
        )
        self.assertEqual(status, 0)
        self.assertIn("corrected for 3 pairs", out)
        self.assertRegex(out, r"tIoU 0.7 +3 - 1 +-50.0 ")
        text = (self.folder / "out/comparison.md").read_text()
        self.assertIn("| tIoU 0.5 | 3 - 2 | -25.0 |", text)

    def test_tells_published_detections_apart(self):
        data = shared_data.path("thumos14")
        for name in ("scnn_c3d_iou0.5", "turn_flow_scnn_iou0.5"):
            running.fsn(
                "evaluate",
                f"--detections={data / 'detections' / name}.txt",
                f"--annotations={data / 'annotation_test'}",
                f"--out={self.folder / name}",
                "--tiou=0.5",
                "--nms=false",
            )
        start = time.perf_counter()
        found = self._compare("scnn_c3d_iou0.5", "turn_flow_scnn_iou0.5")
        self.assertLess(time.perf_counter() - start, 20)
        one = found["metrics"]["tIoU 0.5"]
        np.testing.assert_allclose(one["values"], [0.1897, 0.2556], atol=1e-4)
        self.assertLess(one["p"], 0.01)


if __name__ == "__main__":
    absltest.main()
