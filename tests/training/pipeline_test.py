"""Batches: the right clips, cropped alike, a function of (seed, step)."""

import dataclasses

from absl.testing import absltest
from absl.testing import parameterized
import cv2
import numpy as np
import tensorflow as tf

from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment
from fsn_tf.prediction import views
from fsn_tf.snippets import preparation
from fsn_tf.snippets import snippet_files
from fsn_tf.snippets import snippet_writing
from fsn_tf.snippets import video_writing
from fsn_tf.training import augmentation
from fsn_tf.training import loading
from fsn_tf.training import pipeline
from fsn_tf.training import training_sets
from fsn_tf.training import windows as training_windows
from tests.kit import made_up
from tests.kit import temporary_files

_EXPERIMENT = Experiment(
    backbone="tiny", image_size=32, batch_size=5, steps=6, crop_scales=(1, 0.8)
)


class CropsTest(absltest.TestCase):
    def test_thirteen_positions_of_pairs_at_most_one_step_apart(self):
        table = augmentation.crops(340, 256, (1, 0.875, 0.75, 0.66))
        # Of 4 x 4 pairs of sides, 10 differ by at most one step.
        self.assertLen(table, 10 * 13)
        y, x, height, width = table.T
        self.assertEqual(set(height), {256, 224, 192, 168})
        self.assertTrue((y + height <= 256).all() and (x + width <= 340).all())
        self.assertNotIn((256, 192), set(zip(height, width, strict=True)))

    def test_positions_are_corners_center_edges_and_quarters(self):
        table = augmentation.crops(140, 100, (0.6,))
        got = {(y, x) for y, x, _, _ in table.tolist()}
        corners = {(0, 0), (0, 80), (40, 0), (40, 80)}
        edges = {(20, 0), (20, 80), (0, 40), (40, 40)}
        quarters = {(10, 20), (10, 60), (30, 20), (30, 60)}
        self.assertEqual(got, corners | edges | quarters | {(20, 40)})


class ReplicaRowsTest(parameterized.TestCase):
    @parameterized.parameters((12, 1), (12, 4), (5, 2), (7, 3), (4, 4))
    def test_every_example_counts_once(self, batch_size, replicas):
        rows = []
        for replica in range(replicas):
            share = pipeline.Share(replica, 1, replicas)
            (places,) = pipeline.replica_rows(3, batch_size, share)
            self.assertBetween(len(places) * replicas - batch_size, -3, 3)
            rows += places.tolist()
        first = 3 * batch_size
        self.assertEqual(rows, list(range(first, first + batch_size)))

    def test_refuses_more_devices_than_examples(self):
        with self.assertRaisesRegex(InputError, "2 examples .* 4 devices"):
            pipeline.replica_rows(0, 2, pipeline.Share(0, 4, 4))


class TrainingBatchesTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        prepared, truth = made_up.prepared_folder(self.folder)
        self.data = training_sets.load_windows(prepared, truth, _EXPERIMENT)
        self.make = self.data.batches(_EXPERIMENT)

    def _batches(self, first_step, share=None):
        return list(self.make(first_step, share).as_numpy_iterator())

    def test_gives_static_shapes(self):
        spec = self.make(0, None).element_spec
        self.assertEqual(spec["frames"].shape, (5, 7, 32, 32, 3))
        self.assertEqual(spec["labels"].shape, (5, 35))

    def test_any_step_can_be_the_first(self):
        everything = self._batches(0)
        self.assertLen(everything, 6)
        for ours, theirs in zip(self._batches(4), everything[4:], strict=True):
            for name, value in ours.items():
                np.testing.assert_array_equal(value, theirs[name])

    def test_devices_share_the_batch(self):
        everything = self._batches(0)
        parts = self._batches(0, pipeline.Share(0, 2, 2))
        self.assertLen(parts, 12)
        for step, batch in enumerate(everything):
            both = parts[2 * step : 2 * step + 2]
            for name in ("frames", "labels", "row"):
                joined = np.concatenate([part[name] for part in both])
                np.testing.assert_array_equal(joined, batch[name])

    def test_labels_belong_to_the_frames(self):
        # Class k tints channel k, whatever the crop and the flip.
        for batch in self._batches(0):
            centers = batch["labels"][:, 2::5]
            tint = batch["frames"].mean(axis=(2, 3))[..., ::-1]  # to b, g, r
            for label in (0, 1):
                shown = tint[centers == label]
                if len(shown):
                    np.testing.assert_array_equal(shown.argmax(-1), label)

    def test_one_crop_for_all_frames_of_a_clip(self):
        windows, experiment = self.data.examples.windows, _EXPERIMENT
        gradient = np.tile(np.arange(64, dtype=np.uint8) * 3, (48, 1))
        jpeg = cv2.imencode(".jpg", np.dstack([gradient] * 3))[1].tobytes()
        path = self.folder / "rgb" / "still.tfrecord"
        fields = dataclasses.asdict(self.data.videos[0]) | {"video": "still"}
        del fields["path"], fields["offsets"]
        snippet_writing.write(path, [[jpeg]] * 20, lambda: fields)
        clips = loading.clips(
            dataclasses.replace(windows, video=np.zeros_like(windows.video)),
            [snippet_files.read_metadata(path)],
            training_windows.schedule(
                windows.action, 30, balance=True, seed=experiment.seed
            ),
            experiment,
        )
        batches = pipeline.training_batches(clips, experiment, first_step=0)
        shown = set()
        for batch in batches.as_numpy_iterator():
            for clip in batch["frames"]:
                for frame in clip[1:]:
                    np.testing.assert_array_equal(frame, clip[0])
                shown.add(clip[0].tobytes())
        self.assertGreater(len(shown), 10)


class SegmentPositionsTest(parameterized.TestCase):
    @parameterized.product(num_snippets=(1, 2, 3, 7, 36, 1000), count=(3, 25))
    def test_each_lies_in_its_own_part(self, num_snippets, count):
        fractions = np.random.default_rng(0).random((200, count), "f4")
        positions = np.stack(
            [
                loading.segment_positions(num_snippets, count, one)
                for one in fractions
            ]
        )
        # Part k goes from k N / count to (k + 1) N / count; snippet i is the
        # time from i to i + 1.
        part = np.arange(count)
        self.assertTrue((positions * count < (part + 1) * num_snippets).all())
        self.assertTrue(((positions + 1) * count > part * num_snippets).all())
        if num_snippets <= 36:
            drawn = set(positions.flat)
            self.assertEqual(drawn, set(range(num_snippets)))

    def test_middles_are_exact(self):
        middles = np.full(25, 0.5, np.float32)
        for num_snippets in (*range(1, 300), 4570, 98765):
            positions = loading.segment_positions(num_snippets, 25, middles)
            expected = (2 * np.arange(25) + 1) * num_snippets // 50
            np.testing.assert_array_equal(positions, expected)


