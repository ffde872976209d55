"""The SavedModel, in a process that cannot import fsn_tf."""

import contextlib
import itertools
import pathlib
import runpy
import subprocess
import sys
import tempfile

from absl.testing import absltest
import cv2
import made_up
import numpy as np
import temporary_files
import tensorflow as tf

from fsn_tf import checkpoints
from fsn_tf import export
from fsn_tf import localizer
from fsn_tf import networks
from fsn_tf import prediction
from fsn_tf import records
from fsn_tf import scores
from fsn_tf import training
from fsn_tf import training_set
from fsn_tf import video
from fsn_tf import views
from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment

_EXAMPLE = pathlib.Path(__file__).parents[1] / "examples/localize_a_video.py"

_EXPERIMENT = Experiment(
    backbone="tiny",
    image_size=32,
    temporal_filters=8,
    batch_size=2,
    steps=2,
    dropout=0.0,
)

# Scores clips of several lengths; runs where fsn_tf cannot be imported.
_ELSEWHERE = """
import sys
import numpy as np
import tensorflow as tf
try:
    import fsn_tf
    sys.exit("fsn_tf can be imported")
except ImportError:
    pass
model = tf.saved_model.load(sys.argv[1])
clips = np.load(sys.argv[2])
serve = model.signatures["serving_default"]
got = {name: serve(tf.constant(clips[name])) for name in clips.files}
np.savez(sys.argv[3], **{k: v["probabilities"] for k, v in got.items()})
"""


