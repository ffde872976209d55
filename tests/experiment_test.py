"""Experiments as files, as flags' text, and in their own words."""

import dataclasses
import pathlib

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf import experiment as experiments
from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment
from tests.kit import temporary_files

_FOLDER = pathlib.Path(__file__).parents[1] / "experiments"


class ExperimentTest(parameterized.TestCase):
    @parameterized.parameters(
        ("network", "cnn"),
        ("stream", "RGB"),
        ("pooling", ""),
        ("loss_reduction", "none"),
        ("batch_norm", True),
        ("steps", 0),
        ("steps", -5),
        ("steps", 10.0),
        ("batch_size", True),
        ("learning_rate", 0.0),
        ("learning_rate", float("inf")),
        ("learning_rate", float("nan")),
        ("momentum", 1.0),
        ("momentum", -0.1),
        ("dropout", float("nan")),
        ("weight_decay", -1e-9),
        ("gradient_clip", float("inf")),
        ("seed", -1),
        ("seed", 2**31),
        ("clip_frames", 36),
        ("window_stride", 7),
        ("snippet_frames", 4),
        ("crop_scales", ()),
        ("crop_scales", (1.0, 0.0)),
        ("crop_scales", (1.1,)),
        ("temporal_dilations", (1, 0)),
        ("learning_rate_steps", (0,)),
        ("backbone", None),
        ("optimizer", "rmsprop"),
        ("learning_rate_decay", "linear"),
        ("class_weights", True),
        ("warmup_steps", 60_000),
        ("warmup_steps", -1),
        ("label_smoothing", 1.0),
        ("average_decay", 1.0),
        ("patience", -1),
        # Of images nothing is known before training.
        ("standardize", True),
        ("min_action_frames", -1),
        ("min_action_frames", 0.5),
    )
    def test_refuses_a_value_and_names_its_field(self, name, value):
        with self.assertRaisesRegex(
            InputError, f"{name}.*: expected|expected .*{name}"
        ):
            Experiment(**{name: value})

    def test_refuses_two_ways_of_going_down(self):
        with self.assertRaisesRegex(InputError, "learning_rate_steps: exp"):
            Experiment(learning_rate_decay="cosine", learning_rate_steps=(5,))

    @parameterized.parameters(
        ("momentum", 0.0),
        ("dropout", 0.0),
        ("weight_decay", 0.0),
        ("gradient_clip", 0.0),
        ("min_action_frames", 0),
        ("temporal_dilations", ()),
        ("crop_scales", (1.0,)),
        ("seed", 2**31 - 1),
    )
    def test_takes_a_value_at_the_edge(self, name, value):
        self.assertEqual(getattr(Experiment(**{name: value}), name), value)

    def test_counts_the_snippets_of_an_example(self):
        experiment = Experiment(clip_frames=40, window_stride=20)
        self.assertEqual(experiment.clip_snippets, 8)
        self.assertEqual(experiment.example_snippets, 8)
        for network in ("wfsn", "tsn"):
            weak = dataclasses.replace(experiment, network=network, segments=3)
            self.assertEqual(weak.example_snippets, 3)

    def test_counts_the_channels_of_a_snippet(self):
        self.assertEqual(Experiment(stream="rgb").channels, 3)
        # x and y of a flow at each of a snippet's frames.
        eight = {"snippet_frames": 8, "clip_frames": 8, "window_stride": 8}
        self.assertEqual(Experiment(stream="flow", **eight).channels, 16)


