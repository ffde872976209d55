"""Weights go with the experiment that they were trained as."""

import contextlib
import io
import json

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import tensorflow as tf

from fsn_tf import workdirs
from fsn_tf.errors import InputError
from fsn_tf.training import checkpoint_facts
from fsn_tf.training import checkpoints
from tests.kit import small_networks
from tests.kit import temporary_files

_FACTS = {"classes": ["a", "b"], "fps": 25.0, "feature_size": 4, "versions": {}}
_EXPERIMENT = small_networks.experiment(
    stream="features", temporal_dilations=(1, 2)
)


class EditedTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.workdir = self.folder / "run"
        self._write(checkpoint_facts.with_facts)
        self.path = workdirs.experiment_path(self.workdir)

    def _write(self, together):
        workdirs.write_experiment(self.workdir, _EXPERIMENT, **_FACTS)
        network = checkpoints.for_prediction(_EXPERIMENT, _FACTS)
        kept = workdirs.trained_as(_EXPERIMENT, _FACTS)
        checkpoints.write(
            together(kept, network=checkpoints.weights(network)),
            workdirs.checkpoint_folder(self.workdir, "last"),
            1,
            keep=1,
        )
        self.weights = network.get_weights()

    def _edit(self, **changes):
        value = json.loads(self.path.read_text())
        for name, new in changes.items():
            inside = value if name in value else value["experiment"]
            inside[name] = new
        self.path.write_text(json.dumps(value))

    def test_loads_what_was_trained(self):
        network = checkpoints.load_network(self.workdir).network
        for found, expected in zip(
            network.get_weights(), self.weights, strict=True
        ):
            np.testing.assert_array_equal(found, expected)

    @parameterized.parameters(
        ({"temporal_dilations": [1, 3]}, r"temporal_dilations \[1, 2\], but"),
        ({"clip_frames": 25}, "clip_frames 35, but experiment.json says 25"),
        ({"classes": ["a", "c"]}, r"classes \['a', 'b'\], but .*'c'"),
        ({"classes": ["b", "a"]}, "classes"),
        ({"classes": ["a", "b", "c"]}, "classes"),
        ({"fps": 30.0}, "fps 25.0, but"),
        ({"network": "wfsn"}, "network 'fsn', but"),
    )
    def test_refuses_an_experiment_that_was_edited(self, changes, message):
        self._edit(**changes)
        with self.assertRaisesRegex(InputError, f"trained with {message}"):
            checkpoints.load_network(self.workdir)

    @parameterized.parameters(
        {"temporal_dilations": [1.5]},
        {"temporal_dilations": ["1"]},
        {"temporal_dilations": 1},
        {"balance": "yes"},
        {"dropout": False},
        {"crop_scales": [True]},
        {"fps": 0},
        {"classes": "ab"},
        {"feature_size": 4.0},
    )
    def test_refuses_values_of_other_types(self, **changes):
        self._edit(**changes)
        with self.assertRaisesRegex(InputError, "not an experiment"):
            checkpoints.load_network(self.workdir)

    def test_takes_what_may_change_while_a_run_goes_on(self):
        self._edit(steps=7, keep_checkpoints=9, versions={"keras": "99"})
        checkpoints.load_network(self.workdir)

    def test_reads_checkpoints_of_an_earlier_version_with_one_note(self):
        self._write(lambda _, **parts: tf.train.Checkpoint(**parts))
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            checkpoints.load_network(self.workdir)
            checkpoints.load_network(self.workdir)
        self.assertEqual(said.getvalue().count("note: "), 1)
        self.assertIn("experiment.json is believed", said.getvalue())


if __name__ == "__main__":
    absltest.main()
