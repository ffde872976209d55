"""Figure 2: which videos, which segments, and where they are drawn."""

import xml.etree.ElementTree

from absl.testing import absltest
import cv2
import numpy as np

from fsn_tf import segments
from fsn_tf.paper import figures
from fsn_tf.paper import png
from fsn_tf.reports import drawing
from tests.kit import made_up
from tests.kit import running
from tests.kit import temporary_files


def _detections(*rows, videos=("a", "b", "c"), classes=("Dive", "Jump")):
    """From rows (place of the video, place of the label, start, ...)."""
    return segments.Detections.from_rows(
        [(videos[row[0]], classes[row[1]], *row[2:]) for row in rows],
        classes=classes,
        videos=videos,
    )


def _truth(*rows, classes=("Dive", "Jump"), videos=("a", "b", "c")):
    return segments.Annotations.from_rows(rows, classes=classes, videos=videos)


class VideosTest(absltest.TestCase):
    def test_scores_each_video_by_its_own_classes(self):
        truth = _truth(
            ("a", "Dive", 0, 10), ("a", "Jump", 20, 30), ("b", "Jump", 0, 10)
        )
        found = _detections(
            (0, 0, 0, 9, 0.9),  # found
            (0, 1, 0, 10, 0.8),  # a miss before
            (0, 1, 20, 30, 0.7),  # what is found: half the precision
            (1, 0, 0, 10, 0.9),  # a class that b has not
            (1, 1, 0, 10, 0.1),
            (2, 1, 0, 10, 0.9),
        )
        self.assertEqual(
            figures.average_precisions(truth, found), {"a": 0.75, "b": 1.0}
        )
        nothing = found.take(found.score > 1)
        self.assertEqual(
            figures.average_precisions(truth, nothing), {"a": 0, "b": 0}
        )

    def test_takes_the_best_first_and_the_worst_last(self):
        precisions = {"a": 0.5, "b": 1.0, "c": 0.0, "d": 0.5}
        ranked = figures.best_and_worst(precisions, 1, 2)
        self.assertEqual(ranked, ["b", "d", "c"])
        everything = figures.best_and_worst(precisions, 3, 3)
        self.assertEqual(everything, ["b", "a", "d", "c"])

    def test_draws_the_most_confident_of_those_that_overlap(self):
        found = _detections(
            (0, 0, 0, 10, 0.6),
            (0, 0, 2, 5, 0.9),
            (0, 0, 12, 13, 0.7),
            (0, 1, 2, 5, 0.55),
            (0, 1, 7, 8, 0.5),
        )
        self.assertEqual(
            figures.most_confident(found, 0.5),
            [("Dive", 2, 5), ("Dive", 12, 13), ("Jump", 2, 5)],
        )


class LayoutTest(absltest.TestCase):
    def setUp(self):
        super().setUp()
        rows = {
            "Ground truth": [("Dive & swim", 0.0, 5.0), ("Jump", 4.0, 10.0)],
            "FSN": [("Jump", 5.0, 10.0)],
        }
        gray = np.full((30, 40, 3), 90, np.uint8)
        panel = figures.Panel("v <1>", 10.0, [gray] * 5, rows, {"FSN": 0.256})
        self.width, self.height, self.shapes = figures.layout([panel])

    def _bars(self):
        colors = {}
        for shape in self.shapes:
            if isinstance(shape, drawing.Box) and shape.height == 16:
                colors.setdefault(shape.color, []).append(shape)
        return sorted(colors.values(), key=len)

    def test_places_segments_in_proportion_to_their_time(self):
        (dive,), (jump, found) = self._bars()
        pictures = [x for x in self.shapes if isinstance(x, drawing.Picture)]
        left = pictures[0].x - 1
        right = pictures[-1].x + pictures[-1].width + 1
        self.assertAlmostEqual(dive.x, left)
        self.assertAlmostEqual(found.x, (left + right) / 2)
        self.assertAlmostEqual(found.x + found.width, right - 1)
        self.assertAlmostEqual(jump.x, left + 0.4 * (right - left))
        # They overlap, so the later one is a lane lower; the row is after.
        self.assertGreaterEqual(jump.y, dive.y + dive.height)
        self.assertGreater(found.y, jump.y + jump.height)

    def test_svg_is_whole_and_says_what_the_rows_are(self):
        text = drawing.svg(self.width, self.height, self.shapes)
        root = xml.etree.ElementTree.fromstring(text)
        kinds = [node.tag.split("}")[1] for node in root]
        self.assertEqual(kinds.count("image"), 5)
        texts = [node.text for node in root if node.text and node.text.strip()]
        for line in ("v <1>", "Ground truth", "FSN", "AP 26 %", "10 s"):
            self.assertIn(line, texts)
        self.assertEqual(texts.count("Dive & swim"), 2)
        self.assertNotRegex(text, r'href="(?!data:)')

    def test_png_shows_the_same_at_twice_the_size(self):
        data = png.encoded(self.width, self.height, self.shapes)
        image = cv2.imdecode(np.frombuffer(data, np.uint8), 1)[..., ::-1]
        self.assertEqual(
            image.shape[:2], (round(2 * self.height), round(2 * self.width))
        )
        for bars in self._bars():
            for bar in bars:
                x, y = round(2 * bar.x) + 3, round(2 * bar.y) + 3
                self.assertEqual(f"#{image[y, x].tobytes().hex()}", bar.color)
        picture = next(x for x in self.shapes if isinstance(x, drawing.Picture))
        x, y = round(2 * picture.x) + 3, round(2 * picture.y) + 3
        self.assertEqual(tuple(image[y, x]), (90, 90, 90))


class CommandTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        (self.folder / "videos").mkdir()
        for name in "abc":
            made_up.write_video(
                self.folder / "videos" / f"{name}.mp4", range(10, 110, 2)
            )
        self.truth = self.write(
            "truth.csv", "video,start,end,label\na,0,1,Jump\nb,1,2,Dive\n"
        )
        self.found = self.write(
            "found.csv",
            "video,start,end,label,score\na,0,1,Jump,0.9\nb,0,0.5,Dive,0.8\n",
        )

    def _fsn(self, *words):
        return running.fsn(
            "figure",
            f"--annotations={self.truth}",
            f"--videos={self.folder / 'videos'}",
            f"--out={self.folder / 'fig.2'}",
            *words,
        )

    def test_draws_the_best_and_the_worst(self):
        status, out, err = self._fsn(
            f"--results=A={self.found},B={self.found}",
            "--best=1",
            "--worst=1",
        )
        self.assertEqual((status, err), (0, ""))
        self.assertIn(": a, b", out)
        text = (self.folder / "fig.2.svg").read_text()
        self.assertEqual(text.count("<image"), 20)
        self.assertEqual(text.count("AP 100 %"), 2)
        self.assertEqual(text.count("AP 0 %"), 2)
        self.assertIsNotNone(cv2.imread(str(self.folder / "fig.2.png")))

    def test_says_in_one_line_what_is_wrong(self):
        for status, message, *words in (
            (2, "--chosen, --best or", f"--results=A={self.found}"),
            (2, "expected NAME=PATH", "--results=x", "--best=1"),
            (2, "a method twice", "--results=A=x,A=y", "--best=1"),
            (1, "no video 'c'", f"--results=A={self.found}", "--chosen=c"),
        ):
            got, out, err = self._fsn(*words)
            self.assertEqual((got, out), (status, ""), err)
            self.assertIn(message, err)
            self.assertEqual(err.count("\n"), 1)
        self.assertEmpty(list(self.folder.glob("fig*")))


if __name__ == "__main__":
    absltest.main()
