"""Exported models, in a process that cannot import fsn_tf."""

import itertools
import json
import pathlib
import subprocess
import sys
import tempfile
from unittest import mock

from absl.testing import absltest
from absl.testing import parameterized
import cv2
import keras
import numpy as np
import pytest
import tensorflow as tf

from fsn_tf import files
from fsn_tf import fingerprints
from fsn_tf.errors import InputError
from fsn_tf.errors import UsageError
from fsn_tf.exports import export
from fsn_tf.exports import exported_models
from fsn_tf.grouping import frame_scores
from fsn_tf.networks import fsn
from fsn_tf.prediction import frozen
from fsn_tf.prediction import prepared_videos
from fsn_tf.prediction import views
from fsn_tf.snippets import prepared_folders
from fsn_tf.timeline import localizer
from fsn_tf.training import checkpoints
from fsn_tf.training import loop
from fsn_tf.training import training_sets
from fsn_tf.videos import video_files
from tests.kit import made_up
from tests.kit import optional
from tests.kit import small_networks
from tests.kit import temporary_files

_EXPERIMENT = small_networks.experiment(
    batch_size=2,
    steps=20,
    learning_rate=0.01,
    batch_norm="all",
)

# Scores clips of several lengths; runs where fsn_tf cannot be imported.
_ELSEWHERE = """
import sys
import numpy as np
try:
    import fsn_tf
    sys.exit("fsn_tf can be imported")
except ImportError:
    pass
model, clips = sys.argv[1], np.load(sys.argv[2])
{serve}
np.savez(sys.argv[3], **{{name: serve(clips[name]) for name in clips.files}})
"""
_SERVE = {
    "saved_model": """
import tensorflow as tf
loaded = tf.saved_model.load(model)
def serve(frames):
    signature = loaded.signatures["serving_default"]
    return signature(frames=tf.constant(frames))["probabilities"]
""",
    "tflite": """
import tensorflow as tf
interpreter = tf.lite.Interpreter(model + "/model.tflite")
def serve(frames):
    signature = interpreter.get_signature_runner("serving_default")
    return signature(frames=frames)["probabilities"]
""",
    "onnx": """
import onnxruntime
session = onnxruntime.InferenceSession(model + "/model.onnx")
def serve(frames):
    return session.run(["probabilities"], {"frames": frames})[0]
""",
}


