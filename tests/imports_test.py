"""Imports go down only, flags stay in commands, NumPy modules stay light."""

import ast
import pathlib
import subprocess
import sys

from absl.testing import absltest

import fsn_tf

_ROOT = pathlib.Path(fsn_tf.__file__).parent

# Modules of one floor may import each other's floor only where listed in
# order: a module imports modules of lower floors, or earlier ones of its own.
_FLOORS = (
    (
        "errors",
        "files",
        "arrays",
        "fingerprints",
        "progress",
        "quietly",
        "experiment",
        "experiment_json",
        "workdirs",
        "segments",
    ),
    (
        "annotations",
        "datasets",
        "video",
        "frame_folders",
        "sources",
        "flow",
        "snippets",
        "dataset_facts",
        "dataset_check",
        "dataset_videos",
    ),
    ("backbones", "weights", "temporal_cnn", "losses"),
    ("browser_video", "subtitles"),
    (
        "fusion",
        "pairs",
        "matching",
        "ranking",
        "scores",
        "localization",
        "segment_list",
        "cdc",
    ),
    (
        "metrics",
        "diagnosis",
        "segmentation",
        "frame_labels",
        "classification",
    ),
    ("scored_videos", "resampling"),
    ("report_page", "localized_videos"),
    ("drawing", "figures", "figure_files"),
    ("feature_files", "worker_pool", "snippet_images", "stream_images"),
    ("records", "networks", "evaluation", "evaluation_files"),
    ("paper", "report"),
    (
        "svg_parts",
        "dataset_report",
        "diagnosis_report",
        "result_files",
        "segmentation_results",
        "classification_results",
        "comparison",
    ),
    (
        "salads_table",
        "chance",
        "table_rows",
        "reproduction",
        "reproduction_report",
    ),
    ("streams", "augmentation", "views"),
    ("snippet_readers", "pipeline", "preparation"),
    (
        "checkpoints",
        "initialisation",
        "objectives",
        "strategies",
        "training_set",
        "training_log",
        "trainer",
        "training",
        "frame_prediction",
        "video_prediction",
        "prediction",
        "feature_preparation",
        "cross_validation",
    ),
    (
        "model_card",
        "signatures",
        "conversion",
        "export",
        "model_folders",
        "stream_models",
        "localizer",
    ),
    ("commands",),
    ("__main__",),
)
_HEIGHT = {
    name: (floor, place)
    for floor, names in enumerate(_FLOORS)
    for place, name in enumerate(names)
}
_WITHOUT_TENSORFLOW = (
    "experiment segments annotations snippets scores localization metrics "
    "evaluation report diagnosis comparison dataset_check dataset_report "
    "commands.evaluate commands.compare"
).split()


def _sources():
    for path in sorted(_ROOT.rglob("*.py")):
        parts = path.relative_to(_ROOT).with_suffix("").parts
        if parts != ("__init__",):
            yield path, parts


def _imported(path):
    """Modules of fsn_tf that a file names: imports and quietly.imported."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names = [node.value] if node.value.startswith("fsn_tf.") else []
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "fsn_tf" and len(parts) > 1 and parts[1] in _HEIGHT:
                yield parts[1]


class ImportsTest(absltest.TestCase):
    def test_every_module_has_a_floor(self):
        modules = {parts[0] for _, parts in _sources()}
        self.assertContainsSubset(modules, _HEIGHT)

    def test_imports_go_down(self):
        for path, parts in _sources():
            if parts[0] == "__main__":
                continue
            for name in set(_imported(path)) - {parts[0]}:
                self.assertLess(
                    _HEIGHT[name], _HEIGHT[parts[0]], f"{path}: {name}"
                )

    def test_only_commands_read_flags(self):
        for path, parts in _sources():
            if parts[0] not in ("commands", "__main__"):
                self.assertNotIn("absl", path.read_text(), str(path))

    def test_evaluation_needs_no_tensorflow(self):
        names = ", ".join(f"fsn_tf.{name}" for name in _WITHOUT_TENSORFLOW)
        check = (
            f"import sys, {names}\n"
            "heavy = {'tensorflow', 'keras', 'cv2'} & set(sys.modules)\n"
            "sys.exit(str(heavy) if heavy else 0)"
        )
        done = subprocess.run(
            [sys.executable, "-c", check], capture_output=True, text=True
        )
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_networks_use_keras_alone(self):
        for name in ("temporal_cnn", "networks", "losses", "backbones"):
            path = _ROOT / name
            files = (
                path.glob("*.py") if path.is_dir() else [_ROOT / f"{name}.py"]
            )
            for file in files:
                self.assertNotIn("import tensorflow", file.read_text())
                self.assertNotIn('imported("tensorflow', file.read_text())


if __name__ == "__main__":
    absltest.main()
