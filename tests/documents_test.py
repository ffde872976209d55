"""What README and docs/ name exists: commands, flags, files, functions."""

import ast
import importlib
import pathlib
import re

from absl.testing import absltest

import fsn_tf
from fsn_tf import __main__ as program

_PACKAGE = pathlib.Path(fsn_tf.__file__).parent
_ROOT = _PACKAGE.parent
_PAGES = sorted((*_ROOT.glob("*.md"), *(_ROOT / "docs").rglob("*.md")))
# A command as one types it: in a block, over several lines, or in a sentence.
_COMMAND = re.compile(
    rf"(?<![\w/])fsn ({'|'.join(program.COMMANDS)})\b((?:[^\n`]|\\\n)*)"
)
_FLAG = re.compile(r"--(?:no)?([a-z_]+)\b")
_LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
# A dotted name below fsn_tf, such as `grouping.thresholds.detections`.
_NAME = re.compile(r"`([a-z_0-9]+(?:\.[A-Za-z_0-9]+)+)`")
_IN_PACKAGE = {path.stem for path in _PACKAGE.iterdir()}


def _texts():
    for path in _PAGES:
        # What did not exist yet, or no longer does, may stand in there.
        if path.name != "CHANGELOG.md":
            yield path, path.read_text(encoding="utf-8")


def _commands(text):
    """Yields (name of a command, names of its flags)."""
    for name, rest in _COMMAND.findall(text):
        # What another program gets is not a flag of ours.
        yield name, _FLAG.findall(rest.split("#")[0])


def _defines(path, names):
    """Whether a module has a function, class or constant, or a method."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    for name in names:
        found = [node for node in body if name in _defined(node)]
        if not found:
            return False
        body = getattr(found[0], "body", [])
    return True


def _defined(node):
    if isinstance(node, ast.ImportFrom):
        return [alias.asname or alias.name for alias in node.names]
    if isinstance(node, ast.Assign):
        return [getattr(target, "id", None) for target in node.targets]
    return [getattr(node, "name", None)]


def _exists(name):
    path, names = _PACKAGE, name.split(".")
    while names and (path / names[0]).is_dir():
        path, *names = path / names[0], *names[1:]
    if names and (path / f"{names[0]}.py").is_file():
        return _defines(path / f"{names[0]}.py", names[1:])
    return _defines(path / "__init__.py", names)


class DocumentsTest(absltest.TestCase):
    def test_flags_are_those_of_their_commands(self):
        seen = set()
        for path, text in _texts():
            for name, given in _commands(text):
                module = f"fsn_tf.commands.{name.replace('-', '_')}"
                known = importlib.import_module(module).FLAGS
                seen.add(name)
                for flag in given:
                    if flag != "help":
                        self.assertIn(flag, known, f"{path}: fsn {name}")
        self.assertEqual(seen, set(program.COMMANDS))

    def test_flags_in_sentences_are_those_of_some_command(self):
        known = {"help"}
        for name in program.COMMANDS:
            module = f"fsn_tf.commands.{name.replace('-', '_')}"
            known |= set(importlib.import_module(module).FLAGS)
        for path, text in _texts():
            for flag in re.findall(r"`--(?:no)?([a-z_]+)", text):
                self.assertIn(flag, known, path)

    def test_links_lead_somewhere(self):
        for path, text in _texts():
            for link in _LINK.findall(text):
                if not link.startswith("https://"):
                    target = path.parent / link
                    self.assertTrue(target.exists(), f"{path}: {link}")

    def test_names_of_code_are_there(self):
        names = {
            (path, name)
            for path, text in _texts()
            for name in _NAME.findall(text)
            if name.split(".")[0] in _IN_PACKAGE
            and not name.endswith((".py", ".md", ".json"))
        }
        self.assertNotEmpty(names)
        gone = [one for one in sorted(names) if not _exists(one[1])]
        self.assertEmpty(gone)

    def test_paths_of_modules_are_there(self):
        for path, text in _texts():
            for name in re.findall(r"`((?:\w+/)+\w+\.py)`", text):
                below = _ROOT / name, _PACKAGE / name
                self.assertTrue(any(x.is_file() for x in below), (path, name))

    def test_the_api_shows_all_but_the_commands(self):
        pages = (_ROOT / "docs" / "api").glob("*.md")
        shown = "\n".join(page.read_text(encoding="utf-8") for page in pages)
        shown = set(re.findall(r"^::: fsn_tf\.(\w+)$", shown, re.MULTILINE))
        parts = {
            path.parent.name if path.name == "__init__.py" else path.stem
            for path in (
                *_PACKAGE.glob("*.py"),
                *_PACKAGE.glob("*/__init__.py"),
            )
        }
        self.assertEqual(shown, parts - {"fsn_tf", "__main__", "commands"})

    def test_readme_is_short(self):
        lines = (_ROOT / "README.md").read_text(encoding="utf-8").splitlines()
        self.assertLessEqual(len(lines), 150)


if __name__ == "__main__":
    absltest.main()
