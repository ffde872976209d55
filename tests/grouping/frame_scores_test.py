"""Frame score files: what is written comes back, what is broken is named."""

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import errors
from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import score_folders
from tests.kit import temporary_files

CLASSES = ("Jump", "Run", "Background")


def probabilities(num_frames=4, seed=0, dtype="f4"):
    """(T, 3) random probabilities."""
    values = np.random.default_rng(seed).random((num_frames, 3))
    return (values / values.sum(axis=1, keepdims=True)).astype(dtype)


class FileTest(temporary_files.TestCase):
    @parameterized.parameters(("f2", "f2"), ("f4", "f4"), ("f8", "f4"))
    def test_comes_back_as_written(self, dtype, stored):
        values = probabilities(dtype=dtype)
        path = frame_scores.write(
            self.folder, "v", values, fps=29.97, classes=CLASSES
        )
        read = frame_scores.read(path)
        np.testing.assert_array_equal(read.scores, values.astype(stored))
        self.assertEqual(read.scores.dtype, stored)
        self.assertEqual((read.fps, read.classes), (29.97, CLASSES))

    def test_sets_the_background_apart(self):
        values = probabilities()
        fsn = frame_scores.FrameScores(values, 25.0, CLASSES)
        wfsn = frame_scores.FrameScores(values, 25.0, ("Dive", "Jump", "Run"))
        self.assertEqual(fsn.action_classes, ("Jump", "Run"))
        np.testing.assert_array_equal(fsn.actions, values[:, :2])
        self.assertEqual(wfsn.action_classes, ("Dive", "Jump", "Run"))
        np.testing.assert_array_equal(wfsn.actions, values)

    @parameterized.parameters(
        ({"scores": np.ones(3, "f4")}, "of shape"),
        ({"scores": np.ones((2, 3), "i4")}, "not int32"),
        ({"scores": np.ones((0, 3), "f4")}, "one or more frames"),
        ({"scores": np.ones((2, 2), "f4")}, "for 3 classes"),
        ({"scores": np.ones((2, 0), "f4"), "classes": []}, "for 0 classes"),
        ({"scores": np.float32([[0, 0, 1], [0, np.nan, 1]])}, "frame 1: Run"),
        ({"scores": np.float32([[0, 0, 1], [-7, 0, 1]])}, "frame 1: Jump"),
        ({"scores": np.float32([[0, np.inf, 1]])}, "frame 0: Run"),
        ({"fps": 0.0}, "fps"),
        ({"fps": np.nan}, "fps"),
        ({"fps": np.ones(2)}, "not a whole score file"),
        ({"fps": "fast"}, "not a whole score file"),
        ({"classes": ["Jump", "Jump", "Run"]}, "named twice"),
        ({"classes": ["Background", "Jump", "Run"]}, "must be the last"),
        ({"classes": np.array(["Jump", None, 3], object)}, "not a whole"),
        ({"fps": None}, "no 'fps'"),
    )
    def test_names_what_is_wrong(self, change, message):
        arrays = {"scores": probabilities(), "fps": 25.0, "classes": CLASSES}
        arrays = {
            name: value
            for name, value in (arrays | change).items()
            if value is not None
        }
        path = self.folder / "bad.npz"
        np.savez(path, **arrays)
        self._refuses(path, message)

    def test_names_a_file_cut_anywhere(self):
        path = frame_scores.write(
            self.folder, "v", probabilities(99), fps=25, classes=CLASSES
        )
        whole = path.read_bytes()
        for size in range(0, len(whole) - 1, 61):
            path.write_bytes(whole[:size])
            self._refuses(path, "not a whole score file")

    def test_names_a_file_with_a_flipped_byte(self):
        path = frame_scores.write(
            self.folder, "v", probabilities(99), fps=25, classes=CLASSES
        )
        whole = bytearray(path.read_bytes())
        whole[300] ^= 0xFF
        path.write_bytes(whole)
        self._refuses(path, "not a whole score file")

    def test_names_what_is_no_archive(self):
        self._refuses(self.write("a.npz", "text"), "not a whole score file")
        path = self.folder / "single.npz"
        with open(path, "wb") as file:
            np.save(file, np.ones(3))
        self._refuses(path, "not a whole score file")

    def test_writes_nothing_wrong(self):
        with self.assertRaisesRegex(errors.InputError, "frame 0"):
            frame_scores.write(
                self.folder,
                "v",
                np.full((2, 3), np.nan),
                fps=25,
                classes=CLASSES,
            )
        self.assertEmpty(list(self.folder.iterdir()))

    def _refuses(self, path, message):
        with self.assertRaisesRegex(errors.InputError, message) as caught:
            frame_scores.read(path)
        self.assertStartsWith(str(caught.exception), str(path))
        self.assertNotIn("\n", str(caught.exception))