@pytest.mark.slow
class ExportTest(temporary_files.TestCase, parameterized.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        temporary = tempfile.TemporaryDirectory()
        cls.shared = pathlib.Path(cls.enterClassContext(temporary))
        cls.prepared, truth = made_up.prepared_folder(
            cls.shared, videos=2, num_frames=503
        )
        data = training_sets.load_windows(cls.prepared, truth, _EXPERIMENT)
        cls.workdir = cls.shared / "run"
        loop.train(_EXPERIMENT, data, cls.workdir, tf.distribute.get_strategy())
        cls.model = cls.shared / "model"
        export.export(cls.workdir, cls.model)

    @parameterized.parameters("saved_model", "tflite", "onnx")
    def test_equals_predict_and_the_network_without_fsn_tf(self, form):
        if form == "onnx":
            optional.skip_without(self, "tf2onnx", "onnxruntime")
        model = self.folder / "model"
        export.export(self.workdir, model, form=form)
        snippets = data_of(self.prepared)
        network, _, _ = checkpoints.load_network(self.workdir)
        out = self.folder / "scores"
        prepared_videos.predict(
            self.workdir, self.prepared, out, inference="whole", videos=["v0"]
        )
        predicted = frame_scores.read(out / "v0.npz").scores
        self.assertGreater(np.ptp(predicted, axis=0).max(), 0.1)
        jpegs = _decoded(snippets)
        centers = views.center(tf.constant(jpegs), 32)
        clips = {"whole": np.repeat(jpegs, 5, axis=0)[:503]}
        for count in (7, 8, 100):
            clips[f"{count}"] = np.repeat(jpegs[:count], 5, axis=0)
        clips["odd"] = np.repeat(jpegs[:8], 5, axis=0)[:36]
        np.savez(self.folder / "clips.npz", **clips)

        subprocess.run(
            [
                *(sys.executable, "-c"),
                *(_ELSEWHERE.format(serve=_SERVE[form]), model),
                *(self.folder / "clips.npz", self.folder / "got.npz"),
            ],
            check=True,
            cwd=self.folder,
            env={"TF_CPP_MIN_LOG_LEVEL": "3"},
        )

        got = np.load(self.folder / "got.npz")
        np.testing.assert_allclose(got["whole"], predicted, atol=1e-4)
        for count in (7, 8, 100):
            expected = fsn.probabilities(network(centers[None, :count]))
            np.testing.assert_allclose(got[f"{count}"], expected[0], atol=1e-5)
        self.assertLen(got["odd"], 36)
        np.testing.assert_allclose(got["odd"], got["8"][:36], atol=1e-6)

    def test_answers_the_json_of_tensorflow_serving(self):
        frames = np.repeat(_decoded(data_of(self.prepared))[:3], 5, axis=0)[:12]
        loaded = tf.saved_model.load(str(self.model))
        expected = loaded.signatures["serving_default"](tf.constant(frames))
        centers = tf.constant(frames[[2, 7, 11]])
        features = loaded.signatures["features"](centers)
        asked = {
            "serving_default": frames,
            "probabilities": features["features"].numpy(),
        }
        for name, value in asked.items():
            body = {"signature_name": name, "inputs": value.tolist()}
            answer = _served(loaded, json.dumps(body))
            got = np.array(json.loads(answer)["outputs"])
            np.testing.assert_allclose(
                got[:12], expected["probabilities"], atol=1e-6
            )

    def test_card_tells_the_results_of_the_same_classes(self):
        results = self.folder / "results"
        found = {
            "protocol": "thumos14",
            "instances_per_class": {"a": 2, "b": 2},
            "frame_map": 0.25,
            "segment_map": {"0.5": 0.125},
        }
        files.write_json(results / "results.json", found)
        export.export(self.workdir, self.folder / "model", results=results)
        card = exported_models.read(self.folder / "model")
        del found["instances_per_class"]
        self.assertEqual(card["result"], found)
        self.assertEqual(card["training"]["training_videos"], 2)
        self.assertEqual(
            card["signatures"]["probabilities"],
            {"input": "features", "shape": [None, 64], "type": "float32"},
        )

        found["instances_per_class"] = {"a": 2, "c": 2}
        files.write_json(results / "results.json", found)
        with self.assertRaisesRegex(InputError, "those of the model"):
            export.export(self.workdir, self.folder / "other", results=results)
        self.assertFalse((self.folder / "other").exists())

    def test_half_precision_is_close_and_the_card_says_so(self):
        model = self.folder / "model"
        export.export(self.workdir, model, precision="bfloat16")

        self.assertEqual(exported_models.read(model)["precision"], "bfloat16")
        self.assertEqual(
            exported_models.read(self.model)["precision"], "float32"
        )
        frames = tf.constant(np.repeat(_decoded(data_of(self.prepared)), 5, 0))
        expected, got = (
            tf.saved_model.load(str(path)).signatures["serving_default"](frames)
            for path in (self.model, model)
        )
        difference = np.abs(got["probabilities"] - expected["probabilities"])
        self.assertEqual(got["probabilities"].dtype, tf.float32)
        self.assertGreater(difference.max(), 1e-6)
        self.assertLess(difference.max(), 0.05)

    def test_half_precision_is_for_a_saved_model(self):
        out = self.folder / "model"
        for form in ("tflite", "onnx"):
            with self.assertRaisesRegex(UsageError, "--format=saved_model"):
                export.export(
                    self.workdir, out, form=form, precision="bfloat16"
                )
        self.assertFalse(out.exists())

    def test_holds_the_weights_once(self):
        network, _, _ = checkpoints.load_network(self.workdir)
        weights = sum(4 * np.prod(v.shape) for v in network.variables)
        paths = [x for x in self.model.rglob("*") if x.is_file()]
        size = sum(path.stat().st_size for path in paths)
        # What is no weight is the graph of some hundred operations.
        self.assertBetween(size, 0.9 * weights, 1.1 * weights + 300_000)

    def test_weights_too_large_for_a_graph_stay_variables(self):
        model = self.folder / "model"
        with mock.patch.object(frozen, "_MOST_BYTES", 0):
            export.export(self.workdir, model)
        frames = tf.constant(np.repeat(_decoded(data_of(self.prepared)), 5, 0))
        expected, got = (
            tf.saved_model.load(str(path)).signatures["serving_default"](frames)
            for path in (self.model, model)
        )
        self.assertGreater((model / "saved_model.pb").stat().st_size, 0)
        self.assertLess(
            (model / "saved_model.pb").stat().st_size,
            (self.model / "saved_model.pb").stat().st_size,
        )
        np.testing.assert_allclose(
            got["probabilities"], expected["probabilities"], atol=1e-5
        )

    def test_other_weights_have_other_files(self):
        changed = checkpoints.load_frame_network(self.workdir)
        kernel = fsn.head(changed.network).get_layer("scores").kernel
        kernel.assign_add(np.ones(kernel.shape))
        other = self.folder / "other"
        with mock.patch.object(
            checkpoints, "load_frame_network", return_value=changed
        ):
            export.export(self.workdir, other)
        mine, others = (
            exported_models.weights_files(folder, exported_models.read(folder))
            for folder in (self.model, other)
        )
        self.assertNotEmpty(mine)
        self.assertNotEqual(
            list(map(fingerprints.of_path, mine)),
            list(map(fingerprints.of_path, others)),
        )

    def test_loads_what_was_exported_with_variables(self):
        network, experiment, facts = checkpoints.load_network(self.workdir)
        card = exported_models.read(self.model)
        del card["precision"]
        old = keras.export.ExportArchive()
        old.track(network)
        spatial_cnn, head = fsn.spatial_cnn(network), fsn.head(network)
        old.add_endpoint(
            "features",
            lambda frames: {
                "features": spatial_cnn(views.center(frames, 32)[None])[0]
            },
            [tf.TensorSpec((None, 48, 64, 3), tf.uint8, "frames")],
        )
        old.add_endpoint(
            "probabilities",
            lambda x: {"probabilities": fsn.probabilities(head(x[None])[0])},
            [tf.TensorSpec((None, 64), name="features")],
        )
        old.write_out(str(self.folder / "old"), verbose=False)
        files.write_json(self.folder / "old" / exported_models.CARD, card)
        self.assertEqual(
            exported_models.weights_files(self.folder / "old", card),
            [self.folder / "old" / "variables" / "variables.index"],
        )

        source = video_files.Video(self.shared / "videos" / "v1.mp4")
        expected, got = (
            loaded.frame_probabilities(loaded.reading(source))
            for loaded in map(
                localizer.Localizer, (self.model, self.folder / "old")
            )
        )
        np.testing.assert_allclose(got, expected, atol=1e-5)

    def test_localizer_names_the_file_that_is_missing(self):
        card = {**exported_models.read(self.model), "format": "tflite"}
        files.write_json(self.folder / exported_models.CARD, card)
        with self.assertRaisesRegex(InputError, "model.tflite: no such file"):
            localizer.Localizer(self.folder)

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
            reading = loaded.reading(video_files.Video(source))
            got = loaded.frame_probabilities(reading)
            self.assertEqual(got.shape, (503, 3))
            results.append(got)
        np.testing.assert_allclose(results[0], results[1], atol=1e-5)

        out = self.folder / "scores"
        prepared_videos.predict(
            self.workdir, self.prepared, out, inference="whole", videos=["v1"]
        )
        # Prediction sees the frames after JPEG; nothing else differs.
        predicted = frame_scores.read(out / "v1.npz").scores
        np.testing.assert_allclose(results[0], predicted, atol=0.05)

    def test_a_call_gives_the_runs_of_frames_above_the_threshold(self):
        loaded = localizer.Localizer(self.model)
        source = self.shared / "videos" / "v0.mp4"
        reading = loaded.reading(video_files.Video(source))
        probabilities = loaded.frame_probabilities(reading)
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

    def test_never_overwrites(self):
        with self.assertRaisesRegex(InputError, "exists already"):
            export.export(self.workdir, self.model)

    def test_a_folder_that_is_no_model_is_an_error(self):
        with self.assertRaisesRegex(InputError, "neither model.json nor"):
            localizer.Localizer(self.folder)


def _served(loaded, body):
    """What a server's REST form answers: JSON in, JSON out."""
    asked = json.loads(body)
    signature = loaded.signatures[asked["signature_name"]]
    ((name, takes),) = signature.structured_input_signature[1].items()
    given = tf.constant(asked["inputs"], takes.dtype)
    (answer,) = signature(**{name: given}).values()
    return json.dumps({"outputs": answer.numpy().tolist()})


def data_of(prepared):
    """Snippets of the first made-up video."""
    return prepared_folders.index(prepared, "rgb")["v0"]


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
