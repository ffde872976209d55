"""Tests that write small files."""

import pathlib
import tempfile

from absl.testing import parameterized


class TestCase(parameterized.TestCase):
    """A test with an empty folder of its own, `folder`."""

    def setUp(self):
        super().setUp()
        temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.enterContext(temporary))

    def write(self, name, content):
        """Writes text or bytes to `name` in the folder; returns the path."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content)
        return path
