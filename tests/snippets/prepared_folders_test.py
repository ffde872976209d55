"""Which prepared videos are opened, and what is said of the damaged ones."""

from unittest import mock

from absl.testing import absltest
import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.snippets import feature_files
from fsn_tf.snippets import prepared_folders
from tests.kit import temporary_files


class PreparedFoldersTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        # More than are handed to one reader at once.
        self.names = [f"v{number:03d}" for number in range(70)]
        for name in self.names:
            feature_files.write(
                self.folder,
                name,
                np.ones((2, 3)),
                fps=25.0,
                snippet_frames=5,
                num_frames=10,
                features_from={},
            )

    def _broken(self, name):
        (self.folder / "features" / f"{name}.npy").write_bytes(b"")

    def test_lists_without_opening_any(self):
        with mock.patch.object(feature_files, "read_metadata") as opened:
            listed = prepared_folders.listed(self.folder, "features")
        self.assertEqual(listed, self.names)
        opened.assert_not_called()

    def test_opens_what_is_asked_for_alone(self):
        self._broken("v001")
        read = feature_files.read_metadata
        with mock.patch.object(
            feature_files, "read_metadata", side_effect=read
        ) as opened:
            found = prepared_folders.index(
                self.folder, "features", ["v069", "v003"]
            )
        self.assertEqual(list(found), ["v003", "v069"])
        self.assertEqual(opened.call_count, 2)

    def test_gives_all_in_name_order_and_the_damaged_beside(self):
        for name in ("v001", "v050"):
            self._broken(name)
        found, damaged = prepared_folders.scan(self.folder, "features")
        self.assertEqual(list(damaged), ["v001", "v050"])
        whole = [name for name in self.names if name not in damaged]
        self.assertEqual(list(found), whole)
        self.assertEqual([one.video for one in found.values()], whole)
        with self.assertRaisesRegex(InputError, "v001.npy"):
            prepared_folders.index(self.folder, "features")


if __name__ == "__main__":
    absltest.main()