class FuseTest(temporary_files.TestCase):
    def _stream(self, name, videos, fps=25, classes=CLASSES, **kwargs):
        for seed, video in enumerate(videos):
            values = probabilities(seed=seed + len(name), **kwargs)
            frame_scores.write(
                self.folder / name, video, values, fps=fps, classes=classes
            )
        return self.folder / name

    def test_weighs_the_probabilities(self):
        rgb = self._stream("rgb", ["b", "a"], dtype="f2")
        flow = self._stream("flow", ["a", "b"])

        fused = score_folders.fuse([rgb, flow], [1, 3])

        self.assertEqual(list(fused), ["a", "b"])
        for video, one in fused.items():
            first = frame_scores.read(rgb / f"{video}.npz").scores.astype(float)
            second = frame_scores.read(flow / f"{video}.npz").scores
            np.testing.assert_allclose(
                one.scores, first / 4 + second * 3 / 4, atol=1e-7
            )
            self.assertEqual(one.scores.dtype, np.float32)

    def test_weighs_the_scores_before_the_softmax(self):
        # Odds of 8:1:1 and 1:1:2, to the powers 1/3 and 2/3, are 2:1:4**(1/3).
        for name, odds in (("rgb", [8, 1, 1]), ("flow", [1, 1, 2])):
            row = np.array([odds], "f4") / sum(odds)
            frame_scores.write(
                self.folder / name, "a", row, fps=25, classes=CLASSES
            )
        folders = [self.folder / "rgb", self.folder / "flow"]
        fused = score_folders.fuse(folders, [1, 2], fusion="scores")["a"].scores
        expected = np.array([[2, 1, 4 ** (1 / 3)]])
        np.testing.assert_allclose(fused, expected / expected.sum(), rtol=1e-6)
        self.assertEqual(fused.dtype, np.float32)

    def test_equals_the_softmax_of_the_networks_mean_scores(self):
        networks = np.random.default_rng(0).normal(size=(3, 20, 3)) * 4
        odds = np.exp(networks)
        found = odds / odds.sum(axis=2, keepdims=True)
        for name, one in zip("123", found, strict=True):
            frame_scores.write(
                self.folder / name, "a", one, fps=25, classes=CLASSES
            )
        folders = [self.folder / name for name in "123"]
        fused = score_folders.fuse(folders, [1, 1.5, 0], fusion="scores")[
            "a"
        ].scores
        odds = np.exp(networks[0] * 0.4 + networks[1] * 0.6)
        expected = odds / odds.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(fused, expected, rtol=1e-4)

    def test_a_probability_that_was_rounded_to_zero_stays_finite(self):
        sure = np.array([[1, 0, 0], [1, 0, 0]], "f2")
        other = np.array([[0, 1, 0], [0, 0.5, 0.5]], "f2")
        for name, row in (("rgb", sure), ("flow", other)):
            frame_scores.write(
                self.folder / name, "a", row, fps=25, classes=CLASSES
            )
        folders = [self.folder / "rgb", self.folder / "flow"]
        fused = score_folders.fuse(folders, fusion="scores")["a"].scores
        # The smallest float16 is 2**-24, so that the odds of the first frame
        # are 2**-12 : 2**-12 : 2**-24.
        expected = np.array([1, 1, 2**-12]) / (2 + 2**-12)
        np.testing.assert_allclose(fused[0], expected, rtol=1e-5)
        self.assertTrue(np.isfinite(fused).all())
        np.testing.assert_allclose(fused.sum(axis=1), 1, rtol=1e-6)

    def test_gives_one_stream_as_it_is(self):
        rgb = self._stream("rgb", ["a"], dtype="f2")
        one = score_folders.read_folder(rgb)["a"]
        self.assertEqual(one.scores.dtype, np.float16)

    def test_reads_several_folders_as_their_mean(self):
        for name, value in (("rgb", 0.2), ("flow", 0.8)):
            row = np.full((4, 3), value, "f4")
            frame_scores.write(
                self.folder / name, "a", row, fps=25, classes=CLASSES
            )
        folders = self.folder / "rgb", self.folder / "flow"
        for weights, mean in ((None, 0.5), ([1, 3], 0.65)):
            found = score_folders.read_folders(*folders, weights=weights)
            np.testing.assert_allclose(found["a"].scores, mean, rtol=1e-6)
        with self.assertRaisesRegex(errors.InputError, "fusion: expected one"):
            score_folders.read_folders(*folders, fusion="max")
        with self.assertRaisesRegex(errors.InputError, "a folder of scores"):
            score_folders.read_folders()

    @parameterized.parameters(
        ({"videos": ["a"]}, "different videos: 1 in one only, b"),
        ({"fps": 30}, "fps 30.0, but"),
        ({"classes": ("Jump", "Dive", "Background")}, "classes Jump, Dive"),
        ({"num_frames": 5}, "frames 5, but"),
        ({"videos": []}, "no such folder"),
    )
    def test_names_streams_that_do_not_fit(self, change, message):
        rgb = self._stream("rgb", ["a", "b"])
        flow = self._stream("flow", **({"videos": ["a", "b"]} | change))
        with self.assertRaisesRegex(errors.InputError, message):
            score_folders.fuse([rgb, flow])

    @parameterized.parameters(
        [[1]], [[0, 0]], [[-1, 2]], [[np.nan, 1]], [[1, 1, 1]]
    )
    def test_refuses_weights_that_do_not_fit(self, weights):
        rgb = self._stream("rgb", ["a"])
        with self.assertRaisesRegex(errors.InputError, "as many weights"):
            score_folders.fuse([rgb, rgb], weights)

    def test_finds_videos_by_their_names_in_either_form_of_unicode(self):
        one = np.full((2, 1), 0.5, np.float32)
        for folder, name in (("a", "\u00e9lan"), ("b", "e\u0301lan")):
            frame_scores.write(
                self.folder / folder, name, one, fps=25, classes=["x"]
            )
        found = score_folders.fuse([self.folder / "a", self.folder / "b"])
        self.assertEqual(list(found), ["\u00e9lan"])

    def test_names_an_empty_folder_and_other_classes(self):
        (self.folder / "empty").mkdir()
        with self.assertRaisesRegex(errors.InputError, "no score file"):
            score_folders.read_folder(self.folder / "empty")
        self._stream("mixed", ["a"])
        self._stream("mixed", ["b"], classes=("Dive", "Jump", "Run"))
        with self.assertRaisesRegex(errors.InputError, r"b\.npz: classes"):
            score_folders.read_folder(self.folder / "mixed")


if __name__ == "__main__":
    absltest.main()
