"""Imports go down only, flags stay in commands, NumPy modules stay light."""

import ast
import graphlib
import pathlib
import subprocess
import sys

from absl.testing import absltest

import fsn_tf

_ROOT = pathlib.Path(fsn_tf.__file__).parent

# A folder imports from lower floors and from itself, never from a neighbor.
# What lies in no folder is the ground.
_FLOORS = (
    "ground",
    "archives segments storage workers",
    "annotations videos networks grouping",
    "datasets snippets evaluation",
    "reports training",
    "dataset_check prediction",
    "tuning",
    "exports paper",
    "timeline",
    "commands",
)
_HEIGHT = {
    folder: height
    for height, folders in enumerate(_FLOORS)
    for folder in folders.split()
}
# What writes notices to stderr as it is loaded.
_HEAVY = {"tensorflow", "keras"}
# Where TensorFlow may be imported, beside commands at their doors.
_WITH_TENSORFLOW = "snippets training prediction exports timeline".split()
_LIGHT = "archives segments annotations grouping evaluation reports".split()


def _sources():
    """Yields (path, folder, module name) of every module but the face."""
    for path in sorted(_ROOT.rglob("*.py")):
        parts = path.relative_to(_ROOT).with_suffix("").parts
        if parts not in (("__init__",), ("__main__",)):
            folder = parts[0] if len(parts) > 1 else "ground"
            yield path, folder, ".".join(x for x in parts if x != "__init__")


def _imported(path):
    """What a file names of fsn_tf: imports and quietly.imported."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names = [node.value]
        else:
            continue
        for name in names:
            if name.startswith("fsn_tf.") and name.split(".")[1]:
                yield name.removeprefix("fsn_tf.")


def _loaded_at_once(path):
    """What importing a module imports: its imports outside of functions."""
    names = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
    return {name.removeprefix("fsn_tf.") for name in names}


def _reached(name, graph):
    """Everything that importing a module imports, by way of others too."""
    seen, waiting = set(), [name]
    while waiting:
        found = graph.get(waiting.pop(), set()) - seen
        seen |= found
        waiting += found
    return seen


def _folder(name):
    first = name.split(".")[0]
    return first if first in _HEIGHT else "ground"


def _modules_imported(path, modules):
    """The modules among those names; a name may be one inside a module."""
    for name in _imported(path):
        while name and name not in modules:
            name = name.rpartition(".")[0]
        if name:
            yield name


class ImportsTest(absltest.TestCase):
    def test_every_folder_has_a_floor(self):
        folders = {folder for _, folder, _ in _sources()}
        self.assertEqual(folders, set(_HEIGHT))

    def test_imports_go_down(self):
        for path, folder, _ in _sources():
            for name in {_folder(name) for name in _imported(path)} - {folder}:
                self.assertLess(
                    _HEIGHT[name], _HEIGHT[folder], f"{path}: {name}"
                )

    def test_no_module_imports_itself_by_way_of_others(self):
        modules = {name for _, _, name in _sources()}
        graph = {
            name: set(_modules_imported(path, modules)) - {name}
            for path, _, name in _sources()
        }
        # Raises CycleError, which names the circle.
        tuple(graphlib.TopologicalSorter(graph).static_order())

    def test_only_commands_read_flags(self):
        for path, folder, _ in _sources():
            if folder != "commands":
                self.assertNotIn("absl", path.read_text(), str(path))

    def test_tensorflow_enters_where_it_may(self):
        for path, folder, _ in _sources():
            if folder not in _WITH_TENSORFLOW:
                # Inside a function it is loaded when it is needed.
                for line in path.read_text().split("\n"):
                    self.assertNotRegex(line, "^(import|from) tensorflow", path)

    def test_checkers_see_tensorflow(self):
        for path, _, _ in _sources():
            self.assertNotIn('imported("tensorflow")', path.read_text(), path)

    def test_what_loads_tensorflow_is_loaded_quietly_at_the_doors(self):
        # By quietly.imported, which is not an import that Python knows.
        graph = {name: _loaded_at_once(path) for path, _, name in _sources()}
        doors = [name for name in graph if name.startswith("commands.")]
        tasks = [name for name in graph if name.endswith(".worker_task")]
        for door in doors + tasks:
            self.assertNoCommonElements(_reached(door, graph), _HEAVY, door)

    def test_light_folders_import_neither_tensorflow_nor_opencv(self):
        names = [name for _, folder, name in _sources() if folder in _LIGHT]
        names += ["experiment", "commands.evaluate", "commands.compare"]
        names.append("commands.agree")
        check = (
            f"import sys, {', '.join(f'fsn_tf.{name}' for name in names)}\n"
            "heavy = {'tensorflow', 'keras', 'cv2'} & set(sys.modules)\n"
            "sys.exit(str(heavy) if heavy else 0)"
        )
        done = subprocess.run(
            [sys.executable, "-c", check], capture_output=True, text=True
        )
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    absltest.main()
