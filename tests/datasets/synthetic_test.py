"""The embedded benchmark: the same bytes again, and no way to cheat."""

import collections
import contextlib
import io
import json
import pathlib
import tempfile
from unittest import mock

from absl.testing import absltest
import cv2
import numpy as np

from fsn_tf import __main__ as program
from fsn_tf import errors
from fsn_tf.datasets import synthetic
from fsn_tf.datasets.synthetic import clips
from fsn_tf.datasets.synthetic import drawing
from fsn_tf.datasets.synthetic import scenes as synthetic_scenes
from fsn_tf.datasets.synthetic import scripts as synthetic_scripts

_OPTIONS = {
    "seed": 3,
    "train_videos": 2,
    "test_videos": 1,
    "clips_per_class": 1,
}


def _contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _rows(path):
    """(video, start, end) as somebody else's reader would see them."""
    rows = [line.split() for line in path.read_text().splitlines()]
    return {(video, float(start), float(end)) for video, start, end in rows}


class RenderTest(absltest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.out = pathlib.Path(cls.folder) / "first"
        synthetic.render(cls.out, **_OPTIONS)
        cls.contents = _contents(cls.out)

    def setUp(self):
        super().setUp()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.elsewhere = pathlib.Path(folder) / "new"

    def test_gives_the_same_bytes_again(self):
        synthetic.render(self.elsewhere, **_OPTIONS)
        self.assertEqual(_contents(self.elsewhere), self.contents)

    def test_follows_the_layout_of_thumos14(self):
        for name in (
            "validation/video_validation_0000002.mp4",
            "test/video_test_0000001.mp4",
            "annotation_val/CliffDiving_val.txt",
            "annotation_test/Ambiguous_test.txt",
            "training/Diving/v_Diving_g01_c01.mp4",
            "splits/testlist01.txt",
        ):
            self.assertIn(name, self.contents)
        ids = (self.out / "annotation_val/detclasslist.txt").read_text()
        expected = [f"{n} {c}" for n, c in enumerate(synthetic.CLASSES, 1)]
        self.assertEqual(ids.splitlines(), expected)
        self.assertEqual(sorted(synthetic.CLASSES), list(synthetic.CLASSES))

    def test_annotates_times_inside_the_videos(self):
        durations = {}
        for path in self.out.glob("*/*.mp4"):
            video = cv2.VideoCapture(str(path))
            frames = video.get(cv2.CAP_PROP_FRAME_COUNT)
            durations[path.stem] = frames / video.get(cv2.CAP_PROP_FPS)
        found = 0
        for path in self.out.glob("annotation_*/*_*.txt"):
            for video, start, end in _rows(path):
                found += 1
                self.assertBetween(start, 0, end - 1)
                self.assertLess(end, durations[video])
        self.assertGreater(found, 6)

    def test_renders_only_what_is_missing(self):
        synthetic.render(self.elsewhere, **_OPTIONS)
        lost = self.elsewhere / "validation/video_validation_0000001.mp4"
        kept = self.elsewhere / "validation/video_validation_0000002.mp4"
        before = kept.stat().st_mtime_ns
        lost.unlink()

        synthetic.render(self.elsewhere, **_OPTIONS)

        self.assertEqual(_contents(self.elsewhere), self.contents)
        self.assertEqual(kept.stat().st_mtime_ns, before)

    def test_processes_side_by_side_draw_the_same(self):
        with mock.patch.object(drawing, "_MOST_ALONE", 1):
            synthetic.render(self.elsewhere, **_OPTIONS)
        self.assertEqual(_contents(self.elsewhere), self.contents)

    def test_one_that_cannot_be_drawn_does_not_keep_the_others(self):
        (self.elsewhere / "training").mkdir(parents=True)
        (self.elsewhere / "training" / "Diving").write_text("no folder")
        options = {"version": 1, **_OPTIONS}
        (self.elsewhere / "synthetic.json").write_text(json.dumps(options))
        said = io.StringIO()
        with (
            mock.patch.object(drawing, "_MOST_ALONE", 1),
            contextlib.redirect_stderr(said),
            self.assertRaisesRegex(errors.InputError, "not all videos"),
        ):
            synthetic.render(self.elsewhere, **_OPTIONS)
        self.assertIn("Diving", said.getvalue())
        self.assertLen(list(self.elsewhere.rglob("*.mp4")), 12)

    def test_refuses_a_folder_of_other_options(self):
        with self.assertRaisesRegex(errors.InputError, "'seed': 4.*'seed': 3"):
            synthetic.render(self.out, **{**_OPTIONS, "seed": 4})
        self.assertEqual(_contents(self.out), self.contents)

    def test_refuses_a_folder_of_something_else(self):
        self.elsewhere.mkdir()
        (self.elsewhere / "thesis.tex").write_text("")
        with self.assertRaisesRegex(errors.InputError, "empty folder"):
            synthetic.render(self.elsewhere)

    def test_says_what_to_do_without_an_encoder(self):
        with (
            mock.patch.object(cv2.VideoWriter, "isOpened", return_value=False),
            self.assertRaisesRegex(errors.InputError, "install"),
        ):
            synthetic.render(self.elsewhere, train_videos=1, test_videos=0)
        self.assertEmpty(list(self.elsewhere.rglob("*.mp4*")))

    def test_runs_as_a_command(self):
        arguments = [f"--{name}={value}" for name, value in _OPTIONS.items()]
        status = program.main(["synthetic", f"--out={self.out}", *arguments])
        self.assertEqual(status, program.DONE)
        self.assertEqual(_contents(self.out), self.contents)


class ScriptsTest(absltest.TestCase):
    def setUp(self):
        super().setUp()
        self.train, self.test = (
            synthetic_scripts.scripts(split, seed=0, num_videos=24)
            for split in synthetic_scripts.SPLITS
        )

    def test_gives_every_cliff_dive_a_twin(self):
        rows = [row for s in self.train for row in s.instances()]
        times = {
            label: {
                (row.video, row.start_seconds, row.end_seconds)
                for row in rows
                if row.label == label
            }
            for label in ("CliffDiving", "Diving")
        }
        self.assertNotEmpty(times["CliffDiving"])
        self.assertLess(times["CliffDiving"], times["Diving"])

    def test_shows_every_class_in_both_splits(self):
        for scripts in (self.train, self.test[:12]):
            labels = {row.label for s in scripts for row in s.instances()}
            self.assertEqual(labels, {*synthetic.CLASSES, "Ambiguous"})

    def test_never_shares_a_scene_between_splits(self):
        train, test = (
            {shot.scene for script in scripts for shot in script.shots}
            for scripts in (self.train, self.test)
        )
        self.assertEmpty(train & test)
        painted = [
            synthetic_scenes.scene("field", number, seed=0)
            for number in train | test
        ]
        backdrops = {backdrop.tobytes() for backdrop, _ in painted}
        self.assertLen(backdrops, len(train | test))
        casts = {tuple(cast.values()) for _, cast in painted}
        self.assertLen(casts, len(train | test))

    def test_shows_lookalikes_in_the_same_scenes(self):
        scenes = collections.defaultdict(list)
        for shot in [shot for script in self.train for shot in script.shots]:
            for act in shot.acts:
                if not act.far:
                    scenes[act.kind].append(shot.scene)
        for one, other in (
            ("Shotput", "VolleyballSpiking"),
            ("CricketShot", "TennisSwing"),
            ("BaseballPitch", "JavelinThrow"),
        ):
            self.assertLen(set(scenes[one]), len(scenes[one]))
            self.assertGreaterEqual(
                len({*scenes[one]} & {*scenes[other]}), len(scenes[one]) - 1
            )

    def test_does_not_change_videos_when_more_are_asked_for(self):
        fewer = synthetic_scripts.scripts("test", seed=0, num_videos=5)
        self.assertEqual(fewer, self.test[:5])

    def test_never_overlaps_acts(self):
        for script in self.train + self.test:
            now = 0.0
            for shot in script.shots:
                for act in shot.acts:
                    self.assertGreater(act.start_seconds, now)
                    now = act.end_seconds
                self.assertGreater(shot.end_seconds, now)

    def test_labels_no_failed_attempt(self):
        failed = [
            (script, act)
            for script in self.train
            for shot in script.shots
            for act in shot.acts
            if act.kind == synthetic_scripts.FAILED_JERK
        ]
        self.assertNotEmpty(failed)
        for script, act in failed:
            for row in script.instances():
                after = row.start_seconds >= act.end_seconds
                self.assertTrue(after or row.end_seconds <= act.start_seconds)

    def test_mixes_frame_rates(self):
        for scripts in (self.train, self.test[:12]):
            self.assertEqual({script.fps for script in scripts}, {25, 30})


class ClipsTest(absltest.TestCase):
    def setUp(self):
        super().setUp()
        self.clips = clips.clips(seed=0, clips_per_class=6)

    def test_shows_one_act_with_a_margin_around_it(self):
        for clip in self.clips:
            (shot,) = clip.script.shots
            (act,) = shot.acts
            self.assertEqual(act.kind, clip.label)
            self.assertEqual(act.start_seconds, 0.8)
            self.assertAlmostEqual(shot.end_seconds - act.end_seconds, 0.8)

    def test_shares_scenes_with_lookalikes_and_with_no_untrimmed_video(self):
        scenes = collections.defaultdict(set)
        for clip in self.clips:
            scenes[clip.label].add(clip.script.shots[0].scene)
        self.assertEqual(scenes["Shotput"], scenes["VolleyballSpiking"])
        self.assertEqual(scenes["CricketShot"], scenes["TennisSwing"])
        self.assertEmpty(scenes["Diving"] & scenes["CliffDiving"])
        untrimmed = {
            shot.scene
            for split in synthetic_scripts.SPLITS
            for script in synthetic_scripts.scripts(
                split, seed=0, num_videos=24
            )
            for shot in script.shots
        }
        self.assertEmpty(untrimmed & set().union(*scenes.values()))

    def test_lists_every_clip_once_and_tests_on_groups_of_their_own(self):
        lists = clips.split_files(self.clips)
        groups = {}
        rows = []
        for name in ("trainlist01.txt", "testlist01.txt"):
            files = [line.split()[0] for line in lists[name].splitlines()]
            rows += files
            groups[name] = {file.split("_")[2] for file in files}
        expected = [f"{clip.label}/{clip.name}.mp4" for clip in self.clips]
        self.assertCountEqual(rows, expected)
        self.assertEqual(groups["testlist01.txt"], {"g01", "g02"})
        self.assertEqual(
            groups["trainlist01.txt"], {"g03", "g04", "g05", "g06"}
        )
        self.assertIn(
            "Diving/v_Diving_g03_c01.mp4 5\n", lists["trainlist01.txt"]
        )


class StillTest(absltest.TestCase):
    """Frames without noise, each drawn for one moment of an act."""

    def stills(self, kind, times):
        act = synthetic_scripts.Act(kind, 1.0, 3.0, 0.3)
        shot = synthetic_scripts.Shot(0.0, 4.0, 7, (act,))
        painted = synthetic_scenes.scene("field", 7, seed=0)
        return np.array(
            [synthetic_scenes.still("field", shot, painted, t) for t in times]
        )

    def test_shows_the_motion_pair_in_the_same_frames_backwards(self):
        times = np.arange(25, 76) / 25
        rising = self.stills("Shotput", times)
        falling = self.stills("VolleyballSpiking", times)
        np.testing.assert_array_equal(rising, falling[::-1])
        self.assertGreater(np.ptp(rising.astype(int), axis=0).max(), 50)

    def test_repeats_the_motion_pair_every_second_snippet(self):
        # So up and down look the same from one center frame to the next.
        for kind in ("Shotput", "VolleyballSpiking"):
            first, second, third = self.stills(kind, [1.4, 1.6, 1.8])[:, :, 70:]
            difference = np.abs(first.astype(int) - third).max()
            self.assertLess(difference, 3)
            self.assertGreater(np.abs(first.astype(int) - second).max(), 50)

    def test_shows_the_same_swing_for_either_ball(self):
        swing = np.arange(95, 305) / 100
        np.testing.assert_array_equal(
            self.stills("CricketShot", swing), self.stills("TennisSwing", swing)
        )
        for moment in (0.6, 3.5):
            cricket = self.stills("CricketShot", [moment]).astype(int)
            tennis = self.stills("TennisSwing", [moment])
            self.assertGreater(np.abs(cricket - tennis).max(), 50)

    def test_shows_the_same_lift_until_it_fails(self):
        decided = 1 + synthetic_scripts.decision_seconds(phase=0.3)
        lift, after = np.arange(0.2, decided, 0.01), [decided + 0.4]
        failed = synthetic_scripts.FAILED_JERK
        np.testing.assert_array_equal(
            self.stills("CleanAndJerk", lift), self.stills(failed, lift)
        )
        jerk = self.stills("CleanAndJerk", after).astype(int)
        self.assertGreater(np.abs(jerk - self.stills(failed, after)).max(), 50)


if __name__ == "__main__":
    absltest.main()
