"""A data set with each fault once, and what is said of it."""

import json
import os
import shutil
import xml.etree.ElementTree

from absl.testing import absltest
import numpy as np

from fsn_tf import segments
from fsn_tf.dataset_check import checks
from fsn_tf.dataset_check import facts as dataset_facts
from fsn_tf.dataset_check import found_videos
from tests.kit import made_up
from tests.kit import running
from tests.kit import temporary_files


def _row(video, label, start, end):
    return segments.Instance(video, label, start, end)


def _found(instances, videos, *, unreadable=None, **more):
    """{kind: Finding} of instances and {video: (seconds, fps, is_even)}."""
    classes = more.pop("classes", tuple(sorted({x.label for x in instances})))
    names = {x.video for x in instances} | set(more.pop("others", ()))
    truth = segments.Annotations(
        classes, tuple(sorted(names)), tuple(instances), **more
    )
    facts = {
        name: dataset_facts.VideoFacts(*one) for name, one in videos.items()
    }
    dataset = dataset_facts.of_instances(truth, facts, unreadable or {})
    return {one.kind: one for one in checks.findings(dataset)}


# Five instances a class, apart, and background: nothing to say.
_GOOD = [
    _row("good", label, start, start + 2)
    for place, label in enumerate(("jump", "run"))
    for start in range(4 * place, 40, 8)
]
_VIDEO = (60.0, 25.0, True)


class FindingsTest(temporary_files.TestCase):
    def test_says_nothing_of_a_good_data_set(self):
        self.assertEmpty(_found(_GOOD, {"good": _VIDEO}))

    def test_names_each_fault_once(self):
        bad = [
            _row("missing", "jump", 1, 3),
            _row("damaged", "jump", 1, 3),
            _row("bad", "jump", 60.5, 61),
            _row("bad", "run", 55, 61),
            _row("bad", "run", 5, 5.16),
            _row("bad", "jump", 8, 10),
            _row("bad", "jump", 8, 10),
            _row("bad", "run", 9, 13),
            _row("slow", "rare", 1, 3),
        ]
        videos = {"good": _VIDEO, "bad": _VIDEO, "extra": _VIDEO}
        videos |= {"slow": (10.0, 12.0, True), "uneven": (10.0, 30.0, False)}
        videos |= {"brief": (1.36, 25.0, True), "cut": (20.0, 25.0, True)}
        found = _found(
            _GOOD + bad,
            videos,
            unreadable={"damaged": "damaged.mp4: is empty"},
            others=("uneven", "brief", "cut"),
            durations_seconds={"cut": 22.0, "good": 60.5},
            notes=("column 'by' is not used",),
        )

        names = {kind: one.names for kind, one in found.items()}
        # Background is 91 % of the frames: nothing to say of it.
        self.assertEqual(
            names,
            {
                "annotated videos that are not in the folder": ("missing",),
                "videos that cannot be read": ("damaged.mp4: is empty",),
                "instances that start after the end of their video": (
                    "bad: jump from 60.5 to 61 s of 60 s",
                ),
                "instances that end after their video": (
                    "bad: run from 55 to 61 s of 60 s",
                ),
                "instances shorter than a snippet, 0.2 s": (
                    "bad: run from 5 to 5.16 s",
                ),
                "instances that are listed more than once": (
                    "bad: jump from 8 to 10 s",
                ),
                "annotated videos without an action": (
                    "brief",
                    "cut",
                    "uneven",
                ),
                "videos of another length than their annotation says": (
                    "cut: 20 s instead of 22 s",
                ),
                "videos without annotation, which nothing uses": ("extra",),
                "videos of less than 20 or more than 60 frames per second": (
                    "slow: 12",
                ),
                "videos of uneven frame rate, resampled by time": ("uneven",),
                "videos shorter than a window, 1.4 s": ("brief: 1.36 s",),
                "classes of fewer than 5 instances": ("rare: 1",),
                "remarks on the annotations": ("column 'by' is not used",),
                "action frames of several classes, a softmax learns one "
                "(C14)": ("jump + run: 1.04 s",),
            },
        )
        problems = [kind for kind, one in found.items() if one.is_problem]
        self.assertEqual(problems, list(names)[: len(problems)])
        self.assertLen(problems, 3)

    def test_says_which_share_of_the_frames_no_action_leaves_out(self):
        found = _found(
            _GOOD,
            {"good": _VIDEO, "calm": (15.0, 25.0, True), "cut": _VIDEO},
            others=("calm", "cut", "missing"),
        )
        quiet = found["annotated videos without an action"]
        # Of 60 + 15 + 60 s; nobody knows how long the missing one is.
        self.assertEqual(
            quiet.amount,
            "3, 55.6 % of the frames; FSN learns from them with "
            "--min_action_frames=0 alone",
        )
        self.assertFalse(quiet.is_problem)

    def test_counts_the_frames_a_softmax_cannot_express(self):
        # Frame f, counted from 1, shows 25 s <= f <= 25 e: 50 to 100, and
        # 75 to 125. Of 76 frames 26 are both.
        rows = [_row("v", "a", 2, 4), _row("v", "b", 3, 5)]
        found = _found(rows, {"v": (60.0, 25.0, True)})
        shared = [one for kind, one in found.items() if "softmax" in kind]
        self.assertEqual(shared[0].amount, f"{100 * 26 / 76:.1f} %")

    def test_two_instances_of_one_class_are_no_overlap(self):
        twice = [*_GOOD, _row("good", "jump", 1, 3)]
        self.assertEmpty(_found(twice, {"good": _VIDEO}))

    def test_instances_that_touch_are_no_overlap(self):
        # Both show frame 1075, where one ends and the other starts.
        rows = [_row("good", "jump", 42, 43), _row("good", "run", 43, 44)]
        self.assertEmpty(_found(_GOOD + rows, {"good": _VIDEO}))

    def test_a_snippet_is_not_shorter_than_a_snippet(self):
        self.assertLess(2.26 - 2.06, 0.2)
        self.assertEmpty(
            _found([*_GOOD, _row("good", "jump", 2.06, 2.26)], {"good": _VIDEO})
        )

    def test_finds_a_class_that_is_rare(self):
        many = [_row("good", "jump", at, at + 0.5) for at in range(51)]
        rare = [_row("good", "run", at + 0.6, at + 0.9) for at in range(5)]
        kind = "classes over 10 times rarer than the most frequent"
        found = _found(many + rare, {"good": _VIDEO})
        self.assertEqual(found[kind].names, ("run: 5 of up to 51",))
        self.assertNotIn(kind, _found(many[1:] + rare, {"good": _VIDEO}))

    def test_a_class_that_never_occurs_has_few(self):
        found = _found(_GOOD, {"good": _VIDEO}, classes=("jump", "run", "swim"))
        self.assertEqual(
            found["classes of fewer than 5 instances"].names, ("swim: 0",)
        )

    def test_names_labels_that_look_alike(self):
        labels = ["Long Jump", "LongJump", "Run", "long__jump", "long-jump"]
        rows = [_row("v", label, 1, 3) for label in labels]
        found = _found(rows, {"v": _VIDEO})
        one = found["labels that differ in case, blanks, `_` or `-` alone"]
        self.assertEqual(
            one.names, ("Long Jump / LongJump / long-jump / long__jump",)
        )
        self.assertFalse(one.is_problem)

    def test_background_alone_or_none_is_odd(self):
        (kind,) = (
            kind
            for kind in _found([_row("v", "a", 0, 60)] * 5, {"v": _VIDEO})
            if kind.startswith("background")
        )
        found = _found(_GOOD, {"good": (2000.0, 25.0, True)})
        self.assertEqual(found[kind].amount, "99.0 %")

    def test_other_videos_than_those_annotated_are_a_problem(self):
        found = _found(_GOOD, {"other": _VIDEO})
        kind = "videos, and not one instance in them"
        self.assertTrue(found[kind].is_problem)


