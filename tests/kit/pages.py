"""Tests of a page in a real browser."""

import pathlib
import tempfile

from tests.kit import browser
from tests.kit import temporary_files


class TestCase(temporary_files.TestCase):
    """Tests in one browser; skipped where there is none.

    Attributes:
        browser: A browser.Browser, of the class.
        shared: A folder, of the class.
        page: Path of the page in there.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = cls.enterClassContext(browser.Browser())
        cls.shared = pathlib.Path(
            cls.enterClassContext(tempfile.TemporaryDirectory())
        )
        cls.page = cls.shared / "report.html"
