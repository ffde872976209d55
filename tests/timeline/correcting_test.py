"""Segments corrected in the page, in a real browser, saved and read again."""

import json
import re
import time

from absl.testing import absltest
import numpy as np
import pytest

from fsn_tf import annotations
from fsn_tf import segments
from fsn_tf.annotations import csv_files
from fsn_tf.timeline import browser_video
from fsn_tf.timeline import report_page
from fsn_tf.videos import video_files
from tests.kit import made_up
from tests.kit import pages
from tests.kit import running
from tests.kit import temporary_files

_FPS = 25.0
_CLASSES = ("Jump", 'Dive, "high" <b>')
_RIGHT, _LEFT, _SHIFT, _CONTROL = "\ue014", "\ue012", "\ue008", "\ue009"
_DELETE, _ESCAPE, _ENTER = "\ue017", "\ue00c", "\ue007"
_PAGE_UP, _PAGE_DOWN = "\ue00e", "\ue00f"
# (class, first frame, stop, score)
_FOUND = ((0, 10, 20, 0.9), (1, 15, 40, 0.75), (0, 50, 60, 0.6))


def _found(name, rows):
    """segments.Detections of one video."""
    return segments.Detections.from_rows(
        [
            (name, _CLASSES[label], first / _FPS, stop / _FPS, score)
            for label, first, stop, score in rows
        ],
        classes=_CLASSES,
        videos=[name],
    )


def _timeline(name, rows, probabilities, **facts):
    return report_page.Timeline(
        name=name,
        media=facts.pop("media", "missing.webm"),
        seconds=len(probabilities) / _FPS,
        fps=_FPS,
        found=_found(name, rows),
        curves=report_page.curves(probabilities),
        crossings=report_page.crossings(probabilities, [0.5, 0.5]),
        **facts,
    )


class CrossingsTest(temporary_files.TestCase):
    def test_are_the_edges_of_what_lies_above(self):
        probabilities = np.array(
            [[0.9, 0.5], [0.2, 0.7], [0.5, 0.7], [0.6, 0.4]], np.float32
        )
        found = report_page.crossings(probabilities, [0.5, 0.65])
        self.assertEqual([x.tolist() for x in found], [[0, 1, 3, 4], [1, 3]])


class _InBrowser(pages.TestCase):
    """Tests of an open page."""

    def setUp(self):
        super().setUp()
        self.browser.download_to(self.folder)
        self.browser.resize(1200, 1300)
        self.browser.open(self.page)
        self.browser.run("(localStorage.clear(), 0)")
        self.browser.open(self.page)

    def _rows(self):
        """[[class, first frame, stop, mark]] as the page has them."""
        return self.browser.run(
            "now.rows.map((x) => [x.k, ...framesOf(x), markOf(now, x)])"
        )

    def _place(self, seconds, lane):
        """A place in the window: on the segments of a row of the timeline."""
        self.browser.run("canvas.scrollIntoView({ block: 'center' })")
        return self.browser.run(
            f"((box) => [box.left + toX({seconds}), box.top + AXIS + {lane} * "
            "rowHeight() + LABEL + CURVE + GAP + BAR / 2])"
            "(canvas.getBoundingClientRect())"
        )

    def _go(self, frame):
        self.browser.run(f"(seekFrame({frame}), 0)")
        self.browser.wait("!video.seeking")

    def _save(self, form, name):
        """The file that a press of Save downloads."""
        self.browser.run(f"(by('format').value = '{form}', 0)")
        self.browser.run("by('save').click()")
        path, end = self.folder / name, time.monotonic() + 20
        while not path.exists() and time.monotonic() < end:
            time.sleep(0.05)
        return path