class StatisticsTest(absltest.TestCase):
    def test_counts_lengths_in_bins_that_double(self):
        got = dataset_facts.histogram([0.5, 0.9, 1, 4, 7.9])
        self.assertEqual(got, [[0.5, 1, 2], [1, 2, 1], [2, 4, 0], [4, 8, 2]])

    def test_no_length_at_all_is_the_shortest(self):
        self.assertEqual(dataset_facts.histogram([0]), [[1 / 32, 1 / 16, 1]])


class ProbeTest(temporary_files.TestCase):
    def test_tells_lengths_and_what_cannot_be_read(self):
        made_up.write_video(self.folder / "a.mp4", range(60), fps=30)
        self.write("empty.mp4", "")
        (self.folder / "folder.mp4").mkdir()
        self.write("frames/img_00001.jpg", "")

        facts, reasons = found_videos.probe(self.folder)

        self.assertEqual(
            facts,
            {"a": dataset_facts.VideoFacts(2.0, 30.0, declared_seconds=2.0)},
        )
        self.assertEqual(set(reasons), {"empty", "folder", "frames"})
        self.assertIn("--source_fps", reasons["frames"])

    def test_a_name_that_is_none_costs_a_line(self):
        path = made_up.write_video(self.folder / "a.mp4", range(30))
        folder = os.fsencode(self.folder)
        for name in (b"caf\xe9.mp4", b"new\nline.mp4"):
            shutil.copy(path, os.path.join(folder, name))
        os.mkdir(os.path.join(folder, b"fr\xe9"))
        self.write(os.fsdecode(b"fr\xe9/frame_1.png"), "")

        facts, reasons = found_videos.probe(self.folder, 25)

        self.assertEqual(set(facts), {"a"})
        self.assertEqual(set(reasons), {r"caf\xe9", r"fr\xe9", r"new\nline"})
        for line in reasons.values():
            self.assertIn("expected a name in UTF-8", line)

    def test_an_even_rate_may_be_rounded_but_has_no_gaps(self):
        rounded = np.round(np.arange(60) / 30, 3)
        self.assertTrue(found_videos.is_even(rounded))
        self.assertTrue(found_videos.is_even([0.0]))
        self.assertFalse(found_videos.is_even(np.delete(rounded, 30)))


class CommandTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        (self.folder / "videos").mkdir()
        made_up.write_video(self.folder / "videos/game.mp4", [99] * 100)

    def _check(self, annotations, **flags):
        flags |= {"videos": self.folder / "videos", "annotations": annotations}
        return running.fsn(
            "check", *(f"--{name}={value}" for name, value in flags.items())
        )

    def test_reports_a_csv_of_four_columns(self):
        rows = [f"game,{at},{at + 0.4},jump" for at in (0, 1, 2, 3, 3.4)]
        truth = self.write("train.csv", "\n".join(rows))
        out = self.folder / "checked"
        status, text, _ = self._check(truth, out=out)
        self.assertEqual(status, 0)
        self.assertIn("0 problems, 0 notes", text)
        self.assertIn("labels: 5 of 1 classes", text)
        written = json.loads((out / "check.json").read_text())
        self.assertEqual(written["findings"], [])
        statistics = written["statistics"]
        self.assertEqual(statistics["frame_rates"], {"25": 1})
        self.assertEqual(statistics["classes"]["jump"]["instances"], 5)
        drawn = xml.etree.ElementTree.parse(out / "statistics.svg").getroot()
        self.assertIn("jump", [one.text for one in drawn.iter()])
        self.assertIn("| jump | 5 | 1 |", (out / "check.md").read_text())

    def test_takes_activitynets_names_and_names_what_it_passes_over(self):
        videos = self.folder / "videos"
        (videos / "game.mp4").rename(videos / "v_QOlSCBRmfWY.mp4")
        self.write("videos/loop.gif", "")
        self.write("videos/a/b/deep.avi", "")
        entry = {"annotations": [{"label": "jump", "segment": [1, 2]}]}
        database = {"QOlSCBRmfWY": entry, "t": {"subset": "testing"}}
        truth = self.write("t.json", json.dumps({"database": database}))
        status, text, err = self._check(truth)
        self.assertEqual(status, 0, text)
        self.assertIn("1 found, 1 annotated", text)
        self.assertIn("1 videos without `annotations` left out", text)
        self.assertIn("loop.gif: left out", err)
        self.assertIn("b: left out, too deep; it holds 1 videos", err)

    def test_fails_where_a_video_is_missing(self):
        truth = self.write("train.csv", "game,1,2,jump\nother,1,2,jump\n")
        out = self.folder / "checked"
        status, text, _ = self._check(truth, out=out)
        self.assertEqual(status, 1)
        line = "problem  annotated videos that are not in the folder: 1 (other)"
        self.assertIn(line, text)
        self.assertIn(line, (out / "check.md").read_text())

    def test_takes_labels_of_whole_videos(self):
        made_up.write_video(self.folder / "videos/alone.mp4", [9] * 50)
        names = "jump/game.avi 1\nrun/lost.avi 2\n"
        truth = self.write("trainlist01.txt", names)
        status, text, _ = self._check(truth, out=self.folder / "checked")
        self.assertEqual(status, 1)
        self.assertIn("not in the folder: 1 (lost)", text)
        self.assertIn("which nothing uses: 1 (alone)", text)
        self.assertNotIn("background", text)

    def test_takes_class_folders_as_videos_and_labels(self):
        for name in ("jump", "run"):
            folder = self.folder / "videos" / name
            folder.mkdir()
            made_up.write_video(folder / f"{name}1.mp4", [50] * 40)
        status, text, _ = self._check(self.folder / "videos")
        self.assertEqual(status, 0)
        self.assertIn("which nothing uses: 1 (game)", text)

    def test_labels_that_training_refuses_are_problems(self):
        truth = self.write("trainlist01.txt", "jump/game.avi 1\n")
        status, text, _ = self._check(truth)
        self.assertEqual(status, 1)
        self.assertIn("problem  labels that tell no videos apart", text)
        rows = "game,0.2,0.8,{0}\ngame,1,1.4,{0}\n"
        status, text, _ = self._check(
            self.write("one.csv", rows.format("jump"))
        )
        self.assertIn("2 of 1 classes, which FSN learns; TSN and WFSN", text)
        status, text, _ = self._check(
            self.write("named.csv", rows.format("background"))
        )
        self.assertEqual(status, 1)
        self.assertIn("problem  labels that nothing can be learned", text)

    def test_refuses_frame_labels(self):
        status, _, line = self._check(self.write("labels.npz", ""))
        self.assertEqual(status, 1)
        self.assertRegex(line, "frame labels .* expected a CSV")


if __name__ == "__main__":
    absltest.main()
