"""Where mAP is lost, on cases small enough to count by hand."""

import json
import xml.etree.ElementTree

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf import annotations as ground_truth
from fsn_tf import segments
from fsn_tf.evaluation import diagnosis
from fsn_tf.evaluation import mistakes
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import ranking
from fsn_tf.reports import diagnosis_report
from tests.kit import shared_data

CLASSES = ("Dive", "Jump")
# Lengths 1 (XS), 2 (S) and 10 (L) of Jump, two of them in one video; 4 (M)
# of Dive.
INSTANCES = (
    segments.Instance("a", "Jump", 0, 10),
    segments.Instance("a", "Jump", 20, 21),
    segments.Instance("b", "Jump", 30, 32),
    segments.Instance("b", "Dive", 50, 54),
)
TRUTH = segments.Annotations(
    CLASSES,
    ("a", "b", "c"),
    INSTANCES,
    (segments.Instance("c", segments.AMBIGUOUS, 0, 5),),
)
ROWS = (
    ("a", "Jump", 0, 9, 0.9),  # right, 0.9 of the long one
    ("a", "Jump", 0, 8, 0.8),  # the same again
    ("b", "Jump", 50, 54, 0.7),  # that is Dive
    ("a", "Jump", 20, 20.3, 0.6),  # 0.3 of the very short one
    ("b", "Jump", 60, 70, 0.5),  # nothing there
    ("b", "Jump", 53, 54, 0.4),  # a quarter of Dive
    ("c", "Jump", 0, 5, 0.3),  # ambiguous
    ("b", "Jump", 30, 32, 0.2),  # right, the short one
    ("b", "Dive", 10, 12, 0.1),  # nothing there
)
KINDS = [
    ("b", "Dive", mistakes.BACKGROUND),
    ("a", "Jump", mistakes.RIGHT),
    ("a", "Jump", mistakes.DOUBLE),
    ("b", "Jump", mistakes.WRONG_LABEL),
    ("a", "Jump", mistakes.LOCALIZATION),
    ("b", "Jump", mistakes.BACKGROUND),
    ("b", "Jump", mistakes.WRONG_LABEL),
    ("b", "Jump", mistakes.RIGHT),
]


def found(rows=ROWS):
    videos = TRUTH.videos[::-1]
    return segments.Detections.from_rows(rows, classes=CLASSES, videos=videos)


def diagnosed(
    detections, annotations=TRUTH, tiou=0.5, protocol=protocols.THUMOS14
):
    (ranked,) = ranking.rankings(
        annotations, detections, [tiou], protocol=protocol
    )
    return ranked, diagnosis.diagnosis(
        annotations, detections, ranked, tiou, protocol=protocol
    )


