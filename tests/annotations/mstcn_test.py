"""MS-TCN's text files, and what is wrong with them, in one line."""

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf.annotations import frame_labels
from fsn_tf.errors import InputError
from fsn_tf.errors import UsageError
from tests.kit import shared_data
from tests.kit import temporary_files

_HEAD = "### Frame level recognition: ###\n"
_MAPPING = "0 background\n1 mix\n2 cut\n"


class FolderTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.write("mapping.txt", _MAPPING)
        self.write("splits/test.split1.bundle", "b.txt\nc.txt\n")
        self.write("true/a.txt", "mix\nmix\n")
        self.write("true/b.txt", "background\ncut\ncut\n\n")
        self.write("true/c.txt", "mix\n")

    def _read(self, folder="true", **options):
        options = {"mapping": self.folder / "mapping.txt", **options}
        return frame_labels.read(self.folder / folder, **options)

    def test_takes_the_classes_of_the_mapping_in_its_order(self):
        self.write("mapping.txt", "2 cut\n0 background\n1 mix\n3 peel\n")
        found = self._read()
        self.assertEqual(found.classes, ("background", "mix", "cut", "peel"))
        self.assertEqual(list(found.labels), ["a", "b", "c"])
        np.testing.assert_array_equal(found.labels["b"], [0, 2, 2])

    def test_takes_the_videos_of_a_bundle_alone(self):
        # What is wrong with a video that is not asked for does not matter.
        self.write("true/a.txt", "no such class\n")
        bundle = self.folder / "splits/test.split1.bundle"
        self.assertEqual(list(self._read(videos=bundle).labels), ["b", "c"])
        found = self._read(mapping=None, videos=bundle)
        self.assertEqual(found.classes, ("background", "cut", "mix"))

    def test_reads_its_predictions(self):
        for name in ("a", "b.txt", "c"):
            self.write(f"found/{name}", _HEAD + "mix cut mix")
        found = self._read("found", predicted=True)
        self.assertEqual(list(found.labels), ["a", "b", "c"])
        for labels in found.labels.values():
            np.testing.assert_array_equal(labels, [1, 2, 1])

    @parameterized.parameters(
        ("0 a\n1\n", "mapping.txt:2: expected a line `INDEX CLASS`, got '1'"),
        ("0 a\n1 b c\n", "mapping.txt:2: expected a line `INDEX CLASS`"),
        ("a 0\n", "mapping.txt:1: expected a line `INDEX CLASS`"),
        ("-1 a\n", "mapping.txt:1: expected a line `INDEX CLASS`"),
        ("9" * 5000 + " a\n", "mapping.txt:1: expected a line `INDEX CLASS`"),
        ("0 a\n0 b\n", "mapping.txt:2: expected an index and class once"),
        ("0 a\n1 a\n", "mapping.txt:2: expected an index and class once"),
        ("0 a\n2 b\n", "mapping.txt: expected the indices 0 to 1, got no 1"),
        ("0 a\n\n1 b\n", "mapping.txt:2: expected a line `INDEX CLASS`"),
        ("", "mapping.txt: expected `INDEX CLASS`, got none"),
        (
            "0 background\n1 mix\n",
            "b.txt:2: expected one of 2 classes (background, mix), got 'cut'",
        ),
    )
    def test_names_what_is_wrong_with_a_mapping(self, text, message):
        self.write("mapping.txt", text)
        self._fails(message, InputError)

    @parameterized.parameters(
        ("a.txt\nd.txt\n", "1.bundle:2: expected a video with a file in "),
        ("a.txt\nb.txt\na.txt\n", "1.bundle:3: expected each video once"),
        ("a.txt\n\nb.txt\n", "1.bundle:2: expected video to be a name"),
        ("", "1.bundle: expected `VIDEO.txt`, got none"),
    )
    def test_names_what_is_wrong_with_a_bundle(self, text, message):
        path = self.write("splits/test.split1.bundle", text)
        self._fails(message, InputError, videos=path)

    @parameterized.parameters(
        ("### Recognition ###\nmix\n", "found/a:1: expected ### Frame level"),
        (_HEAD + "mix\nmix\n", "found/a:3: expected all frames on one line"),
        (_HEAD, "found/a: no frame in it"),
        (_HEAD + "mix peel\n", "found/a:2: expected one of 3 classes"),
        ("", "found/a: no frame in it"),
    )
    def test_names_what_is_wrong_with_predictions(self, text, message):
        self.write("found/a", text)
        self._fails(message, InputError, folder="found", predicted=True)

    def test_refuses_two_predictions_of_a_video(self):
        self.write("found/a", _HEAD + "mix")
        self.write("found/a.txt", "mix\n")
        message = "a.txt: a is of the same video; delete one"
        self._fails(message, InputError, folder="found", predicted=True)

    def test_lists_go_with_folders(self):
        np.savez(self.folder / "x.npz", label=[0, 0], length=[2])
        self._fails("expected a folder", UsageError, folder="x.npz")

    def _fails(self, message, kind, **options):
        with self.assertRaises(kind) as caught:
            self._read(**options)
        self.assertIn(message, str(caught.exception))
        self.assertNotIn("\n", str(caught.exception))

    def test_reads_50_salads(self):
        data = shared_data.path("50salads_mid")
        found = frame_labels.read(
            data / "groundTruth",
            mapping=data / "mapping.txt",
            videos=data / "splits" / "test.split3.bundle",
        )
        self.assertLen(found.classes, 18)
        self.assertLen(found.labels, 10)
        for video, labels in found.labels.items():
            features = np.load(data / "features" / "split3" / f"{video}.npy")
            self.assertEqual(features.shape, (128, len(labels)))


if __name__ == "__main__":
    absltest.main()
