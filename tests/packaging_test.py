"""A wheel is whole: what it holds works where there is no checkout."""

import json
import pathlib
import pickle
import shutil
import subprocess
import sys
import zipfile

from absl.testing import absltest
import numpy as np

import fsn_tf
from fsn_tf.grouping import frame_scores
from tests.kit import temporary_files

_ROOT = pathlib.Path(__file__).parents[1]
# What the wheel is built from, and nothing that an earlier build left.
_SOURCES = (
    *("fsn_tf", "experiments", "pyproject.toml", "setup.py"),
    *("requirements.txt", "README.md", "LICENSE"),
)
_LOAD_EVERY_EXPERIMENT = """
import fsn_tf, pathlib, sys
from fsn_tf import experiment
from fsn_tf.paper import table_rows, table_runs

package = pathlib.Path(sys.argv[1], "fsn_tf")
assert pathlib.Path(fsn_tf.__file__).parent == package, fsn_tf.__file__
for kind, names in table_rows.EXPERIMENTS.items():
    setting = table_runs.setting(
        prepared="p", annotations="a", workdir="w", kind=kind
    )
    assert setting.experiments == package / "experiments", setting
    for run in names:
        setting.experiment(run)
for path in (package / "experiments").glob("*.py"):
    print(path.stem, experiment.load(path).network)
"""
# Where pip install --no-deps, numpy and absl-py are all that there is.
_WITH_NUMPY_AND_ABSL_ALONE = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        known = {*sys.stdlib_module_names, "numpy", "absl", "fsn_tf", "tests"}
        if name.split(".")[0] not in known:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocker())
from tests.kit import running

for words in sys.argv[1:]:
    status, out, err = running.fsn(*words.split())
    assert status == 0, (words, err)
    print(out)
"""


class WheelTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        wheel = self._build()
        with zipfile.ZipFile(wheel) as archive:
            self.names = set(archive.namelist())
            self.unpacked = self.folder / "unpacked"
            archive.extractall(self.unpacked)

    def _build(self):
        source = self.folder / "source"
        source.mkdir()
        for name in _SOURCES:
            if (_ROOT / name).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(_ROOT / name, source / name, ignore=ignored)
            else:
                shutil.copy(_ROOT / name, source / name)
        # As pip does it, but without a network: setuptools is installed.
        build = f"build_meta.build_wheel({str(self.folder)!r})"
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                f"from setuptools import build_meta; {build}",
            ],
            capture_output=True,
            text=True,
            cwd=source,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        (wheel,) = self.folder.glob("*.whl")
        return wheel

    def _python(self, *words):
        """Runs Python outside of the checkout, the wheel in its path."""
        done = subprocess.run(
            [sys.executable, *words],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env={"PYTHONPATH": str(self.unpacked)},
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_holds_every_file_and_works_where_there_is_no_checkout(self):
        ours = {
            path.relative_to(_ROOT).as_posix()
            for path in (_ROOT / "fsn_tf").rglob("*")
            if path.is_file() and path.suffix != ".pyc"
        } | {
            f"fsn_tf/{path.relative_to(_ROOT).as_posix()}"
            for path in (_ROOT / "experiments").glob("*.py")
        }
        facts = f"fsn_tf-{fsn_tf.__version__}.dist-info/"
        theirs = {x for x in self.names if not x.startswith(facts)}
        self.assertEqual(theirs, ours)

        listed = self._python("-m", "fsn_tf", "--help")
        self.assertIn("reproduce", listed)

        loaded = self._python("-c", _LOAD_EVERY_EXPERIMENT, self.unpacked)
        self.assertLen(
            loaded.splitlines(), len(list((_ROOT / "experiments").glob("*.py")))
        )

        (entry_points,) = self.unpacked.glob("*.dist-info/entry_points.txt")
        self.assertIn("fsn = fsn_tf.__main__:main", entry_points.read_text())


class EvaluationAloneTest(temporary_files.TestCase):
    def test_needs_numpy_and_absl_alone(self):
        truth = self.write("truth.csv", "v,0,1,Run\nw,2,3,Dive\n")
        found = self.write("found.csv", "v,0,1,Run,0.5\nw,2,4,Dive,0.5\n")
        segment = {"label": "Run", "segment": [0, 1], "score": 0.5}
        opentad = self.write(
            "found.json", json.dumps({"results": {"v": [segment]}})
        )
        columns = "video-id t-start t-end label score".split()
        values = ["w"], np.zeros(1), np.ones(1), np.zeros(1, int), np.ones(1)
        actionformer = self.write(
            "found.pkl", pickle.dumps(dict(zip(columns, values, strict=True)))
        )
        frame_scores.write(
            self.folder / "scores",
            "v",
            np.eye(2)[[0, 1, 1]],
            fps=1,
            classes=["Dive", "Run"],
        )
        alone = self.write("alone.csv", "v,0,1,Run\nv,2,3,Dive\n")
        of_scores = f"--scores={self.folder / 'scores'} --annotations={alone}"
        out = [self.folder / name for name in "abcd"]
        every = "--protocol=thumos14,thumos14-2014,activitynet,opentad,spotting"

        done = subprocess.run(
            [
                *(sys.executable, "-c", _WITH_NUMPY_AND_ABSL_ALONE),
                *(
                    f"evaluate {every} --page --out={folder} "
                    f"--detections={path} "
                    f"--annotations={truth}"
                    for path, folder in zip(
                        (found, opentad, actionformer), out, strict=False
                    )
                ),
                "evaluate --protocol=oad,multilabel,thumos14 --page "
                f"{of_scores} "
                f"--out={out[3]}",
                f"compare --results={out[0]}/opentad,{out[1]}/opentad",
            ],
            capture_output=True,
            text=True,
            cwd=_ROOT,
        )

        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("95 % interval", done.stdout)


if __name__ == "__main__":
    absltest.main()