class DiagnosisTest(parameterized.TestCase):
    def test_says_why_each_detection_is_wrong(self):
        ranked, _ = diagnosed(found())
        kinds = mistakes.kinds_of(
            TRUTH, found(), ranked, 0.5, protocols.THUMOS14
        )
        rows = [
            (TRUTH.videos[video], CLASSES[label], kind)
            for video, label, kind in zip(
                ranked.video, ranked.label, kinds, strict=True
            )
        ]
        self.assertEqual(rows, KINDS)

    def test_counts_ambiguous_overlaps_as_activitynet_does(self):
        _, result = diagnosed(found(), protocol=protocols.ACTIVITYNET)
        background = result["false_positives"][mistakes.BACKGROUND]
        self.assertEqual(background["count"], 3)

    @parameterized.parameters(
        (protocols.THUMOS14, mistakes.LOCALIZATION),
        (protocols.ACTIVITYNET, mistakes.DOUBLE),
    )
    def test_reaches_the_tiou_as_the_protocol_does(self, protocol, kind):
        rows = ("a", "Jump", 0, 10, 0.9), ("a", "Jump", 0, 5, 0.8)
        _, result = diagnosed(found(rows), protocol=protocol)
        self.assertEqual(result["false_positives"][kind]["count"], 1)

    def test_says_what_each_kind_costs(self):
        _, result = diagnosed(found())
        # Jump: right at ranks 1 and 7 of 3 instances; Dive: never.
        before = (1 + 2 / 7) / 3 / 2
        self.assertAlmostEqual(result["segment_map"], before)
        for kind, count, rank in (
            (mistakes.DOUBLE, 1, 6),
            (mistakes.WRONG_LABEL, 2, 5),
            (mistakes.LOCALIZATION, 1, 6),
            (mistakes.BACKGROUND, 2, 6),
        ):
            one = result["false_positives"][kind]
            self.assertEqual(one["count"], count)
            self.assertAlmostEqual(
                before + one["map_gain"], (1 + 2 / rank) / 3 / 2
            )

    def test_groups_instances_by_length(self):
        _, result = diagnosed(found())
        groups = result["by_length_seconds"]
        sizes = {name: one["instances"] for name, one in groups.items()}
        self.assertEqual(sizes, {"XS": 1, "S": 1, "M": 1, "L": 1, "XL": 0})
        # The short one: at rank 6 once the long one's detection is out.
        maps = {name: one["segment_map"] for name, one in groups.items()}
        self.assertEqual(
            maps, {"XS": 0, "S": 1 / 6, "M": 0, "L": 1, "XL": None}
        )
        self.assertEqual(groups["S"]["found"], 1)
        self.assertEqual(groups["XS"]["found"], 0)

    def test_groups_instances_by_their_number_in_the_video(self):
        _, result = diagnosed(found())
        groups = result["by_instances_per_video"]
        sizes = [one["instances"] for one in groups.values()]
        # Two of Jump in a; one Jump and one Dive in b.
        self.assertEqual(sizes, [2, 2, 0, 0, 0])
        self.assertEqual(groups["2-4"]["found"], 1 / 2)

    def test_counts_kinds_down_the_ranking(self):
        _, result = diagnosed(found())
        # The first three of Jump and the first of Dive.
        self.assertEqual(
            result["by_rank"]["1"],
            {
                mistakes.RIGHT: 1,
                mistakes.DOUBLE: 1,
                mistakes.WRONG_LABEL: 1,
                mistakes.LOCALIZATION: 0,
                mistakes.BACKGROUND: 1,
            },
        )
        self.assertEqual(sum(result["by_rank"]["10"].values()), 8)

    @parameterized.parameters(*protocols.PROTOCOLS.values())
    def test_survives_nothing(self, protocol):
        _, result = diagnosed(found(()), protocol=protocol)
        self.assertEqual(result["segment_map"], 0)
        none = segments.Annotations(CLASSES, ("a",), ())
        _, result = diagnosed(found(()), none, protocol=protocol)
        self.assertIsNone(result["segment_map"])
        _, result = diagnosed(found(), none, protocol=protocol)
        self.assertIsNone(result["segment_map"])
        json.dumps(result, allow_nan=False)
        self.assertIn("-", diagnosis_report.svg(result))

    def test_adds_up_on_published_detections(self):
        folder = shared_data.path("thumos14")
        annotations = ground_truth.read(folder / "annotation_test")
        detections = ground_truth.read_detections(
            folder / "detections/scnn_c3d_iou0.5.txt",
            classes=annotations.classes,
        )
        ranked, result = diagnosed(detections, annotations)
        wrong = sum(x["count"] for x in result["false_positives"].values())
        self.assertEqual(wrong + ranked.right.sum(), len(ranked.row))
        for name in ("by_length_seconds", "by_instances_per_video"):
            groups = result[name].values()
            self.assertEqual(sum(x["instances"] for x in groups), 3358)
            right = sum(x["found"] * x["instances"] for x in groups)
            self.assertAlmostEqual(right, ranked.right.sum())


class ReportTest(absltest.TestCase):
    def test_draws_every_figure(self):
        _, result = diagnosed(found())
        root = xml.etree.ElementTree.fromstring(diagnosis_report.svg(result))
        texts = [one.text for one in root.iter() if one.tag.endswith("text")]
        for name in ("XS", "9-40", "> 40", mistakes.DOUBLE, "10 x"):
            self.assertIn(name, texts)

    def test_writes_tables(self):
        _, result = diagnosed(found())
        text = "\n".join(diagnosis_report.markdown(result))
        self.assertIn("| S | 1 | 100.0 | 16.7 |", text)
        self.assertIn("| wrong label | 2 |", text)
        self.assertIn("| 1 x instances | 25.0 | 25.0 | 25.0 | 0.0 |", text)


if __name__ == "__main__":
    absltest.main()
