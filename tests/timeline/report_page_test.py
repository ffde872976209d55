"""The page: what it holds, and what a real browser makes of it."""

import json
import re

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import pytest

from fsn_tf import segments
from fsn_tf.timeline import browser_video
from fsn_tf.timeline import report_page
from fsn_tf.videos import video_files
from tests.kit import made_up
from tests.kit import pages
from tests.kit import shared_data
from tests.kit import temporary_files

_FPS = 25.0


def _detections(name, rows, classes=("Jump", "Dive <b>&amp;")):
    """segments.Detections from rows (label, first frame, stop, score)."""
    return segments.Detections.from_rows(
        [
            (name, classes[label], first / _FPS, stop / _FPS, score)
            for label, first, stop, score in rows
        ],
        classes=classes,
        videos=[name],
    )


def _timeline(path, folder, rows, truth=None):
    """The Timeline of a video whose frames score f / 100 and 1 - f / 100."""
    source = video_files.Video(path)
    reading = source.frames(_FPS)
    frames = sum(1 for _ in reading)
    rising = np.arange(frames, dtype=np.float32) % 101 / 100
    media = browser_video.provide(
        source, folder / "media", plays=browser_video.is_played(source, reading)
    )
    return report_page.Timeline(
        name=path.stem,
        media=media.relative_to(folder).as_posix(),
        seconds=frames / _FPS,
        fps=_FPS,
        found=_detections(path.stem, rows),
        curves=report_page.curves(np.stack([rising, 1 - rising], axis=1)),
        truth=truth,
        note=reading.note(),
    )


