"""Defaults are the paper's; experiment files reproduce its figures."""

import ast
import dataclasses
import importlib
import json
import pathlib
import re

from absl.testing import absltest
from absl.testing import parameterized
import keras
import numpy as np

from fsn_tf import experiment as experiments
from fsn_tf.grouping import thresholds
from fsn_tf.networks import temporal_cnn
from fsn_tf.paper import salads_table
from fsn_tf.reports import published
from tests.kit import running
from tests.kit import temporary_files

_FOLDER = pathlib.Path(__file__).parents[1] / "experiments"
_DEFAULTS = experiments.Experiment()

# What the paper says of a field; its numbers are the default.
_NUMBERS = {
    "temporal_dilations": "Dilated rate is set to 1,2 and 4",
    "snippet_frames": "takes 5 adjacent optical flows as input",
    "clip_frames": "we set T to 35 frames",
    "min_action_frames": "at least 5 frames belongs to action instances",
    "segments": "M is set to 100",
    "learning_rate": "all layers of FSN with learning rate 0.0001",
    "batch_size": "mini-batch size 12",
    "momentum": "We set momentum to 0.9",
    "weight_decay": "weight decay to 0.0005",
    "steps": "Training iteration is about 60000",
}
# What it says in words.
_WORDS = {
    "network": ("fsn", "we propose a Frame Segmentation Network (FSN)"),
    "stream": ("rgb", "performance of each single stream network"),
    "backbone": ("BNInception", "Temporal Segment Network is investigated"),
    "pooling": ("max", "We use GMP in all weakly supervised experiments"),
    "freeze_through": ("", "We train all layers of FSN"),
    "balance": (True, "re-sample to get a balance training dataset"),
}
# What it leaves open; choices_test.py says where that is documented.
_SILENT = {
    "temporal_filters": 512,
    "dropout": 0.8,
    "loss_reduction": "sum",
    "learning_rate_steps": (),
    "window_stride": 35,
    "batch_norm": "first",
}
# TSN's, from which FSN starts.
_TSN = {"image_size": 224, "crop_scales": (1.0, 0.875, 0.75, 0.66)}
# Of what neither speaks: off; or how a run is made and kept.
_OURS = {
    "init_from": "",
    "pooling_share": 0.5,
    "temporal_residual": False,
    "refinement_stages": 0,
    "smoothing_weight": 0.0,
    "gradient_clip": 0.0,
    "mixed_precision": False,
    "jit_compile": False,
    "deterministic": True,
    "steps_per_call": 20,
    "checkpoint_steps": 1000,
    "keep_checkpoints": 2,
    "seed": 0,
}
# What goes beyond the paper: off, or without a meaning until something is on.
_BEYOND = {
    "pooling_share": 0.5,
    "standardize": False,
    "class_weights": "none",
    "learning_rate_decay": "none",
    "warmup_steps": 0,
    "optimizer": "sgd",
    "label_smoothing": 0.0,
    "average_decay": 0.0,
    "patience": 0,
}


class ExperimentTest(parameterized.TestCase):
    @parameterized.parameters(*_NUMBERS.items())
    def test_number_is_the_papers(self, name, sentence):
        said = [float(x) for x in re.findall(r"\d+(?:\.\d+)?", sentence)]
        self.assertEqual(np.ravel(getattr(_DEFAULTS, name)).tolist(), said)

    def test_no_field_is_left_out(self):
        others = {name: value for name, (value, _) in _WORDS.items()}
        others |= _SILENT | _TSN | _OURS | _BEYOND
        defaults = dataclasses.asdict(_DEFAULTS)
        self.assertCountEqual(defaults, [*_NUMBERS, *others])
        self.assertEqual({name: defaults[name] for name in others}, others)

    def test_a_clip_is_seven_snippets(self):
        """Section 3.5: "the snippet number N for FSN is 35/5=7"."""
        self.assertEqual(_DEFAULTS.clip_snippets, 35 / 5)

    def test_flow_of_a_snippet_is_ten_channels(self):
        flow = dataclasses.replace(_DEFAULTS, stream="flow")
        self.assertEqual(flow.channels, 2 * 5)


class NetworkTest(absltest.TestCase):
    def test_temporal_cnn_has_three_layers_and_a_classifier(self):
        features = keras.Input((None, 4))
        logits = temporal_cnn.temporal_cnn(features, 21, filters=8)
        *layers, classifier = keras.Model(features, logits).layers[1:]
        rates = []
        for layer in layers:
            # "All the kernel sizes are set to 3. All kernels' steps [...] 1."
            self.assertEqual((layer.kernel_size, layer.strides), ((3,), (1,)))
            rates += layer.dilation_rate
        # "Dilated rate is set to 1,2 and 4 respectively from first to last."
        self.assertEqual(rates, [1, 2, 4])
        # Table 4 without temporal CNN has nothing but this one.
        self.assertEqual(classifier.kernel_size, (1,))


