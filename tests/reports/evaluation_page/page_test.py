"""The page of an evaluation."""

import html.parser
import json
import pathlib
import re

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

import fsn_tf
from fsn_tf import errors
from fsn_tf.evaluation import from_files
from fsn_tf.evaluation import settings
from fsn_tf.grouping import frame_scores
from fsn_tf.reports import result_files
from fsn_tf.reports.evaluation_page import meaning_sections
from tests.kit import temporary_files

# Names that would be markup, a mark of the template, or end an attribute.
_ODD = "<b>\"${style}&amp;' onload=x"
_EMPTY = {"meta", "link", "img"}


class _Page(html.parser.HTMLParser):
    """What a browser finds: texts, links, tags that are open, all checked."""

    def __init__(self, content):
        super().__init__()
        self.open, self.tags, self.links, self.ids = [], [], [], set()
        self.texts = []
        self.feed(content)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.tags.append((tag, values))
        if tag == "a":
            self.links.append(values["href"])
        if "id" in values:
            assert values["id"] not in self.ids, values
            self.ids.add(values["id"])
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, (tag, self.open)

    def handle_data(self, data):
        self.texts.append(data)


def _localized(*videos):
    """A page of fsn localize, as far as it tells what it shows."""
    data = json.dumps({"videos": [{"name": x} for x in videos]})
    data = data.replace("<", "\\u003c")
    return f'<script type="application/json" id="data">{data}</script>'


class PageTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.truth = fsn_tf.Annotations.from_rows(
            [("v", "Run", 0, 4), ("w/1", _ODD, 2, 5), (_ODD, "Run", 1, 2)]
        )
        self.found = fsn_tf.Detections.from_rows(
            [("v", "Run", 0, 4, 0.9), ("w/1", "Run", 2, 5, 0.8)],
            classes=self.truth.classes,
        )

    def _write(self, result):
        written = result_files.write(self.folder / "out", result, page=True)
        self.assertEqual(written[0], "report.html")
        content = (self.folder / "out" / "report.html").read_text()
        page = _Page(content)
        self.assertEqual(page.open, [])
        return content, page

    def test_shows_figures_curves_mistakes_and_videos(self):
        result = fsn_tf.evaluate(self.found, self.truth)
        content, page = self._write(result)
        self.assertContainsSubset(
            ["figures", "curves", "classes", "diagnosis", "videos"], page.ids
        )
        texts = " ".join(page.texts)
        self.assertIn("mAP at tIoU 0.5", texts)
        # One of two classes has one of its two instances found.
        self.assertIn("25.0", texts)
        # Names are text, wherever they stand, and nothing else.
        self.assertIn(_ODD, texts)
        # Ours are around the names of the two charts.
        self.assertEqual(content.count("<b>"), 2)
        for _, attributes in page.tags:
            self.assertFalse([x for x in attributes if x.startswith("on")])

    def test_needs_nothing_but_itself(self):
        content, page = self._write(fsn_tf.evaluate(self.found, self.truth))
        self.assertNotIn("script", {tag for tag, _ in page.tags})
        self.assertEmpty(re.findall(r"https?://|url\(", content))
        self.assertIn("default-src 'none'", content)
        self.assertLess(len(content), 40_000)

    def test_every_picture_says_what_it_shows(self):
        _, page = self._write(fsn_tf.evaluate(self.found, self.truth))
        roles = [x for _, x in page.tags if x.get("role") == "img"]
        self.assertGreater(len(roles), 3)
        self.assertTrue(all(x["aria-label"] for x in roles))
        levels = [tag for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
        self.assertEqual(levels, ["h1"] + ["h2"] * (len(levels) - 1))

    def test_links_to_the_page_that_plays_the_videos(self):
        (self.folder / "report.html").write_text(_localized("w/1", _ODD))
        _, page = self._write(fsn_tf.evaluate(self.found, self.truth))
        self.assertEqual(
            sorted(page.links),
            [
                "../report.html#%3Cb%3E%22%24%7Bstyle%7D%26amp%3B%27%20onload"
                "%3Dx",
                "../report.html#w%2F1",
            ],
        )

    def test_leaves_that_page_alone(self):
        path = self.write("out/report.html", _localized("v"))
        result = fsn_tf.evaluate(self.found, self.truth)
        with self.assertRaisesRegex(errors.InputError, "page of fsn localize"):
            result_files.write(self.folder / "out", result, page=True)
        names = result_files.write(self.folder / "out", result)
        self.assertNotIn("report.html", names)
        self.assertEqual(path.read_text(), _localized("v"))

    def test_goes_with_the_next_result(self):
        result = fsn_tf.evaluate(self.found, self.truth)
        self._write(result)
        result_files.write(self.folder / "out", result)
        self.assertFalse((self.folder / "out" / "report.html").exists())

    def test_shows_nothing_found_and_nothing_annotated(self):
        none = self.found.take(np.zeros(0, int))
        self._write(fsn_tf.evaluate(none, self.truth))
        empty = fsn_tf.Annotations(("Run",), ("v",), (), ())
        self._write(fsn_tf.evaluate(self.found_of(empty), empty))

    def found_of(self, truth):
        """No detection, of the classes of a ground truth."""
        return fsn_tf.Detections.from_rows(
            [], classes=truth.classes, videos=truth.videos
        )

    @parameterized.parameters(
        (settings.Spotting(), "start +-1"),
        (settings.Frames(), "Run"),
    )
    def test_shows_other_protocols(self, rules, text):
        scores = self.folder / "scores"
        for video in ("v", "w"):
            frame_scores.write(
                scores, video, np.eye(2)[[0, 1]], fps=1, classes=["Dive", "Run"]
            )
        truth = self.write("truth.csv", "v,0,1,Run\nw,1,2,Dive\n")
        inputs = from_files.Inputs(truth, scores=[scores])
        _, page = self._write(from_files.evaluate(inputs, rules))
        self.assertIn(text, page.texts)
        self.assertIn("per-class", page.ids)


class MeaningTest(absltest.TestCase):
    def test_shows_boundaries_and_the_lowest_videos(self):
        ends = {"median": 0.0, "mean": 0.25, "mean_absolute": 0.75}
        ends |= {"pairs": 4, "histogram": {"-1": 1, "0": 3}}
        found = {
            "boundaries": {"fps": 25, "starts": ends, "ends": ends},
            "worst_videos": [{"video": "v", "figure": "mAP", "value": 0.125}],
        }
        sections = meaning_sections.of(found, {"v": "page#v"})
        page = _Page("".join(sections))
        self.assertEqual(page.open, [])
        self.assertContainsSubset(
            ["75.0", "-1", "0.8", "mAP in %", "12.5"], page.texts
        )
        self.assertEqual(page.links, ["page#v"])
        self.assertEqual(meaning_sections.of({}, {}), [])


class TemplateTest(absltest.TestCase):
    def test_style_defines_every_color_for_dark_pages_too(self):
        path = pathlib.Path(result_files.evaluation_page.__file__).with_name(
            "page.css"
        )
        light, dark = re.findall(r":root \{(.*?)\}", path.read_text(), re.S)[:2]
        names = [set(re.findall(r"(--[\w]+):", text)) for text in (light, dark)]
        self.assertEqual(*names)


if __name__ == "__main__":
    absltest.main()