class CurvesTest(parameterized.TestCase):
    def test_short_videos_keep_every_frame(self):
        curves = report_page.curves(np.array([[0, 0.2], [1, 0.5], [0.1, 0]]))
        self.assertEqual(curves.tolist(), [[0, 255, 26], [51, 128, 0]])

    @parameterized.parameters(4001, 9_999, 180_000)
    def test_one_frame_that_peaks_stays_in_a_long_video(self, frames):
        for peak in (0, frames // 3, frames - 1):
            probabilities = np.zeros((frames, 1), np.float32)
            probabilities[peak] = 1
            (curve,) = report_page.curves(probabilities)
            self.assertLen(curve, 4000)
            (column,) = np.flatnonzero(curve)
            self.assertBetween(peak - column * frames / 4000, -1, frames / 4000)


class PageFileTest(temporary_files.TestCase):
    def test_needs_nothing_but_itself_and_the_videos(self):
        timeline = report_page.Timeline(
            name="</script><b>",
            media="media/a #1.webm",
            seconds=1.0,
            fps=_FPS,
            found=_detections("v", [(0, 1, 2, 0.5)]),
            curves=report_page.curves(np.zeros((25, 2))),
        )
        path = self.folder / "report.html"
        report_page.write(path, [timeline], threshold=0.5)

        text = path.read_text()
        self.assertNotRegex(
            text, r"https?://|@import|<link[^>]*stylesheet|src="
        )
        self.assertEqual(text.count("</script>"), 2)
        data = re.search(r'id="data">(.*?)</script>', text, re.DOTALL)[1]
        (shown,) = json.loads(data)["videos"]
        self.assertEqual(shown["name"], "</script><b>")
        self.assertEqual(shown["media"], "media/a%20%231.webm")
        self.assertEqual(shown["found"], [[0, 0.04, 0.08, 0.5]])
        self.assertIsNone(shown["truth"])

    def test_a_name_is_not_taken_for_a_mark(self):
        name = "{{data}} {{script}} {{title}}"
        found = _detections(name, [(0, 0, 25, 0.5)])
        timeline = report_page.Timeline(
            name, "media/x.mp4", 1.0, _FPS, found, np.zeros((2, 25), np.uint8)
        )
        path = self.folder / "report.html"
        report_page.write(path, [timeline], threshold=0.5)
        page = path.read_text()
        self.assertIn(f"<title>{name}</title>", page)
        (data,) = re.findall(r'id="data">(.*?)</script>', page)
        self.assertEqual(json.loads(data)["videos"][0]["name"], name)


class _InBrowser(pages.TestCase):
    """Tests of an open page."""

    def setUp(self):
        super().setUp()
        self.browser.resize(1200, 900)
        self.browser.open(self.page)
        self._wait("video.readyState >= 2")

    def tearDown(self):
        self.assertEmpty(self.browser.errors())
        super().tearDown()

    def _wait(self, condition):
        """Waits until a JavaScript expression is true."""
        self.assertTrue(self.browser.wait(condition), condition)

    def _after_seek(self, action):
        """Runs an action in the page; (seconds, pixels) shown after it."""
        self.browser.run(
            "(window.sought = false, video.addEventListener('seeked', "
            "() => { window.sought = true; }, { once: true }))"
        )
        action()
        self._wait("window.sought && !video.seeking")
        pixels = np.array(self.browser.run(f"({_SETTLED})({_PIXELS})"))
        pixels = pixels.reshape(12, 16, 4)[..., :3]
        return self.browser.run("video.currentTime"), pixels


@pytest.mark.slow
class ScriptTest(_InBrowser):
    """What the page does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("first", "second & <last> #2 100%")
        # Brightness tells which frame is on the screen.
        paths = [
            made_up.write_video(
                cls.shared / f"{name}.mp4", np.arange(60) * 4 + 8
            )
            for name in names
        ]
        truth = (
            segments.Instance(names[0], "Jump", 0.36, 0.84),
            segments.Instance(names[0], "Unheard of", 1.0, 2.0),
        )
        rows = [(0, 10, 20, 0.9), (1, 15, 40, 0.75), (0, 50, 60, 0.6)]
        timelines = [
            _timeline(paths[0], cls.shared, rows, truth),
            _timeline(paths[1], cls.shared, []),
        ]
        shown = video_files.Video(cls.shared / timelines[0].media).frames(_FPS)
        cls.levels = np.array([image.mean() for _, image in shown])
        report_page.write(
            cls.page, timelines, threshold=0.5, failures=["x.mp4: is empty"]
        )

    def _shown_frame(self, action):
        """(seconds, frame) on the screen after an action."""
        seconds, pixels = self._after_seek(action)
        return seconds, int(abs(self.levels - pixels.mean()).argmin())

    def _click(self, selector):
        self.browser.run(f"document.querySelector({selector!r}).click()")

    def test_a_click_in_the_table_shows_the_first_frame(self):
        for row, first in ((1, 10), (2, 15), (3, 50)):
            seconds, frame = self._shown_frame(
                lambda row=row: self._click(f"#rows tr:nth-child({row}) button")
            )
            self.assertBetween(seconds, first / _FPS, (first + 1) / _FPS)
            self.assertEqual(frame, first)
        self.assertEqual(
            self.browser.run("by('now').textContent"),
            "0:02.00 of 0:02.40  \u2013  Jump 0.60",
        )
        self.assertEqual(
            self.browser.run("[...by('rows').children].map(x => x.className)"),
            ["", "", "now"],
        )

    def test_a_click_in_the_timeline_goes_to_the_start_of_a_segment(self):
        # In the row of the second class, on the bar of frames 15 to 40.
        self.browser.run("canvas.scrollIntoView({ block: 'center' })")
        left, top = self.browser.run(
            "((box) => [box.left + toX(1.42), box.top + AXIS + rowHeight() + "
            "LABEL + CURVE + GAP + 4])(canvas.getBoundingClientRect())"
        )
        seconds, frame = self._shown_frame(
            lambda: self.browser.point(left, top, click=True)
        )
        self.assertEqual(frame, 15)
        self.assertBetween(seconds, 0.6, 0.64)
        tip = self.browser.run("tip.textContent").split("\n")
        # Frame 35 scores 1 - 0.35 there.
        self.assertEqual(tip[0], "0:01.40")
        self.assertEqual(tip[1], "Dive <b>&amp; 0.65")
        self.assertEqual(tip[2], "0:00.60 \u2013 0:01.60  0.750")

    def test_keys_step(self):
        steps = (
            ("n", 10),
            ("n", 15),
            (".", 16),
            (",", 15),
            ("\ue014", 40),  # right
            ("\ue012", 15),  # left
            ("p", 10),
            ("\ue012", 0),
        )
        for key, expected in steps:
            _, frame = self._shown_frame(
                lambda key=key: self.browser.press(key)
            )
            self.assertEqual(frame, expected, key)
        self.browser.press(" ")
        self._wait("!video.paused && video.currentTime > 0.1")
        self.browser.press(" ")
        self._wait("video.paused")

    def test_shows_another_video_and_what_is_missing(self):
        self.browser.press("]")
        self._wait("video.readyState >= 2 && now === page.videos[1]")
        self.assertEqual(
            self.browser.run("by('name').textContent"),
            "second & <last> #2 100%",
        )
        self.assertTrue(self.browser.run("by('found').hidden"))
        self.assertFalse(self.browser.run("by('nothing').hidden"))
        self.assertTrue(self.browser.run("by('truth').hidden"))
        self.assertIn("is empty", self.browser.run("by('failures').innerText"))
        self.browser.press("[")
        self._wait("video.readyState >= 2 && now === page.videos[0]")

    def test_zooms_and_keeps_the_present_in_sight(self):
        self._shown_frame(lambda: self.browser.press("n"))
        self.browser.press("+")
        self.assertAlmostEqual(
            self.browser.run("view[1] - view[0]"), 1.2, places=6
        )
        self._shown_frame(lambda: self.browser.run("seekFrame(59)"))
        self._wait(
            "view[0] <= video.currentTime && video.currentTime <= view[1]"
        )
        self.browser.press("0")
        self.assertEqual(self.browser.run("view"), [0, 2.4])

    def test_every_control_has_a_name_and_the_focus_is_seen(self):
        tree = self.browser.devtools("Accessibility.getFullAXTree")["nodes"]
        names = {}
        for node in tree:
            role = node.get("role", {}).get("value")
            name = node.get("name", {}).get("value")
            names.setdefault(role, []).append(name)
        for role in ("button", "combobox", "heading", "rowheader", "image"):
            self.assertTrue(all(names[role]), (role, names[role]))
        self.assertIn("Jump at 0:00.40", names["button"])
        self.browser.press("\ue004")  # tab
        self.assertNotEqual(
            self.browser.run(
                "getComputedStyle(document.activeElement).outlineStyle"
            ),
            "none",
        )

    @parameterized.parameters(320, 600, 1600)
    def test_fits_into_a_window_of_any_width(self, width):
        self.browser.resize(width, 700)
        self.assertLessEqual(
            self.browser.run("document.documentElement.scrollWidth"), width
        )

    def test_follows_the_colors_that_the_reader_prefers(self):
        levels = {}
        for scheme in ("light", "dark"):
            self.browser.devtools(
                "Emulation.setEmulatedMedia",
                features=[{"name": "prefers-color-scheme", "value": scheme}],
            )
            background, ink = self.browser.run(
                "['backgroundColor', 'color'].map("
                "(x) => getComputedStyle(document.body)[x])"
            )
            levels[scheme] = [
                np.mean([int(x) for x in re.findall(r"\d+", color)])
                for color in (background, ink)
            ]
        self.assertGreater(levels["light"][0] - levels["light"][1], 150)
        self.assertGreater(levels["dark"][1] - levels["dark"][0], 150)


@pytest.mark.slow
class RealVideosTest(_InBrowser):
    """Every clip opens, plays and seeks to the frames that were scored."""

    @classmethod
    def setUpClass(cls):
        clips = shared_data.path("videos/ucf101").glob("*.avi")
        odd = shared_data.path("videos/odd").iterdir()
        joined = shared_data.path("mini_thumos14/test").glob("*1.mp4")
        cls.paths = [*sorted(clips), *sorted(odd), *joined]
        super().setUpClass()
        cls.timelines = [
            _timeline(path, cls.shared, [(0, 1, 2, 0.9), (1, 40, 60, 0.7)])
            for path in cls.paths
        ]
        report_page.write(cls.page, cls.timelines, threshold=0.5)

    def test_opens_plays_and_seeks(self):
        for index, path in enumerate(self.paths):
            with self.subTest(path.name):
                self.browser.run(f"show({index})")
                self._wait("video.readyState >= 2")
                scored = [
                    image
                    for _, image in video_files.Video(path).frames(
                        _FPS, size=(16, 12)
                    )
                ]
                for frame in {0, 1, len(scored) // 2, len(scored) - 1}:
                    self._check_frame(frame, np.array(scored, float))
                self.browser.run("(video.currentTime = 0, video.play())")
                self._wait("video.ended || video.currentTime > 0.15")
                self.browser.run("video.pause()")

    def _check_frame(self, frame, scored):
        start = frame / _FPS
        seconds, shown = self._after_seek(
            lambda: self.browser.run(f"seekStart({start})")
        )
        self.assertBetween(seconds, start, start + 1 / _FPS)
        away = abs(_contrast(scored) - _contrast(shown)).mean(axis=(1, 2, 3))
        near = away[max(frame - 1, 0) : frame + 2]
        # Where nothing moves, any frame is as like as another.
        self.assertLess(near.min(), away.min() + 0.3)
        self.assertLess(near.min(), 15)


def _contrast(images):
    """Without the overall tint, which a browser shows a little differently."""
    return images - images.mean(axis=(-3, -2), keepdims=True)


_PIXELS = """() => {
  const board = document.createElement("canvas");
  board.width = 16;
  board.height = 12;
  const pen = board.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(video, 0, 0, 16, 12);
  return [...pen.getImageData(0, 0, 16, 12).data];
}"""

# A busy machine shows the frame a moment after it says that it is found.
_SETTLED = """async (pixels) => {
  let before, now;
  do {
    before = String(pixels());
    await new Promise((go) => setTimeout(go, 100));
    now = pixels();
  } while (String(now) !== before);
  return now;
}"""


if __name__ == "__main__":
    absltest.main()
