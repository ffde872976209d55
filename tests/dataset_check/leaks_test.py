"""What parts share is named, and nothing else."""

import json

from absl.testing import absltest
from absl.testing import parameterized
import cv2
import numpy as np

from fsn_tf.dataset_check import leaks
from fsn_tf.dataset_check import likeness
from tests.kit import running
from tests.kit import shared_data
from tests.kit import temporary_files


def _names(parts, group=None):
    found = leaks.findings(parts, group)
    return {one.kind: one.names for one in found if one.names}


class NamesTest(parameterized.TestCase):
    @parameterized.parameters(
        ("a", "a", "a in A and B"),
        ("v_Dive", "Dive", "v_Dive = Dive in A and B"),
        ("Dive", "dIVE", "Dive = dIVE in A and B"),
        ("x.mp4", "v_X", "x.mp4 = v_X in A and B"),
    )
    def test_a_video_by_another_name_is_the_same(self, one, other, line):
        parts = [leaks.Part("A", ["b", one]), leaks.Part("B", [other, "c"])]
        self.assertEqual(
            _names(parts), {"videos that are in two parts": (line,)}
        )
        self.assertTrue(all(x.is_problem for x in leaks.findings(parts)))

    def test_says_nothing_of_parts_that_share_nothing(self):
        parts = [leaks.Part("A", ["a", "v"]), leaks.Part("B", ["b", "v2"])]
        self.assertEmpty(_names(parts))

    def test_compares_every_two_of_several_parts(self):
        parts = [leaks.Part(x, [x, "v"] if x != "B" else [x]) for x in "ABC"]
        self.assertEqual(
            _names(parts), {"videos that are in two parts": ("v in A and C",)}
        )

    def test_counts_the_videos_of_a_group(self):
        parts = [
            leaks.Part("A", ["g1_a", "g1_b", "g2_a", "other"]),
            leaks.Part("B", ["g1_c", "g3_a", "else"]),
        ]
        self.assertEqual(
            _names(parts, r"g(\d)"),
            {"groups that are in two parts": ("1: 2 videos of A, 1 of B",)},
        )


def _moving(seed, num_frames=48, size=(160, 120)):
    """Frames of one still scene with a ball on a path of its own."""
    scene = np.random.default_rng(0).integers(40, 120, (6, 8, 3), np.uint8)
    scene = cv2.resize(scene, size, interpolation=cv2.INTER_CUBIC)
    rng = np.random.default_rng(seed)
    (x, y), (start, turns) = rng.uniform(20, 50, 2), rng.uniform(0, 6, 2)
    frames = []
    for frame in range(num_frames):
        angle = start + (1 + turns) * frame / num_frames
        place = int(80 + x * np.cos(angle)), int(60 + y * np.sin(2 * angle))
        frames.append(cv2.circle(scene.copy(), place, 14, (230, 240, 250), -1))
    return frames


def _write(path, frames, *, fps=24, size=(160, 120), codec="mp4v"):
    path.parent.mkdir(exist_ok=True, parents=True)
    writer = cv2.VideoWriter(
        str(path), cv2.VideoWriter_fourcc(*codec), fps, size
    )
    for frame in frames:
        writer.write(cv2.resize(frame, size))
    writer.release()


