"""Many videos in one go, scored by something simpler than a network."""

import contextlib
import json
import os
import shutil
from unittest import mock

from absl.testing import absltest
import numpy as np

from fsn_tf import annotations
from fsn_tf.grouping import frame_scores
from fsn_tf.timeline import localizer
from tests.kit import engines
from tests.kit import made_up
from tests.kit import running
from tests.kit import temporary_files


class _Brightness:
    """Has the interface of localizer.Localizer; bright frames are action."""

    classes = ("Bright", frame_scores.BACKGROUND)
    card = {"fps": 25.0}
    runtime = "NumPy"
    made_of = ("m",), ()

    def __init__(self, fingerprint="one"):
        self.fingerprint = fingerprint
        self.scored = []

    def reading(self, source):
        self.scored.append(source.path.name)
        return source.frames(25)

    def frame_probabilities(self, reading, progress):
        bright = []
        for frame, image in reading:
            bright.append(min(image.mean() / 255, 1))
            progress(frame / 25)
        return np.stack([bright, 1 - np.array(bright)], axis=1)


# Bright from frame 10 to 20 and from 30 to 45.
_VALUES = np.full(50, 20)
_VALUES[10:20], _VALUES[30:45] = 200, 230
_SEGMENTS = [[0.4, 0.8], [1.2, 1.8]]


class LocalizeTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.videos = self.folder / "videos"
        self.videos.mkdir()
        self.out = self.folder / "out"
        self.model = _Brightness()

    def _good(self, name):
        return made_up.write_video(self.videos / name, _VALUES)

    def _fsn(self, *words):
        """(exit status, stdout, stderr lines that are not of the progress)."""
        made = mock.Mock(return_value=self.model)
        with mock.patch.object(localizer, "Localizer", made):
            status, out, err = running.fsn(
                "localize", "--model=m", f"--out={self.out}", *words
            )
        lines = [x for x in err.split("\n") if x and " s of video" not in x]
        return status, out, lines

    def _found(self):
        value = json.loads((self.out / "detections.json").read_text())
        return {
            video: sorted(row["segment"] for row in rows)
            for video, rows in value["results"].items()
        }

    def test_a_folder_with_three_good_one_broken_and_one_text_file(self):
        for name in ("a.mp4", "b, c.mp4", "d.mp4"):
            self._good(name)
        (self.videos / "broken.mp4").write_bytes(b"\0" * 999)
        (self.videos / "notes.txt").write_text("not a video")

        status, out, lines = self._fsn(str(self.videos))

        self.assertEqual(status, 1)
        self.assertEqual(
            self._found(), dict.fromkeys(("a", "b, c", "d"), _SEGMENTS)
        )
        self.assertLen(lines, 2)
        self.assertIn("notes.txt: left out", lines[0])
        self.assertIn("broken.mp4: not a video that OpenCV", lines[1])
        self.assertIn("3 videos localized, 1 failed", out)
        kinds = ("{}.npz", "{}.srt", "{}.vtt", "{}.origin.json")
        expected = {x.format(v) for x in kinds for v in ("a", "b, c", "d")}
        expected |= {"detections.json", "detections.csv", "report.html"}
        self.assertEqual(
            {x.name for x in self.out.iterdir()}, expected | {"media"}
        )
        self.assertLen(list((self.out / "media").iterdir()), 3)
        self.assertIn("OpenCV", (self.out / "report.html").read_text())

    def test_an_engine_scores_and_what_is_listed_is_the_same(self):
        engine = engines.here(self)
        for name in ("a", "b"):
            self._good(f"{name}.mp4")
        for name in ("0", "z"):
            (self.videos / f"{name}.mp4").write_bytes(b"\0" * 999)
        words = [str(self.videos), "--nopage"]
        here = self._fsn(*words)
        contents = {x.name: x.read_bytes() for x in self.out.iterdir()}
        self.out, self.model.scored = self.folder / "by_engine", []

        status, out, lines = self._fsn(
            *words,
            f"--runner={engine.runner}",
            f"--runner_options={engine.options}",
        )

        self.assertEqual(self.model.scored, ["a.mp4", "b.mp4"])
        self.assertEqual(
            {x.name: x.read_bytes() for x in self.out.iterdir()}, contents
        )
        self.assertEqual((status, sorted(lines)), (1, sorted(here[2])))
        self.assertIn("2 videos localized, 2 failed", out)

    def test_all_forms_say_the_same(self):
        self._good("a.mp4")
        self.assertEqual(self._fsn("--video", str(self.videos / "a.mp4"))[0], 0)
        read = [
            annotations.read_detections(
                self.out / f"detections.{ending}", classes=("Bright",)
            )
            for ending in ("json", "csv")
        ]
        for found in read:
            np.testing.assert_array_equal(found.start_seconds, [0.4, 1.2])
            np.testing.assert_array_equal(found.score, read[0].score)
        for ending, point in (("vtt", "."), ("srt", ",")):
            text = (self.out / f"a.{ending}").read_text()
            self.assertIn(f"00:00:00{point}400 --> 00:00:00{point}800", text)
            self.assertEqual(text.count("-->"), 2)

    def test_goes_on_where_it_was_and_scores_anew_what_changed(self):
        paths = [self._good(f"{name}.mp4") for name in "abc"]
        self.assertEqual(self._fsn(str(paths[0]))[0], 0)
        (self.out / "a.vtt").unlink()
        for path in paths[:2]:
            self.assertEqual(self._fsn(*map(str, paths[:2]))[0], 0, path)
        self.assertEqual(self.model.scored, ["a.mp4", "b.mp4"])
        self.assertTrue((self.out / "a.vtt").exists())

        made_up.write_video(paths[0], _VALUES[:-2])
        self.assertEqual(self._fsn(*map(str, paths[:2]))[0], 0)
        self.assertEqual(self.model.scored[2:], ["a.mp4"])

        self.model = _Brightness("another")
        self.assertEqual(self._fsn(*map(str, paths))[0], 0)
        self.assertLen(self.model.scored, 3)

    def test_another_threshold_needs_no_scoring(self):
        self._good("a.mp4")
        self._fsn("--page=false", str(self.videos))
        self.assertFalse((self.out / "report.html").exists())
        self.assertFalse((self.out / "media").exists())
        self._fsn("--threshold=0.85", str(self.videos))
        self.assertEqual(self._found(), {"a": _SEGMENTS[1:]})
        self.assertLen(self.model.scored, 1)
        self.assertTrue((self.out / "media" / "a.webm").exists())

    def test_thresholds_of_classes_and_tidied_segments(self):
        self._good("a.mp4")
        path = self.write(
            "mine.json",
            '{"thresholds": {"Bright": 0.85}, "max_gap_seconds": 0.4}',
        )
        words = str(self.videos), f"--thresholds={path}"
        self.assertEqual(self._fsn(*words, "--summary", "--ethogram")[0], 0)
        self.assertEqual(self._found(), {"a": _SEGMENTS[1:]})
        page = (self.out / "report.html").read_text()
        self.assertIn('"thresholds": [0.85]', page)
        # From frame 30 on, for fifteen.
        self.assertIn('"crossings": [[30, 15]]', page)
        row = (self.out / "summary.csv").read_text().split("\n")[1]
        self.assertEqual(row, "a,Bright,1,0.6,0.6,1.2,1.8")
        self.assertIn("Bright", (self.out / "ethogram.svg").read_text())

        # The gap is of ten frames; what a flag says goes before the file.
        self._fsn(str(self.videos), "--max_gap=0.4")
        self.assertEqual(self._found(), {"a": [[0.4, 1.8]]})
        self.assertFalse((self.out / "summary.csv").exists())
        self._fsn(str(self.videos), "--max_gap=0.36")
        self.assertEqual(self._found(), {"a": _SEGMENTS})
        self._fsn(str(self.videos), "--min_duration=0.6")
        self.assertEqual(self._found(), {"a": _SEGMENTS[1:]})

    def test_refuses_thresholds_of_other_classes_before_it_scores(self):
        self._good("a.mp4")
        path = self.write("mine.json", '{"thresholds": {"Dark": 0.8}}')
        status, _, (line,) = self._fsn(str(self.videos), f"--thresholds={path}")
        self.assertEqual(status, 1)
        self.assertIn("expected one for 'Bright', got those of Dark", line)
        self.assertEmpty(self.model.scored)
        status, _, (line,) = self._fsn(
            str(self.videos), f"--thresholds={path}", "--threshold=0.4"
        )
        self.assertEqual(status, 2)
        self.assertIn("one of --threshold and --thresholds", line)

    def test_shows_the_ground_truth_of_the_videos_that_have_it(self):
        self._good("a.mp4")
        self._good("b.mp4")
        truth = self.write("t.csv", "video,start,end,label\na,0.4,0.9,Bright\n")
        self._fsn(str(self.videos), f"--annotations={truth}")
        page = (self.out / "report.html").read_text()
        self.assertIn('"truth": [[0, 0.4, 0.9]]', page)
        self.assertEqual(page.count('"truth": null'), 1)

    def test_names_truth_of_videos_that_are_not_there(self):
        (self.videos / "v_ID.mp4").hardlink_to(self._good("e\u0301lan.mp4"))
        truth = self.write(
            "t.csv", "\u00e9lan,0,1,Bright\nID,0,1,Bright\nalone,,,\n"
        )
        _, _, (line,) = self._fsn(str(self.videos), f"--annotations={truth}")
        self.assertIn("1 (alone) of 3 annotated videos not among", line)
        page = (self.out / "report.html").read_text()
        self.assertEqual(page.count('"truth": [[0, 0.0, 1.0]]'), 2)

    def test_any_name_is_read_or_costs_one_line(self):
        base = self._good("base.mp4")
        good = ["Final:1.mp4", "a%03d.mp4", "-x.mp4", "clip.mp4.mkv"]
        bad = [b"caf\xe9.mp4", b"a\nb.mp4", b"n" * 249 + b".mp4"]
        for name in [*map(os.fsencode, good), *bad]:
            shutil.copy(base, os.path.join(os.fsencode(self.videos), name))
        (self.videos / "folder.mp4").mkdir()
        self.enterContext(contextlib.chdir(self.videos))

        status, out, lines = self._fsn(".")

        self.assertEqual(status, 1)
        self.assertLen(lines, 4)
        self.assertIn("5 videos localized, 4 failed", out)
        names = ("base", "Final:1", "a%03d", "-x", "clip.mp4.mp4")
        self.assertEqual(self._found(), dict.fromkeys(names, _SEGMENTS))
        read = annotations.read_detections(
            self.out / "detections.csv", classes=("Bright",)
        )
        self.assertIn("clip.mp4", read.videos)
        self.assertTrue((self.out / "clip.mp4.npz").exists())

    def test_says_in_one_line_what_cannot_be_done(self):
        status, _, (line,) = self._fsn()
        self.assertEqual(status, 2)
        self.assertIn("--video=FILE", line)
        self._good("a.mp4")
        other = made_up.write_video(self.folder / "a.avi", _VALUES)
        status, _, (line,) = self._fsn(str(self.videos), str(other))
        self.assertEqual(status, 1)
        self.assertIn("a.avi: has the same name as", line)
        self.assertFalse(self.out.exists())
        status, out, (line,) = self._fsn(str(self.folder / "none.mp4"))
        self.assertEqual(status, 1)
        self.assertIn("none.mp4: no such file", line)
        self.assertIn("0 videos localized, 1 failed", out)


if __name__ == "__main__":
    absltest.main()