class PredictionTest(temporary_files.TestCase):
    def test_thresholds_go_from_0_to_1_by_a_tenth(self):
        # "Thresholds are uniformly selected from 0 to 1 with an interval of
        # 0.1."
        np.testing.assert_allclose(
            thresholds.THRESHOLDS,
            [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
        )

    def test_suppresses_at_a_tenth_below_the_overlap(self):
        # Two instances, both found exactly, whose tIoU is 6.2 / 13.8 = 0.449:
        # above 0.5 - 0.1, where the second is lost, but not above 0.6 - 0.1.
        rows = "a,0,10,Jump{}\na,3.8,13.8,Jump{}\n"
        head = "video,start,end,label"
        truth = self.write("truth.csv", f"{head}\n{rows.format('', '')}")
        found = self.write(
            "found.csv", f"{head},score\n{rows.format(',0.9', ',0.8')}"
        )
        status, _, err = running.fsn(
            "evaluate",
            f"--annotations={truth}",
            f"--detections={found}",
            "--tiou=0.5,0.6",
            f"--out={self.folder}",
        )
        self.assertEqual((status, err), (0, ""))
        results = json.loads((self.folder / "results.json").read_text())
        self.assertEqual(results["segment_map"], {"0.5": 0.5, "0.6": 1.0})

    def test_overlaps_are_those_of_the_tables(self):
        evaluate = importlib.import_module("fsn_tf.commands.evaluate")
        columns = {
            column
            for table in published.TABLES.values()
            for column in table.columns
        }
        self.assertCountEqual(
            evaluate.FLAGS["tiou"].default, columns - {published.FRAME}
        )


def _docstring(name):
    return ast.get_docstring(ast.parse((_FOLDER / f"{name}.py").read_text()))


_TABLE_FILES = [path.stem for path in sorted(_FOLDER.glob("table*.py"))]


class ExperimentFilesTest(parameterized.TestCase):
    @parameterized.parameters(*_TABLE_FILES)
    def test_figures_are_those_of_the_paper(self, name):
        # As in "FSN: 53.5 frame mAP (Table 1), 32.1 segment mAP at 0.5".
        method, _, figures = _docstring(name).partition(": ")
        method = method.removeprefix("The flow half of ")
        what = r"(?:frame mAP|segment mAP at (0\.\d))"
        found = re.findall(rf"([\d.]+) {what}(?: \(Table (\d)\))?", figures)
        self.assertNotEmpty(found)
        self.assertLen(found, figures.count(" mAP"))
        for figure, tiou, number in found:
            table = published.TABLES[int(number or name[len("table")])]
            column = table.columns.index(tiou or published.FRAME)
            self.assertEqual(float(figure), table.rows[method][column])

    @parameterized.parameters(*_TABLE_FILES)
    def test_is_what_its_docstring_calls_it(self, name):
        text = _docstring(name)
        is_weak, is_flow = "WFSN" in text, "flow" in text.lower()
        differences = {
            "network": "wfsn" if is_weak else "fsn",
            "stream": "flow" if is_flow else "rgb",
            "pooling": "average" if "GAP" in text else "max",
            "temporal_dilations": () if "w/o temporal" in text else (1, 2, 4),
            # "We freeze the first few convolutional layers of WFSN."
            "freeze_through": "inception_3c" if is_weak else "",
            # TSN's, for flow.
            "dropout": 0.7 if is_flow else 0.8,
            "crop_scales": _TSN["crop_scales"][: 3 if is_flow else 4],
        }
        self.assertEqual(
            experiments.load(_FOLDER / f"{name}.py"),
            dataclasses.replace(_DEFAULTS, **differences),
        )

    @parameterized.parameters(
        ("tsn_rgb", 4500, 0.001, (1500, 3500), 40),
        ("tsn_flow", 18_000, 0.005, (10_000, 16_000), 20),
    )
    def test_tsn_learns_as_its_authors_say(
        self, name, steps, rate, drops, norm
    ):
        one = experiments.load(_FOLDER / f"{name}.py")
        self.assertEqual((one.network, one.segments), ("tsn", 3))
        self.assertEqual((one.batch_size, one.steps), (128, steps))
        self.assertEqual(one.learning_rate, rate)
        self.assertEqual(one.learning_rate_steps, drops)
        self.assertEqual(one.gradient_clip, norm)

    def test_figures_of_50_salads_are_those_beside_ours(self):
        figures = re.findall(r"\d+\.\d", _docstring("salads_fsn"))
        dilated, _ = salads_table.PUBLISHED.values()
        self.assertEqual([float(x) for x in figures], [*dilated])


if __name__ == "__main__":
    absltest.main()