class SegmentsTest(temporary_files.TestCase):
    def _loader(self, *sizes, seed=0):
        """Loads five segments of videos whose grays number the snippets."""
        settings = preparation.Settings(width=64, height=48)
        videos = []
        for size in sizes:
            path = self.folder / f"{size}.mp4"
            target = self.folder / "rgb" / f"{size}.tfrecord"
            made_up.write_video(path, np.repeat(np.arange(size) * 8, 5))
            video_writing.write_video(path, target, settings)
            videos.append(snippet_files.read_metadata(target))
        experiment = dataclasses.replace(
            _EXPERIMENT, network="tsn", segments=5, seed=seed
        )
        targets = np.eye(len(sizes), dtype=np.float32)
        order = np.arange(60) % len(sizes)
        return loading.segments(videos, targets, order, experiment)

    def _shown(self, load):
        """(60, 5) the snippets at every place."""
        frames = self._examples(load)["frames"]
        return np.rint(frames.mean(axis=(2, 3, 4)) / 8).astype(int)

    def _examples(self, load):
        places = tf.data.Dataset.range(60).map(load.read).batch(60)
        return next(places.as_numpy_iterator())

    def test_shows_a_snippet_of_each_part(self):
        shown = self._shown(self._loader(30))
        # Five parts of six snippets; in each every one can be met.
        for part, column in enumerate(shown.T):
            self.assertEqual(set(column), set(range(6 * part, 6 * part + 6)))
        # The parts are drawn apart from each other.
        within = shown - 6 * np.arange(5)
        self.assertGreater(len(set(map(tuple, within))), 50)
        self.assertTrue((within.min(axis=1) < within.max(axis=1)).any())

    def test_is_a_function_of_seed_and_place(self):
        load = self._loader(30)
        ours, again = self._examples(load), self._examples(load)
        for name, value in again.items():
            np.testing.assert_array_equal(value, ours[name])
        # Whatever came before.
        alone = load.read(tf.constant(59, tf.int64))
        for name, value in alone.items():
            np.testing.assert_array_equal(value, ours[name][59])
        other = self._shown(self._loader(30, seed=1))
        self.assertFalse(np.array_equal(self._shown(load), other))

    def test_repeats_snippets_of_a_short_video(self):
        shown = self._shown(self._loader(1, 2))
        np.testing.assert_array_equal(shown[::2], np.zeros((30, 5)))
        # The third of five parts has half of each of the two snippets.
        expected = [[0, 0, third, 1, 1] for third in shown[1::2, 2]]
        np.testing.assert_array_equal(shown[1::2], expected)
        self.assertEqual(set(shown[1::2, 2]), {0, 1})

    def test_gives_the_label_of_the_video(self):
        targets = self._examples(self._loader(1, 2))["targets"]
        np.testing.assert_array_equal(targets, np.eye(2)[np.arange(60) % 2])


class CenterViewTest(absltest.TestCase):
    def test_is_the_224_pixels_in_the_middle_of_340x256(self):
        frames = np.zeros((1, 256, 340, 3), np.uint8)
        frames[:, 16:240, 58:282] = 200

        view = views.center(tf.constant(frames), 224)

        np.testing.assert_array_equal(view, np.full((1, 224, 224, 3), 200))
        self.assertEqual((frames == 200).sum(), 224 * 224 * 3)

    def test_shows_the_same_part_at_any_input_size(self):
        ramp = np.tile(np.arange(128, dtype=np.uint8), (96, 1))
        frames = np.dstack([ramp] * 3)[None]

        view = views.center(tf.constant(frames), 42)

        # Columns 22 to 105 of 128 by steps of two.
        np.testing.assert_allclose(
            view[0, 0, :, 0], np.arange(22.5, 106, 2), atol=1
        )


class TrainingSetTest(temporary_files.TestCase):
    def test_names_annotated_videos_that_are_not_prepared(self):
        prepared, truth = made_up.prepared_folder(self.folder, videos=2)
        (prepared / "rgb" / "v1.json").unlink()
        with self.assertRaisesRegex(InputError, "1 of 2 .*v1"):
            training_sets.load_windows(prepared, truth, _EXPERIMENT)

    def test_knows_a_video_by_the_name_of_its_file(self):
        prepared, truth = made_up.prepared_folder(self.folder, videos=2)
        expected = training_sets.load_windows(prepared, truth, _EXPERIMENT)
        again = self.folder / "again"
        for path in sorted((self.folder / "videos").iterdir()):
            video_writing.write_video(
                path.rename(path.with_name(f"v_{path.name}")),
                again / "rgb" / f"v_{path.stem}.tfrecord",
                preparation.Settings(width=64, height=48),
            )
        data = training_sets.load_windows(again, truth, _EXPERIMENT)
        self.assertEqual([x.video for x in data.videos], ["v_v0", "v_v1"])
        np.testing.assert_array_equal(
            data.examples.windows.labels, expected.examples.windows.labels
        )

    def test_refuses_videos_without_action(self):
        prepared, truth = made_up.prepared_folder(self.folder, videos=1)
        truth = dataclasses.replace(truth, instances=())
        with self.assertRaisesRegex(InputError, "no window of 35 frames"):
            training_sets.load_windows(prepared, truth, _EXPERIMENT)


if __name__ == "__main__":
    absltest.main()