class LikenessTest(temporary_files.TestCase):
    def test_copies_are_alike_and_other_motions_in_the_scene_are_not(self):
        paths = {}
        for seed in range(4):
            paths[f"v{seed}"] = self.folder / f"v{seed}.mp4"
            _write(paths[f"v{seed}"], _moving(seed))
        bright = [cv2.convertScaleAbs(x, alpha=1.1, beta=9) for x in _moving(2)]
        copies = {"copy": self.folder / "copy.avi"}
        _write(copies["copy"], bright[::2], fps=12, size=(96, 72), codec="MJPG")

        first, _ = likeness.motions(paths)
        second, _ = likeness.motions(copies)

        pairs = likeness.alike(first, second)
        self.assertEqual([pair[:2] for pair in pairs], [("v2", "copy")])
        self.assertLen(likeness.alike(first, first), 4)

    def test_a_still_picture_is_like_nothing(self):
        path = self.folder / "still.mp4"
        _write(path, _moving(0)[:1] * 20)
        found, reasons = likeness.motions({"still": path})
        self.assertEmpty(found)
        self.assertIn("shows a still picture", reasons["still"])

    def test_a_folder_of_frames_is_like_its_video(self):
        _write(self.folder / "v.mp4", _moving(1))
        for number, frame in enumerate(_moving(1), start=1):
            path = self.folder / f"v/img_{number:05d}.jpg"
            path.parent.mkdir(exist_ok=True)
            cv2.imwrite(str(path), frame)
        video, _ = likeness.motions({"v": self.folder / "v.mp4"})
        frames, _ = likeness.motions({"f": self.folder / "v"}, 24)
        self.assertLen(likeness.alike(video, frames), 1)
        _, reasons = likeness.motions({"f": self.folder / "v"})
        self.assertIn("give --source_fps", reasons["f"])

    def test_a_damaged_video_is_compared_by_what_decodes(self):
        # It declares 50 frames, and 28 decode.
        folder = shared_data.path("videos/odd")
        (path,) = (x for x in folder.iterdir() if "corrupt" in x.name)
        found, reasons = likeness.motions({"v": path})
        self.assertLen({**found, **reasons}, 1)

    def test_no_two_real_videos_are_taken_for_copies(self):
        paths = sorted(shared_data.path("mini_thumos14").glob("*/*.mp4"))
        found, _ = likeness.motions({x.stem: x for x in paths})
        self.assertLen(likeness.alike(found, found), len(paths))


class CommandTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.train = self.write("train.csv", "v_a,1,2,Dive\nx_g1_,1,2,Run\n")
        self.test = self.write("test.csv", "b,1,2,Dive\nquiet\ny_g2_\n")

    def _check(self, *arguments, annotations=None):
        given = annotations or f"{self.train},{self.test}"
        return running.fsn("check", f"--annotations={given}", *arguments)

    def test_passes_parts_that_share_nothing(self):
        status, out, _ = self._check(r"--group=_g(\d)_")
        self.assertEqual(status, 0)
        self.assertIn(f"{self.test}: 3 videos", out)
        self.assertIn("0 problems, 0 notes", out)

    def test_fails_where_a_video_or_group_is_in_both(self):
        self.write("test.csv", "A.mp4,1,2,Dive\nz_g1_\n")
        status, out, _ = self._check(r"--group=_g(\d)_")
        self.assertEqual(status, 1)
        self.assertIn(
            "problem  videos that are in two parts: 1 (v_a = A in ", out
        )
        self.assertIn("problem  groups that are in two parts: 1 (1: 1 vid", out)

    def test_fails_where_videos_look_alike(self):
        for name, seed in {"v_a": 1, "x_g1_": 2}.items():
            _write(self.folder / f"one/{name}.mp4", _moving(seed))
        for name, seed in {"b": 2, "quiet": 3}.items():
            _write(self.folder / f"two/{name}.mp4", _moving(seed), fps=30)
        folders = f"{self.folder / 'one'},{self.folder / 'two'}"
        status, out, _ = self._check(f"--videos={folders}")
        self.assertEqual(status, 1)
        self.assertIn("videos that look alike in two parts: 1 (x_g1_ = b", out)
        self.assertIn("note     annotated videos that are not in the", out)
        self.assertIn("1 (y_g2_)", out)

    def test_compares_subsets_of_one_file(self):
        row = {"label": "Dive", "segment": [1, 2]}
        database = {
            name: {"subset": subset, "annotations": [row]}
            for name, subset in {"a": "training", "V_a": "test"}.items()
        }
        path = self.write("all.json", json.dumps({"database": database}))
        status, out, _ = self._check("--subset=training,test", annotations=path)
        self.assertEqual(status, 1)
        self.assertIn("(a = V_a in ", out)

    @parameterized.parameters(
        (["--out=x"], None, 2, "--out needs one source"),
        (["--videos=a,b,c"], None, 1, "expected one folder of videos or 2"),
        (["--group=_g9_"], None, 1, "expected '_g9_' in the names"),
        ([], "train.csv", 2, "--videos: expected a folder, got none"),
        (["--group=a", "--videos=x"], "train.csv", 2, "--group compares"),
        ([], "train.csv,gone.csv", 1, "gone.csv: no such file"),
    )
    def test_refuses_in_one_line(self, arguments, names, expected, message):
        given = None
        if names is not None:
            given = ",".join(str(self.folder / x) for x in names.split(","))
        status, _, err = self._check(*arguments, annotations=given)
        self.assertEqual(status, expected)
        self.assertIn(message, err)
        self.assertEqual(err.count("\n"), 1)


if __name__ == "__main__":
    absltest.main()
