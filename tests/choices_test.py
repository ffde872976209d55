"""Where the paper is silent: the documented choices and the code agree."""

import importlib
import pathlib
import re

from absl.testing import absltest
from absl.testing import parameterized

import fsn_tf
from fsn_tf import experiment as experiments
from fsn_tf.dataset_check import facts
from fsn_tf.snippets import preparation

_ROOT = pathlib.Path(__file__).parents[1]
_CODE = pathlib.Path(fsn_tf.__file__).parent


def _table():
    """{number: text of its row} of the documented table of choices."""
    rows = {}
    for page in (_ROOT / "README.md", *(_ROOT / "docs").rglob("*.md")):
        for line in page.read_text(encoding="utf-8").splitlines():
            head, _, text = line.removeprefix("|").partition("|")
            # Two that belong together share a row.
            if re.fullmatch(r"C\d+(, C\d+)*", head.strip()):
                rows |= dict.fromkeys(head.strip().split(", "), text)
    return rows


def _named(paths):
    """Numbers of choices in files."""
    texts = [path.read_text(encoding="utf-8") for path in paths]
    return set(re.findall(r"\bC\d+\b", "\n".join(texts)))


def _flag(command, name):
    module = importlib.import_module(f"fsn_tf.commands.{command}")
    return module.FLAGS[name].default


class CodeTest(absltest.TestCase):
    def test_names_every_choice_where_it_takes_effect(self):
        # Fields and flags only ask for it.
        doors = {_CODE / "experiment.py", *_CODE.glob("commands/*.py")}
        named = _named({*_CODE.rglob("*.py")} - doors)
        self.assertEmpty(set(_table()) - named)

    def test_names_no_choice_that_the_table_lacks(self):
        code = [*_CODE.rglob("*.py"), *_ROOT.glob("experiments/*.py")]
        self.assertEmpty(_named(code) - set(_table()))


class TableTest(parameterized.TestCase):
    def test_numbers_go_on_without_a_gap(self):
        numbers = sorted(int(number[1:]) for number in _table())
        self.assertGreaterEqual(len(numbers), 29)
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))

    @parameterized.parameters(
        ("C2", "temporal_filters"),
        ("C5", "dropout"),
        ("C9", "loss_reduction"),
        ("C12", "window_stride"),
        ("C12", "min_action_frames"),
        ("C13", "balance"),
        ("C25", "freeze_through"),
        ("C29", "batch_norm"),
    )
    def test_names_the_field(self, number, name):
        self.assertTrue(hasattr(experiments.Experiment(), name))
        self.assertIn(f"`{name}`", _table()[number])

    @parameterized.parameters(
        ("C1", "prepare", "fps", 25),
        ("C7", "predict", "inference", None),
        ("C17", "evaluate", "fusion", "probabilities"),
        ("C17", "evaluate", "fusion_weights", None),
        ("C20", "evaluate", "confidence", "mean"),
        ("C22", "evaluate", "copy_cliff_diving", False),
        ("C23", "evaluate", "smoothing", "none"),
        ("C28", "evaluate", "protocol", ["thumos14"]),
    )
    def test_names_the_flag_that_is_off(self, number, command, name, value):
        self.assertEqual(_flag(command, name), value)
        self.assertRegex(_table()[number], rf"`--{name}\b")


class PreparationTest(absltest.TestCase):
    def test_flags_and_settings_have_the_same_defaults(self):
        settings = preparation.Settings()
        size = f"{settings.width}x{settings.height}"
        self.assertEqual(_flag("prepare", "size"), size)
        self.assertEqual(_flag("prepare", "quality"), settings.quality)
        for fps in (settings.fps, facts.FPS):
            self.assertEqual(_flag("prepare", "fps"), fps)
        snippet_frames = experiments.Experiment().snippet_frames
        for frames in (settings.snippet_frames, snippet_frames):
            self.assertEqual(_flag("prepare", "snippet_frames"), frames)


if __name__ == "__main__":
    absltest.main()
