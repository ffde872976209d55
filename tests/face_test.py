"""What `import fsn_tf` offers: light, as documented, as the commands do it."""

import contextlib
import doctest
import importlib
import io
import pathlib
import pkgutil
import subprocess
import sys
import tempfile

from absl.testing import absltest
from absl.testing import parameterized

import fsn_tf
from fsn_tf import workdirs
from fsn_tf.annotations import csv_files
from tests.kit import made_up

_ROOT = pathlib.Path(__file__).parents[1]
_TRUTH = "video,start,end,label\ngame,1,2.5,Diving\ngame,3,4,Jump\n"
_FOUND = "video,start,end,label,score\ngame,1,2.5,Diving,0.9\n"
_EXPERIMENT = """
from fsn_tf import Experiment

EXPERIMENT = Experiment(backbone="tiny", image_size=32, batch_size=2, steps=2)
"""
# Each goes on where the one before it stopped.
_ONE_AFTER_THE_OTHER = "train load predict read_scores export Localizer".split()
_NAMES = sorted(set(fsn_tf.__all__) - {"__version__"})


def _run(*words):
    return subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, cwd=_ROOT
    )


def _state(workdir):
    """{name: bytes} of all that the last checkpoint of a workdir holds."""
    tf = importlib.import_module("tensorflow")
    reader = tf.train.load_checkpoint(workdirs.latest(workdir))
    names = set(reader.get_variable_to_shape_map())
    # It also says how Python's objects hang together, by names that depend on
    # what the process has made before.
    names.remove("_CHECKPOINTABLE_OBJECT_GRAPH")
    return {name: reader.get_tensor(name).tobytes() for name in names}


# Packages that some modules need and that need not be installed.
_OPTIONAL = "apache_beam", "fsspec"


class ImportTest(absltest.TestCase):
    def test_loads_nothing_before_it_is_used(self):
        done = _run(
            "-c",
            "import sys, fsn_tf\n"
            "loaded = {x for x in sys.modules if x.startswith('fsn_tf.')}\n"
            "assert not loaded, loaded\n"
            "heavy = 'numpy cv2 keras tensorflow'.split()\n"
            "assert not set(heavy) & set(sys.modules)\n"
            "fsn_tf.Detections, fsn_tf.read_annotations, fsn_tf.read_scores\n"
            "fsn_tf.evaluate, fsn_tf.Experiment, fsn_tf.InputError\n"
            "assert not set(heavy[1:]) & set(sys.modules)\n"
            "fsn_tf.train\n"
            "assert not set(heavy[1:]) & set(sys.modules)\n",
        )
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_says_what_it_offers(self):
        self.assertContainsSubset(fsn_tf.__all__, dir(fsn_tf))
        self.assertBetween(len(_NAMES), 13, 15)
        with self.assertRaisesRegex(AttributeError, "no attribute 'trian'"):
            fsn_tf.trian  # noqa: B018

    def test_no_module_hides_a_name(self):
        before = {name: getattr(fsn_tf, name) for name in _NAMES}
        for module in pkgutil.walk_packages(fsn_tf.__path__, "fsn_tf."):
            if module.name.endswith("__main__"):
                continue
            try:
                importlib.import_module(module.name)
            except ModuleNotFoundError as error:
                self.assertIn(error.name, _OPTIONAL)
        for name, value in before.items():
            self.assertIs(getattr(fsn_tf, name), value, name)
            self.assertFalse(isinstance(value, type(sys)), name)

    def test_checkers_see_what_is_loaded(self):
        # What editors read and what runs are written apart.
        text = pathlib.Path(fsn_tf.__file__).read_text()
        for name in _NAMES:
            home, attribute = fsn_tf._HOMES[name]
            line = f"    from fsn_tf.{home} import {attribute}"
            if attribute != name:
                line += f" as {name}"
            self.assertIn(f"{line}\n", text)


class ExamplesTest(parameterized.TestCase):
    """The examples in the docstrings, in a folder with what they name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        temporary = tempfile.TemporaryDirectory()
        cls.work = pathlib.Path(cls.enterClassContext(temporary))
        _, truth = made_up.prepared_folder(cls.work, videos=2)
        csv_files.write(cls.work / "train.csv", truth)
        (cls.work / "test.csv").write_text(_TRUTH)
        (cls.work / "found.csv").write_text(_FOUND)
        (cls.work / "experiment.py").write_text(_EXPERIMENT)
        cls.enterClassContext(contextlib.chdir(cls.work))

    def _check(self, name, value):
        finder = doctest.DocTestFinder(recurse=False)
        names = {"fsn_tf": fsn_tf, name: value}
        (example,) = finder.find(value, name, module=False, globs=names)
        report = []
        runner = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF)
        with contextlib.redirect_stderr(io.StringIO()):
            result = runner.run(example, out=report.append)
        self.assertGreater(result.attempted, 0, f"{name} has no example")
        self.assertEqual(result.failed, 0, "".join(report))

    def test_run_of_the_package(self):
        self._check("fsn_tf", fsn_tf)

    @parameterized.parameters(sorted({*_NAMES} - {*_ONE_AFTER_THE_OTHER}))
    def test_run(self, name):
        self._check(name, getattr(fsn_tf, name))

    def test_run_from_training_to_segments(self):
        for name in _ONE_AFTER_THE_OTHER:
            self._check(name, getattr(fsn_tf, name))
        self._check_command_trains_the_same()

    def _check_command_trains_the_same(self):
        done = _run(
            *("-m", "fsn_tf", "train"),
            f"--experiment={self.work / 'experiment.py'}",
            f"--prepared={self.work / 'prepared'}",
            f"--annotations={self.work / 'train.csv'}",
            f"--workdir={self.work / 'typed'}",
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(
            pathlib.Path("run", "experiment.json").read_bytes(),
            pathlib.Path("typed", "experiment.json").read_bytes(),
        )
        self.assertEqual(_state("run"), _state("typed"))


if __name__ == "__main__":
    absltest.main()