class LoadTest(temporary_files.TestCase):
    def test_reads_every_experiment_there_is(self):
        paths = sorted(_FOLDER.glob("*.py"))
        self.assertGreater(len(paths), 10)
        for path in paths:
            self.assertIsInstance(experiments.load(path), Experiment, path)

    def test_reads_what_a_file_defines(self):
        path = self.write(
            "mine.py",
            "from fsn_tf.experiment import Experiment\n"
            "EXPERIMENT = Experiment(stream='flow', steps=7)\n",
        )
        expected = Experiment(stream="flow", steps=7)
        self.assertEqual(experiments.load(path), expected)
        self.assertEqual(experiments.load(str(path)), expected)

    @parameterized.parameters(
        ("x = 1\n", "expected EXPERIMENT = Experiment"),
        ("EXPERIMENT = {'steps': 7}\n", "expected EXPERIMENT = Experiment"),
        ("EXPERIMENT = (\n", "does not run: SyntaxError"),
        ("import no_such_module\n", "does not run: ModuleNotFoundError"),
        (
            "from fsn_tf.experiment import Experiment\n"
            "EXPERIMENT = Experiment(steps=0)\n",
            "steps: expected above 0, got 0",
        ),
        (
            "from fsn_tf.experiment import Experiment\n"
            "EXPERIMENT = Experiment(step=1)\n",
            "does not run: TypeError: .*'step'",
        ),
    )
    def test_names_the_file_and_what_is_wrong_with_it(self, content, message):
        path = self.write("mine.py", content)
        with self.assertRaisesRegex(InputError, f"^{path}: {message}"):
            experiments.load(path)

    def test_names_a_file_that_is_not_there(self):
        for path in (self.folder / "nope.py", self.folder):
            with self.assertRaisesRegex(InputError, f"^{path}: no such exp"):
                experiments.load(path)

    def test_starts_from_the_file_beside_it(self):
        self.write(
            "first.py",
            "from fsn_tf.experiment import Experiment\n"
            "EXPERIMENT = Experiment(stream='flow', steps=7)\n",
        )
        path = self.write(
            "second.py",
            "from fsn_tf import experiment\n"
            "EXPERIMENT = experiment.like(__file__, 'first', dropout=0.5)\n",
        )
        self.assertEqual(
            experiments.load(path),
            Experiment(stream="flow", steps=7, dropout=0.5),
        )
        with self.assertRaisesRegex(InputError, "third.py: no such experiment"):
            experiments.like(path, "third")


class ReplaceTest(parameterized.TestCase):
    @parameterized.parameters(
        ("backbone", "ResNet50", "ResNet50"),
        ("init_from", "", ""),
        ("steps", "60_000", 60_000),
        ("steps", "7", 7),
        ("learning_rate", "1e-3", 0.001),
        ("learning_rate", "1", 1.0),
        ("balance", "false", False),
        ("balance", "True", True),
        ("temporal_dilations", "1,2", (1, 2)),
        ("temporal_dilations", "", ()),
        ("crop_scales", "1,0.5", (1.0, 0.5)),
        # Of an empty default nothing tells the type: whole numbers.
        ("learning_rate_steps", "10,20", (10, 20)),
    )
    def test_reads_text_as_the_type_of_its_field(self, name, text, value):
        changed = experiments.replace(Experiment(), {name: text})
        got = getattr(changed, name)
        self.assertEqual(got, value)
        self.assertIs(type(got), type(value))
        # The others stay.
        self.assertEqual(
            dataclasses.replace(changed, **{name: getattr(Experiment(), name)}),
            Experiment(),
        )

    @parameterized.parameters(
        ("steps", "many", "steps: expected int, such as 60000, got 'many'"),
        ("steps", "7.0", "steps: expected int"),
        ("steps", "1e3", "steps: expected int"),
        ("steps", "", "steps: expected int"),
        ("steps", "True", "steps: expected int"),
        ("learning_rate", "fast", "learning_rate: expected float"),
        ("learning_rate", "[1]", "learning_rate: expected float"),
        ("balance", "yes", "balance: expected bool, such as True, got 'yes'"),
        ("temporal_dilations", "1,x", "temporal_dilations: expected tuple"),
        ("temporal_dilations", "1.5", "temporal_dilations: expected tuple"),
        ("network", "cnn", "network: expected one of"),
        ("dropout", "1", "dropout: expected from 0 to below 1"),
    )
    def test_says_what_a_field_expects(self, name, text, message):
        with self.assertRaisesRegex(InputError, f"^{message}"):
            experiments.replace(Experiment(), {name: text})

    def test_changes_several_fields_of_what_it_is_given(self):
        start = Experiment(stream="flow", seed=3)
        changed = experiments.replace(start, {"steps": "7", "dropout": "0"})
        self.assertEqual(
            changed, Experiment(stream="flow", seed=3, steps=7, dropout=0.0)
        )
        self.assertEqual(start, Experiment(stream="flow", seed=3))


if __name__ == "__main__":
    absltest.main()
