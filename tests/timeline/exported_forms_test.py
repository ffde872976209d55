"""Exports of every form score a video alike, each by its own runtime."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
from unittest import mock

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import pytest
import tensorflow as tf

from fsn_tf import workdirs
from fsn_tf.errors import InputError
from fsn_tf.exports import model_folders
from fsn_tf.grouping import frame_scores
from fsn_tf.networks import fsn
from fsn_tf.timeline import localizer
from fsn_tf.timeline import onnx_models
from fsn_tf.training import checkpoints
from fsn_tf.videos import video_files
from tests.kit import made_up
from tests.kit import optional
from tests.kit import running
from tests.kit import small_networks
from tests.kit import temporary_files

_FORMS = ("saved_model", "tflite", "onnx")
# Ends within a snippet; more snippets than are seen at once.
_NUM_FRAMES = 203

_WITHOUT_TENSORFLOW = """
import sys
from fsn_tf import __main__ as program
status = program.main(sys.argv[1:])
loaded = {"tensorflow", "keras", "tf_keras"} & set(sys.modules)
sys.exit(str(loaded) if loaded else status)
"""


def _write_workdir(workdir, stream, spread):
    """A network with probabilities far from uniform."""
    experiment = small_networks.experiment(stream=stream)
    facts = {"classes": ["a", "b"], "fps": 25, "frame_size": [64, 48]}
    facts |= {"flow": "dis" if stream == "flow" else ""}
    facts |= {"training_videos": [], "versions": {}}
    workdir.mkdir()
    workdirs.write_experiment(workdir, experiment, **facts)
    network = fsn.build(experiment, 2)
    kernel = fsn.head(network).get_layer("scores").kernel
    rng = np.random.default_rng(0)
    kernel.assign(rng.normal(0, spread, kernel.shape))
    checkpoint = tf.train.Checkpoint(network=checkpoints.weights(network))
    folder = workdirs.checkpoint_folder(workdir, "last")
    checkpoints.write(checkpoint, folder, 1, keep=1)
    return workdir


@pytest.mark.slow
class ExportedFormsTest(temporary_files.TestCase, parameterized.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        optional.skip_without(cls, "tf2onnx", "onnxruntime")
        temporary = tempfile.TemporaryDirectory()
        cls.shared = pathlib.Path(cls.enterClassContext(temporary))
        cls.video = cls.shared / "v.mp4"
        actions = [(20, 60), (100, 150)]
        made_up.write_colored_video(cls.video, actions, num_frames=_NUM_FRAMES)
        cls.workdirs = [
            _write_workdir(cls.shared / stream, stream, spread)
            for stream, spread in (("rgb", 3), ("flow", 60))
        ]
        for form in _FORMS:
            model_folders.export(cls.workdirs, cls.shared / form, format=form)
        cls.rgb = cls.shared / "onnx" / "rgb"

    def scored(self, model, **options):
        loaded = localizer.Localizer(model, **options)
        reading = loaded.reading(video_files.Video(self.video))
        return loaded.frame_probabilities(reading), loaded

    @parameterized.parameters("tflite", "onnx")
    def test_score_as_the_saved_model_does(self, form):
        for stream in ("rgb", "flow", "."):
            expected, _ = self.scored(self.shared / "saved_model" / stream)
            got, loaded = self.scored(self.shared / form / stream)
            self.assertEqual(got.shape, (_NUM_FRAMES, 3))
            self.assertGreater(np.ptp(expected, axis=0).min(), 0.1)
            np.testing.assert_allclose(got, expected, atol=1e-4)
            self.assertRegex(loaded.runtime, "^(ONNX|Lite|TensorFlow L)")

    @parameterized.parameters("rgb", "saved_model", "onnx")
    def test_threads_change_no_bit(self, model):
        expected, _ = self.scored(self.shared / model)
        with mock.patch("fsn_tf.timeline.ahead.ahead", lambda items: items):
            in_turns, _ = self.scored(self.shared / model)
        np.testing.assert_array_equal(in_turns, expected)

    def test_openvino_does_not_round_unless_asked(self):
        optional.skip_without(self, "openvino")
        expected, _ = self.scored(self.rgb)
        rounded, loaded = self.scored(self.rgb, precision="bfloat16")
        self.assertEqual(loaded.runtime, "OpenVINO in bfloat16")
        np.testing.assert_allclose(rounded, expected, atol=0.1)
        alone = {"openvino": onnx_models._RUNTIMES["openvino"]}
        with mock.patch.object(onnx_models, "_RUNTIMES", alone):
            got, loaded = self.scored(self.rgb)
        self.assertEqual(loaded.runtime, "OpenVINO in float32")
        np.testing.assert_allclose(got, expected, atol=1e-4)

    def test_commands_localize_onnx_without_tensorflow(self):
        out = self.folder / "out"
        done = subprocess.run(
            [sys.executable, "-c", _WITHOUT_TENSORFLOW, "localize"]
            + [f"--model={self.shared / 'onnx'}", f"--video={self.video}"]
            + [f"--out={out}", "--nopage"],
            capture_output=True,
            text=True,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("0 failed (ONNX Runtime in float32)", done.stdout)
        expected, _ = self.scored(self.shared / "saved_model")
        got = frame_scores.read(out / "v.npz").scores
        np.testing.assert_allclose(got, expected, atol=1e-4)

    def test_fingerprints_follow_the_weights_and_the_precision(self):
        other = _write_workdir(self.folder / "rgb", "rgb", 4)
        for form in _FORMS:
            both = self.folder / form, self.folder / f"{form}_before"
            model_folders.export(other, both[0], format=form)
            shutil.copytree(self.shared / form / "rgb", both[1])
            card = json.loads((both[1] / "model.json").read_text())
            # What it says of the files may tell them apart, too.
            card.pop("bytes", None)
            for model in both:
                (model / "model.json").write_text(json.dumps(card))
                # What is for others is not what is run here.
                (model / "model.onnx").unlink(missing_ok=True)
            of_both = {localizer.Localizer(model).fingerprint for model in both}
            self.assertLen(of_both, 2, form)
        of_both = {
            localizer.Localizer(other, precision=precision).fingerprint
            for precision in (None, "float32", "bfloat16")
        }
        self.assertLen(of_both, 2)

    @parameterized.parameters("saved_model", "tflite")
    def test_another_precision_than_the_export_is_an_error(self, form):
        model = self.shared / form / "rgb"
        with self.assertRaisesRegex(InputError, "was exported in float32"):
            localizer.Localizer(model, precision="bfloat16")

    def test_bfloat16_of_a_workdir_differs_a_little(self):
        expected, _ = self.scored(self.workdirs[0])
        got, loaded = self.scored(self.workdirs[0], precision="bfloat16")
        self.assertEqual(loaded.runtime, "TensorFlow in bfloat16")
        self.assertGreater(np.abs(got - expected).max(), 0)
        np.testing.assert_allclose(got, expected, atol=0.1)

    @parameterized.parameters(
        ("onnx", "features.onnx", None, "features.onnx: no such file"),
        ("onnx", "features.onnx", b"x", "features.onnx: has 1 bytes"),
        ("tflite", "model.tflite", b"x", "model.tflite: has 1 bytes"),
    )
    def test_a_damaged_export_is_one_line(self, form, name, content, line):
        model = self.folder / "model"
        shutil.copytree(self.shared / form / "rgb", model)
        (model / name).unlink()
        if content:
            (model / name).write_bytes(content)
        status, _, messages = running.fsn(
            *("localize", f"--model={model}", f"--video={self.video}"),
            f"--out={self.folder / 'out'}",
        )
        self.assertEqual(status, 1)
        self.assertIn(line, messages)
        self.assertLen(messages.strip().splitlines(), 1)

    def test_a_tflite_file_of_another_stream_is_one_line(self):
        model = self.folder / "model"
        shutil.copytree(self.shared / "tflite" / "rgb", model)
        shutil.copy(self.shared / "tflite" / "flow" / "model.tflite", model)
        card = json.loads((model / "model.json").read_text())
        card.pop("bytes")
        (model / "model.json").write_text(json.dumps(card))
        with self.assertRaisesRegex(InputError, "features takes .* says .*, 3"):
            localizer.Localizer(model)

    def test_without_a_runtime_says_what_to_install(self):
        missing = {"onnxruntime": None, "openvino": None}
        with mock.patch.dict(sys.modules, missing):
            with self.assertRaisesRegex(InputError, "pip install onnxruntime"):
                localizer.Localizer(self.rgb)
            with self.assertRaisesRegex(InputError, "pip install openvino"):
                localizer.Localizer(self.rgb, precision="bfloat16")

    def test_errors_of_any_thread_reach_the_caller_and_end_all(self):
        loaded = localizer.Localizer(self.rgb)
        threads = threading.active_count()
        broken = self.write("broken.mp4", "x" * 999)
        frames = video_files.VideoReading.__iter__

        def failing(self):
            for index, one in enumerate(frames(self)):
                if index == 20:
                    raise InputError("v.mp4: cannot be read any more")
                yield one

        with (
            mock.patch.object(video_files.VideoReading, "__iter__", failing),
            self.assertRaisesRegex(InputError, "any more"),
        ):
            loaded(self.video)
        for method in ("features", "probabilities"):
            predictor = loaded._streams[0].predictor
            with (
                mock.patch.object(predictor, method, side_effect=MemoryError),
                self.assertRaises(MemoryError),
            ):
                loaded(self.video)
        with self.assertRaisesRegex(InputError, "broken.mp4"):
            loaded(broken)
        reading = loaded.reading(video_files.Video(self.video))
        with self.assertRaises(KeyboardInterrupt):
            loaded.frame_probabilities(
                reading, mock.Mock(side_effect=KeyboardInterrupt)
            )
        self.assertEqual(threading.active_count(), threads)

    def test_exports_list_their_functions(self):
        card = json.loads((self.rgb / "model.json").read_text())
        stems = {path.stem for path in self.rgb.glob("*.onnx")}
        self.assertEqual(stems, {"model", "features", "probabilities"})
        self.assertEqual(
            set(card["signatures"]),
            {"serving_default", "features", "probabilities"},
        )


if __name__ == "__main__":
    absltest.main()