@pytest.mark.slow
class CorrectingTest(_InBrowser):
    """What a person does with a video of 60 frames, and one without action."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        source = video_files.Video(
            made_up.write_video(cls.shared / "first.mp4", np.arange(60) * 4 + 8)
        )
        rising = np.arange(60, dtype=np.float32) / 100
        probabilities = np.stack([rising, 1 - rising], axis=1)
        reading = source.frames(_FPS)
        for _ in reading:
            pass
        media = browser_video.provide(
            source,
            cls.shared / "media",
            plays=browser_video.is_played(source, reading),
        ).relative_to(cls.shared)
        truth = (segments.Instance("first", "Jump", 0.36, 0.84),)
        cls.timelines = [
            _timeline(
                "first",
                _FOUND,
                probabilities,
                media=media.as_posix(),
                truth=truth,
            ),
            _timeline("second, too", (), probabilities, media=media.as_posix()),
        ]
        report_page.write(cls.page, cls.timelines, threshold=0.5)

    def setUp(self):
        super().setUp()
        self.assertTrue(self.browser.wait("video.readyState >= 2"))

    def tearDown(self):
        self.assertEmpty(self.browser.errors())
        super().tearDown()

    def test_a_session_by_mouse_and_keys_saved_and_evaluated(self):
        # The end of the first, by the mouse; a frame is 18 pixels wide.
        self.browser.drag(self._place(0.8, 0), self._place(1.04, 0))
        # The start of the second, by keys: three frames, then ten.
        self.browser.press("n")
        self.browser.press("s")
        for _ in range(3):
            self.browser.press(_RIGHT)
        self.browser.press(_SHIFT, _RIGHT)
        # The third is deleted, which is taken back.
        self.browser.press("n")
        self.browser.press(_DELETE)
        self.assertLen(self._rows(), 2)
        self.browser.press(_CONTROL, "z")
        expected = [
            [0, 10, 26, "changed"],
            [1, 28, 40, "changed"],
            [0, 50, 60, ""],
        ]
        self.assertEqual(self._rows(), expected)

        path = self._save("csv", "corrected.csv")

        truth = annotations.read(path)
        self.assertEqual(truth.videos, ("first", "second, too"))
        self.assertEqual(
            [
                (x.label, x.start_seconds, x.end_seconds)
                for x in truth.instances
            ],
            # As Python divides, to the last bit.
            [
                (_CLASSES[k], first / _FPS, stop / _FPS)
                for k, first, stop, _ in expected
            ],
        )
        self._check_evaluation(path)

    def _check_evaluation(self, path):
        """What was found, on the corrected file: worked out by hand."""
        found = segments.join([each.found for each in self.timelines])
        csv_files.write_detections(self.folder / "found.csv", found)
        status, _, err = running.fsn(
            "evaluate",
            f"--detections={self.folder / 'found.csv'}",
            f"--annotations={path}",
            f"--out={self.folder / 'results'}",
        )
        self.assertEqual(status, 0, err)
        maps = json.loads((self.folder / "results/results.json").read_text())
        maps = maps["segment_map"]
        # Jump: 10 of 16 frames and, second in rank, 10 of 10; the other: 12 of
        # 25 frames.
        self.assertEqual(
            [maps[x] for x in ("0.4", "0.5", "0.6", "0.7")],
            [1, 0.5, 0.5, 0.125],
        )

    def test_keys_add_split_join_and_relabel(self):
        self._go(30)
        self.browser.press("i")
        self._go(34)
        self.browser.press("o")
        self.assertIn([0, 30, 35, "added"], self._rows())
        self._go(32)
        self.browser.press("x")
        self.assertIn([0, 30, 32, "added"], self._rows())
        self.assertIn([0, 32, 35, "added"], self._rows())
        # The second half is chosen now, and joined with frames 50 to 60.
        self.browser.press("j")
        self.assertEqual(
            self._rows(),
            [
                [0, 10, 20, ""],
                [1, 15, 40, ""],
                [0, 30, 32, "added"],
                [0, 32, 60, "added"],
            ],
        )
        self.browser.press("c")
        self.browser.press("D")
        self.assertEqual(self._rows()[3], [1, 32, 60, "added"])
        for _ in range(4):
            self.browser.press(_CONTROL, "z")
        self.assertEqual(self._rows(), [[*x[:3], ""] for x in _FOUND])
        self.browser.press(_CONTROL, "y")
        self.assertIn([0, 30, 35, "added"], self._rows())

    def test_an_edge_goes_to_a_crossing_or_the_present_and_stays_inside(self):
        self._go(15)
        self.browser.press("p")
        self.browser.press("n")
        self.browser.press("e")
        # 1 - f / 100 falls below a half at frame 50, and was above at 0.
        self.browser.press(_PAGE_UP)
        self.assertEqual(self._rows()[1], [1, 15, 50, "changed"])
        self.browser.press(_PAGE_DOWN)
        self.assertEqual(self._rows()[1], [1, 15, 16, "changed"])
        self._go(57)
        self.browser.press(_ENTER)
        self.assertEqual(self._rows()[1], [1, 15, 58, "changed"])
        self.browser.press(_SHIFT, _RIGHT)
        self.assertEqual(self._rows()[1], [1, 15, 60, "changed"])
        # A series of moves of one edge is one step.
        self.browser.press(_CONTROL, "z")
        self.assertEqual(self._rows()[1], [1, 15, 40, ""])

    def test_escape_lets_an_edge_go_where_it_was(self):
        x, y = self._place(0.8, 0)
        self.browser.run(
            f"(canvas.setPointerCapture = () => 0, ['pointerdown', "
            f"'pointermove'].forEach((type, n) => canvas.dispatchEvent("
            f"new PointerEvent(type, {{ clientX: {x} + 60 * n, clientY: {y}, "
            "button: 0, pointerId: 1 }))))"
        )
        self.assertNotEqual(self._rows()[0], [0, 10, 20, ""])
        self.browser.press(_ESCAPE)
        self.assertEqual(self._rows()[0], [0, 10, 20, ""])
        self.assertEqual(self.browser.run("now.at"), 0)

    def test_a_browser_keeps_what_is_not_saved(self):
        self._go(12)
        self.browser.press("x")
        self.browser.open(self.page)
        self.assertTrue(self.browser.wait("video.readyState >= 2"))
        self.assertEqual(
            self._rows()[:2], [[0, 10, 12, "changed"], [0, 12, 20, "changed"]]
        )
        self.assertIn("2 changed", self._text("corrections"))
        self.assertIn("Not saved", self._text("corrections"))
        self.browser.run("by('revert').click()")
        self.assertEqual(self.browser.run("localStorage.length"), 0)
        self.assertEqual(self._rows(), [[*x[:3], ""] for x in _FOUND])

    def _text(self, name):
        return self.browser.run(f"by('{name}').textContent")

    def test_what_others_left_in_the_browser_is_not_taken(self):
        for odd in ("[[9,0,1,1,0]]", "{", "[[0,2,1,1,0]]", "[0]", "7"):
            self.browser.run(f"(localStorage.setItem(keyOf(now), {odd!r}), 0)")
            self.browser.open(self.page)
            self.assertEqual(self._rows(), [[*x[:3], ""] for x in _FOUND], odd)

    def test_all_formats_say_the_same(self):
        self._go(30)
        self.browser.press("x")
        of_csv = annotations.read(self._save("csv", "corrected.csv"))
        path = self._save("activitynet", "corrected.json")
        of_json = annotations.read(path, classes=of_csv.classes)
        self.assertEqual(of_json.instances, of_csv.instances)
        self.assertEqual(of_json.videos, of_csv.videos)
        self.assertEqual(of_json.durations_seconds["first"], 2.4)
        path = self._save("webvtt", "first.vtt")
        self.assertEqual(
            path.read_text(),
            "WEBVTT\n"
            "\n00:00:00.400 --> 00:00:00.800\nJump\n"
            '\n00:00:00.600 --> 00:00:01.200\nDive, "high" &lt;b&gt;\n'
            '\n00:00:01.200 --> 00:00:01.600\nDive, "high" &lt;b&gt;\n'
            "\n00:00:02.000 --> 00:00:02.400\nJump\n",
        )
        of_vtt = annotations.read(path, classes=of_csv.classes)
        self.assertEqual(of_vtt.instances, of_csv.instances)
        self.assertNotIn("Not saved", self._text("corrections"))

    def test_ground_truth_can_be_corrected_in_its_turn(self):
        self.browser.run("by('take-truth').click()")
        self.assertEqual(self._rows(), [[0, 9, 21, "added"]])
        path = self._save("csv", "corrected.csv")
        (one,) = annotations.read(path).instances
        self.assertEqual((one.start_seconds, one.end_seconds), (0.36, 0.84))

    def test_handles_say_what_they_are(self):
        self.browser.press("n")
        self.browser.press("e")
        tree = self.browser.devtools("Accessibility.getFullAXTree")["nodes"]
        sliders = {
            node["name"]["value"]: node["value"]["value"]
            for node in tree
            if node.get("role", {}).get("value") == "slider"
        }
        handles = {x: y for x, y in sliders.items() if x.endswith("of Jump")}
        self.assertEqual(handles, {"Start of Jump": 10, "End of Jump": 20})
        self.assertNotEqual(
            self.browser.run(
                "getComputedStyle(document.activeElement).outlineStyle"
            ),
            "none",
        )

    def test_words_stand_out_from_what_is_behind_them(self):
        self._go(12)
        self.browser.press("x")
        for scheme in ("light", "dark"):
            self.browser.devtools(
                "Emulation.setEmulatedMedia",
                features=[{"name": "prefers-color-scheme", "value": scheme}],
            )
            for selector in ("#chosen", "#corrections", "#said", "#save"):
                self.assertGreater(self._contrast(selector), 4.5, selector)

    def _contrast(self, selector):
        """WCAG's contrast of an element's text."""
        ink, ground = self.browser.run(
            f"((x) => {{ const ink = getComputedStyle(x).color; while ("
            "/, 0\\)$|transparent/.test(getComputedStyle(x).backgroundColor)) "
            "x = x.parentElement; return [ink, "
            "getComputedStyle(x).backgroundColor]; })"
            f"(document.querySelector('{selector}'))"
        )
        light, dark = sorted(map(_luminance, (ink, ground)), reverse=True)
        return (light + 0.05) / (dark + 0.05)


def _luminance(color):
    parts = np.array(re.findall(r"\d+", color)[:3], float) / 255
    linear = np.where(
        parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4
    )
    return linear @ [0.2126, 0.7152, 0.0722]


@pytest.mark.slow
class LongVideoTest(_InBrowser):
    """Two hours with 1,000 segments; the video itself is not needed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frames = int(2 * 3600 * _FPS)
        first = np.arange(1000) * 180
        rows = [(n % 2, a, a + 90, 0.9) for n, a in enumerate(first.tolist())]
        probabilities = np.zeros((frames, 2), np.float32)
        for label, start, stop, _ in rows:
            probabilities[start:stop, label] = 0.9
        report_page.write(
            cls.page, [_timeline("v", rows, probabilities)], threshold=0.5
        )

    def test_a_drag_snaps_to_the_frame_of_a_crossing(self):
        # 7 seconds to a pixel: frame 450 of class 0 is not to be met by hand.
        self.browser.run("(look(0, 400), 0)")
        x, y = self._place(90 / _FPS, 0)
        target, _ = self._place(450 / _FPS, 0)
        self.browser.drag((x, y), (target + 5, y))
        self.assertEqual(self._rows()[0], [0, 0, 450, "changed"])

    def test_is_fluent(self):
        """Every step costs less than a tenth of a second of a busy machine."""
        self.browser.run(
            "(choose(now.rows[500]), drag = { row: now.rows[500], side: 'end', "
            "offset: 0, others: without(now.rows[500]), next: now.rows[500] }, "
            "0)"
        )
        steps = {
            "drawing": "redraw()",
            "an edge moved": "(pull({ clientX: 600 + n, altKey: true }), "
            "redraw(), n === 8 && drop(false))",
            "a correction": "(seekFrame(500 * 180 + 30 + n), "
            "choose(now.rows[500]), split())",
            "the next segment": "neighbor(1)",
        }
        for what, step in steps.items():
            times = self.browser.run(
                "[...Array(9)].map((_, n) => { const from = performance.now(); "
                f"{step}; return performance.now() - from; }})"
            )
            print(f"{what}: {np.median(times):.1f} ms")
            # The least, as others use the machine, too.
            self.assertLess(min(times), 100, what)


if __name__ == "__main__":
    absltest.main()