class ExportTest(temporary_files.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        temporary = tempfile.TemporaryDirectory()
        cls.shared = pathlib.Path(cls.enterClassContext(temporary))
        cls.prepared, truth = made_up.prepared_folder(
            cls.shared, videos=2, num_frames=503
        )
        data = training_set.load_windows(cls.prepared, truth, _EXPERIMENT)
        cls.workdir = cls.shared / "run"
        training.train(
            _EXPERIMENT, data, cls.workdir, tf.distribute.get_strategy()
        )
        cls.model = cls.shared / "model"
        export.export(cls.workdir, cls.model)

    def test_equals_predict_and_the_network_without_fsn_tf(self):
        snippets = data_of(self.prepared)
        network, _, _ = checkpoints.load_network(self.workdir)
        out = self.folder / "scores"
        prediction.predict(
            self.workdir, self.prepared, out, inference="whole", videos=["v0"]
        )
        predicted = scores.read(out / "v0.npz").scores
        jpegs = _decoded(snippets)
        centres = views.centre(tf.constant(jpegs), 32)
        clips = {"whole": np.repeat(jpegs, 5, axis=0)[:503]}
        for count in (7, 8, 100):
            clips[f"{count}"] = np.repeat(jpegs[:count], 5, axis=0)
        clips["odd"] = np.repeat(jpegs[:8], 5, axis=0)[:36]
        np.savez(self.folder / "clips.npz", **clips)

        subprocess.run(
            [
                *(sys.executable, "-c", _ELSEWHERE, self.model),
                *(self.folder / "clips.npz", self.folder / "got.npz"),
            ],
            check=True,
            cwd=self.folder,
            env={"TF_CPP_MIN_LOG_LEVEL": "3"},
        )

        got = np.load(self.folder / "got.npz")
        np.testing.assert_allclose(got["whole"], predicted, atol=1e-4)
        for count in (7, 8, 100):
            expected = networks.probabilities(network(centres[None, :count]))
            np.testing.assert_allclose(got[f"{count}"], expected[0], atol=1e-5)
        self.assertLen(got["odd"], 36)
        np.testing.assert_allclose(got["odd"], got["8"][:36], atol=1e-6)

    def test_takes_frames_of_any_size(self):
        loaded = tf.saved_model.load(str(self.model))
        small = _decoded(data_of(self.prepared))[:8]
        large = np.repeat(np.repeat(small, 2, axis=1), 2, axis=2)
        got = loaded.signatures["serving_default"](tf.constant(large))
        expected = loaded.signatures["serving_default"](tf.constant(small))
        np.testing.assert_allclose(
            got["probabilities"], expected["probabilities"], atol=0.02
        )

    def test_localizer_scores_a_file_alike_from_export_and_workdir(self):
        source = self.shared / "videos" / "v1.mp4"
        results = []
        for model in (self.model, self.workdir):
            loaded = localizer.Localizer(model)
            got = loaded.frame_probabilities(video.Video(source))
            self.assertEqual(got.shape, (503, 3))
            results.append(got)
        np.testing.assert_allclose(results[0], results[1], atol=1e-5)

        out = self.folder / "scores"
        prediction.predict(
            self.workdir, self.prepared, out, inference="whole", videos=["v1"]
        )
        # Prediction sees the frames after JPEG; nothing else differs.
        predicted = scores.read(out / "v1.npz").scores
        np.testing.assert_allclose(results[0], predicted, atol=0.05)

    def test_a_call_gives_the_runs_of_frames_above_the_threshold(self):
        loaded = localizer.Localizer(self.model)
        source = self.shared / "videos" / "v0.mp4"
        probabilities = loaded.frame_probabilities(video.Video(source))
        # Between the extremes, so that there are runs.
        threshold = float(np.median(probabilities[:, 1]))

        found = loaded(source, threshold=threshold)

        self.assertEqual(found.classes, ("a", "b"))
        self.assertEqual(found.fps, 25)
        np.testing.assert_array_equal(found.scores, probabilities[:, :2])
        expected = []
        for column, label in enumerate("ab"):
            inside = probabilities[:, column] > threshold
            for key, frames in itertools.groupby(range(503), inside.item):
                frames = list(frames)
                if key:
                    mean = probabilities[frames, column].mean()
                    row = frames[0] / 25, (frames[-1] + 1) / 25, label
                    expected.append((*row, float(mean)))
        got = [
            (one.start_seconds, one.end_seconds, one.label, one.score)
            for one in found.segments
        ]
        self.assertNotEmpty(got)
        self.assertEqual(
            [x[:3] for x in got], [x[:3] for x in sorted(expected)]
        )
        np.testing.assert_allclose(
            [x[3] for x in got], [x[3] for x in sorted(expected)], atol=1e-5
        )

    def test_the_example_scores_plain_arrays(self):
        (self.folder / "fsn_rgb").symlink_to(self.model)
        source = self.shared / "videos" / "v0.mp4"
        (self.folder / "game.mp4").symlink_to(source)
        self.write("game.csv", "game,0.8,1.6,a\ngame,2.0,2.6,b\n")
        with contextlib.chdir(self.folder):
            cells = runpy.run_path(str(_EXAMPLE))
        labels = np.zeros((503, 2), bool)
        # Frame f, counted from 1, shows 25 * start <= f <= 25 * end.
        labels[19:40, 0] = labels[49:65, 1] = True
        np.testing.assert_array_equal(cells["labels"], labels)
        scored = cells["found"].scores
        for index, got in enumerate(cells["frame_ap"]):
            ranked = labels[np.argsort(-scored[:, index], kind="stable"), index]
            precision = np.cumsum(ranked) / np.arange(1, 504)
            self.assertAlmostEqual(got, precision[ranked].mean())
        self.assertBetween(cells["segment_map"], 0, 1)

    def test_never_overwrites(self):
        with self.assertRaisesRegex(InputError, "exists already"):
            export.export(self.workdir, self.model)

    def test_a_folder_that_is_no_model_is_an_error(self):
        with self.assertRaisesRegex(InputError, "neither model.json nor"):
            localizer.Localizer(self.folder)


def data_of(prepared):
    """Snippets of the first made-up video."""
    return records.index(prepared, "rgb")["v0"]


def _decoded(snippets):
    """(N, 48, 64, 3) uint8, decoded from the snippet file."""
    dataset = tf.data.TFRecordDataset(snippets.path)
    frames = []
    for record in dataset:
        example = tf.train.Example.FromString(record.numpy())
        (jpeg,) = example.features.feature["jpeg"].bytes_list.value
        image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), 1)
        frames.append(image[..., ::-1])
    return np.stack(frames)


if __name__ == "__main__":
    absltest.main()
