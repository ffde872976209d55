"""A folder of thirty, good and bad: the good ones are right to half a frame."""

import csv
import json
import os
import shutil
from unittest import mock

from absl.testing import absltest
import cv2
import numpy as np
import tensorflow as tf

from fsn_tf import annotations
from fsn_tf import experiment
from fsn_tf.grouping import frame_scores
from fsn_tf.prediction import prepared_videos
from fsn_tf.prediction import score_writing
from fsn_tf.segments import names
from fsn_tf.snippets import prepared_folders
from fsn_tf.timeline import localizer
from fsn_tf.videos import sources
from tests.kit import numbered_videos
from tests.kit import running
from tests.kit import temporary_files

# The pictures of these numbers are the action.
_FIRST, _STOP = 20, 50
_EVEN = np.arange(75) / 25
_UNEVEN = np.cumsum([0, *[0.02, 0.04, 0.07] * 24])
_JUMP = np.where(np.arange(75) < 30, _EVEN, _EVEN + 15)
_LONG = "n" * 200
# What is odd about some of the good ones.
_NOTES = (
    "late.mp4: the picture starts 1.60 s after the file",
    "jump.mkv: its clock jumps by 15.0 s at 1.2 s",
    "damaged.mp4: 0.7 s in the middle do not decode",
    "short.mkv: declares 10.0 s but decodes to 5.8 s",
)
_CLASSES = ("Shown", frame_scores.BACKGROUND)

# {file: (stamps as written, seconds at which pictures appear, options)}
_GOOD = {
    "late.mp4": (_EVEN + 1.6, _EVEN + 1.6, {"sound": (0.0, 4.6)}),
    "reordered.avi": (_EVEN, _EVEN, {}),
    "jump.mkv": (_JUMP, _EVEN, {}),
    "uneven.mp4": (_UNEVEN, _UNEVEN, {}),
    "fast.mov": (np.arange(75) / 60, np.arange(75) / 60, {"fps": 60}),
    "slow.mp4": (np.arange(75) / 10, np.arange(75) / 10, {"fps": 10}),
    "web.webm": (_EVEN, _EVEN, {}),
    # The sound's first packet lies before the picture's.
    "stream.ts": (_EVEN, _EVEN + 1024 / 48_000, {"sound": (0.0, 3.0)}),
    "single.mp4": (_EVEN[:1], _EVEN[:1], {}),
}
# Names that other programs stumble over, each of the same video.
_NAMES = (
    "e\u0301lan.mp4",
    "Final:1.mp4",
    "clip.mp4.mp4",
    f"{_LONG}.mp4",
    "{{data}}.mp4",
    '=cmd|x,"y".mp4',
    "class/inner.mp4",
)
# {file: what its line says}; the last two are left out, which is no failure.
_BAD = {
    b"caf\xe9.mp4": r"caf\xe9.mp4: expected a name in UTF-8",
    b"new\nline.mp4": r"new\nline.mp4: expected a name in UTF-8",
    b"pointer.mp4": "pointer.mp4: a Git LFS pointer",
    b"text.mp4": "text.mp4: not a video",
    b"empty.mp4": "empty.mp4: is empty",
    b"folder.mp4": "folder.mp4: is a folder",
    b"noise.mkv": "noise.mkv: not a video",
    b"gap": "gap: img_00002.jpg is missing",
    b"n" * 251 + b".mp4": "nnn.mp4: ",
}
_LEFT_OUT = {
    b"picture.gif": "picture.gif: left out",
    b"above/deep/below.mp4": "above/deep: left out, too deep",
}


class _ReadsNumbers:
    """Has the interface of localizer.Localizer."""

    classes, card = _CLASSES, {"fps": 25.0}
    runtime = fingerprint = "numbers"

    def reading(self, source):
        return source.frames(25)

    def frame_probabilities(self, reading, progress):
        return _scores([image for _, image in reading])


def _scores(images):
    numbers = np.array([numbered_videos.number(image) for image in images])
    shown = (numbers >= _FIRST) & (numbers < _STOP)
    return np.stack([shown, ~shown], axis=1).astype("float32")


def _images(video):
    """(N, H, W, 3) uint8 images of the snippets of a prepared video."""
    count = tf.constant(video.num_snippets, tf.int64)
    return video.images(tf.constant(0, tf.int64), count).numpy()


def _score_snippets(video):
    return np.repeat(_scores(_images(video)), 5, axis=0)[: video.num_frames]


def _videos(found):
    return [found.videos[index] for index in found.video]


class MixedFolderTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.videos = self.folder / "videos"
        self.appears = {}
        self._write_good()
        self._write_damaged()
        self._write_bad()
        self.truth = self.folder / "truth.csv"
        with open(self.truth, "w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(("video", "start", "end", "label"))
            for name, stamps in self.appears.items():
                span = stamps[[_FIRST, _STOP]] if len(stamps) > 1 else ("", "")
                label = "Shown" if len(stamps) > 1 else ""
                rows.writerow((names.written(name), *span, label))

    def _good(self, file, stamps, appears, **options):
        path = self.videos / file
        path.parent.mkdir(parents=True, exist_ok=True)
        numbered_videos.write(path, stamps, **options)
        self._expect(path, appears)
        return path

    def _expect(self, path, appears):
        self.appears[sources.name(path)] = appears

    def _write_good(self):
        for file, (stamps, appears, options) in _GOOD.items():
            self._good(file, stamps, appears, **options)
        for name in _NAMES:
            path = self.videos / name
            path.parent.mkdir(exist_ok=True)
            # Not as a link: one file of two names is taken for one video.
            shutil.copy(self.videos / "uneven.mp4", path)
            self._expect(path, _UNEVEN)
        frames = self.videos / "frames"
        frames.mkdir()
        for index in range(75):
            _, jpeg = cv2.imencode(".jpg", numbered_videos.picture(index))
            # Phones write on behind the end of the image.
            path = frames / f"img_{index + 1:05d}.jpg"
            path.write_bytes(jpeg.tobytes() + b"trailer" * (index % 3))
        self._expect(frames, _EVEN)

    def _write_damaged(self):
        many = np.arange(250) / 25
        path = self._good("damaged.mp4", many, many, reordered=False)
        content = bytearray(path.read_bytes())
        at = int(len(content) * 0.55)
        content[at : at + 600] = bytes(600)
        path.write_bytes(content)
        path = self._good("short.mkv", many, many)
        os.truncate(path, int(path.stat().st_size * 0.6))

    def _write_bad(self):
        contents = dict.fromkeys(_BAD, b"not a video")
        contents[b"pointer.mp4"] = (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n"
        )
        contents[b"empty.mp4"] = b""
        contents[b"noise.mkv"] = np.random.default_rng(0).bytes(9999)
        del contents[b"folder.mp4"], contents[b"gap"]
        whole = (self.videos / "uneven.mp4").read_bytes()
        contents[b"caf\xe9.mp4"] = contents[b"new\nline.mp4"] = whole
        contents |= dict.fromkeys(_LEFT_OUT, whole)
        contents |= {one: whole for one in _BAD if one.startswith(b"nn")}
        (self.videos / "folder.mp4").mkdir()
        (self.videos / "above" / "deep").mkdir(parents=True)
        (self.videos / "gap").mkdir()
        for name, content in contents.items():
            path = os.path.join(os.fsencode(self.videos), name)
            with open(path, "wb") as file:
                file.write(content)
        for number in (1, 3):
            shutil.copy(
                self.videos / "frames" / f"img_{number:05d}.jpg",
                self.videos / "gap",
            )

    def _run(self, name, *arguments):
        """(stdout, stderr lines but for progress) of a command that fails."""
        status, out, err = running.fsn(name, *arguments)
        self.assertEqual(status, 1, msg=(out, err))
        return out, [x for x in err.split("\n") if x and "elapsed" not in x]

    def _assert_said(self, lines, notes=()):
        """One line on each bad one, one of each of the notes, no others."""
        expected = [*_BAD.values(), *_LEFT_OUT.values(), *notes]
        for words in expected:
            found = [line for line in lines if words in line]
            self.assertLen(found, 1, msg=(words, lines))
        self.assertLen(lines, len(expected), msg=lines)

    def test_every_command_does_the_good_ones_and_names_the_bad_ones(self):
        self.assertLen([*self.appears, *_BAD, *_LEFT_OUT], 30)
        with self.subTest("check"):
            self._test_check()
        with self.subTest("prepare"):
            self._test_prepare()
        with self.subTest("localize"):
            self._test_localize()
        with self.subTest("predict"):
            self._test_predict()

    def _test_check(self):
        _, lines = self._run(
            "check",
            f"--videos={self.videos}",
            f"--annotations={self.truth}",
            "--source_fps=25",
            f"--out={self.folder / 'checked'}",
        )
        found = json.loads((self.folder / "checked/check.json").read_text())
        (problem,) = (x for x in found["findings"] if x["is_problem"])
        self._assert_said([*problem["names"], *lines])
        (late,) = (x for x in found["findings"] if "starts after" in x["kind"])
        self.assertEqual(late["names"], ["late: at 1.60 s"])

    def _test_prepare(self):
        out, lines = self._run(
            "prepare",
            f"--videos={self.videos}",
            f"--out={self.folder / 'prepared'}",
            "--source_fps=25",
            "--size=160x64",
            "--workers=1",
        )
        self._assert_said(lines, _NOTES)
        self.assertIn("19 written, 0 kept, 9 failed", out)
        prepared, _ = prepared_folders.scan(self.folder / "prepared", "rgb")
        self.assertEqual({*prepared}, {*self.appears})
        for name, video in prepared.items():
            images = _images(video)
            # Of the last snippet there may be less than half.
            frames = np.arange(len(images)) * 5 + 2
            middles = (np.minimum(frames, video.num_frames - 1) + 0.5) / 25
            shown = [numbered_videos.number(image) for image in images]
            self._assert_shown(name, [*zip(middles, shown, strict=True)])

    def _assert_shown(self, name, shown):
        """Where pictures are shown that a player shows, to half a frame."""
        stamps = self.appears[name]
        if name == "damaged":
            # The picture before stands for what does not decode.
            shown = [one for one in shown if one[0] < 5]
        usual = np.diff(stamps).mean() if len(stamps) > 1 else 1
        away = numbered_videos.deviations(shown, stamps)
        self.assertLess(away.max(), 0.51 * usual, msg=name)

    def _test_localize(self):
        made = mock.Mock(return_value=_ReadsNumbers())
        with mock.patch.object(localizer, "Localizer", made):
            out, lines = self._run(
                "localize",
                "--model=m",
                f"--out={self.folder / 'found'}",
                "--source_fps=25",
                f"--annotations={self.truth}",
                self.videos,
            )
        self._assert_said(lines, _NOTES)
        self.assertIn("19 videos localized, 9 failed", out)
        for ending in ("json", "csv"):
            found = annotations.read_detections(
                self.folder / "found" / f"detections.{ending}",
                classes=("Shown",),
            )
            starts = dict(zip(_videos(found), found.start_seconds, strict=True))
            ends = dict(zip(_videos(found), found.end_seconds, strict=True))
            self.assertEqual({*starts}, {*self.appears} - {"single"})
            for name, start in starts.items():
                stamps = self.appears[name]
                times = [(start, _FIRST), (ends[name], _STOP)]
                for seconds, number in times:
                    self.assertAlmostEqual(
                        seconds, stamps[number], delta=0.0201, msg=name
                    )

    def _test_predict(self):
        """A damaged snippet file costs a line; the others make no mistake."""
        prepared = self.folder / "prepared" / "rgb"
        pointer = (self.videos / "pointer.mp4").read_bytes()
        (prepared / "slow.tfrecord").write_bytes(b"damaged")
        (prepared / "web.json").write_bytes(pointer)
        video, *_ = prepared_folders.scan(prepared.parent, "rgb")[0].values()
        facts = {"classes": ["Shown"], **video.setting()}
        loaded = (None, experiment.Experiment(), facts)
        replaced = {
            (prepared_videos.checkpoints, "load_network"): loaded,
            (prepared_videos, "origin"): {},
            (score_writing.frame_prediction, "scorer"): _score_snippets,
        }
        for (module, name), value in replaced.items():
            made = mock.Mock(return_value=value)
            self.enterContext(mock.patch.object(module, name, made))
        scores = self.folder / "scores"
        out, lines = self._run(
            "predict",
            "--workdir=w",
            f"--prepared={self.folder / 'prepared'}",
            f"--out={scores}",
        )
        self.assertIn("17 videos scored, 0 kept, 2 failed", out)
        self.assertLen(lines, 2, msg=lines)
        for words in ("slow.tfrecord: ", "web.json: a Git LFS pointer"):
            self.assertIn(words, "\n".join(lines))
        self._test_evaluate(scores, pointer)

    def _test_evaluate(self, scores, pointer):
        command = ("evaluate", f"--out={self.folder / 'results'}")
        of_scores = (*command, f"--scores={scores}")
        of_found = f"--detections={self.folder / 'found' / 'detections.json'}"
        truth = f"--annotations={self.truth}"
        _, (line,) = self._run(*of_scores, truth)
        self.assertIn("2 of 19 annotated videos have no scores", line)
        for name in ("slow", "web"):
            (scores / f"{name}.npz").write_bytes(pointer)
        _, (line,) = self._run(*of_scores, truth)
        self.assertIn("slow.npz: a Git LFS pointer", line)
        status, _, err = running.fsn(*command, of_found, truth)
        self.assertEqual((status, err), (0, ""))
        results = json.loads((self.folder / "results/results.json").read_text())
        self.assertEqual(set(results["segment_map"].values()), {1.0})


if __name__ == "__main__":
    absltest.main()
