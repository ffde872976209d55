"""Prepared files are what was written, or are named; earlier ones are read."""

import contextlib
import io
import json

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import fingerprints
from fsn_tf.errors import InputError
from fsn_tf.snippets import feature_files
from fsn_tf.snippets import prepared_folders
from tests.kit import made_up
from tests.kit import temporary_files


def _edit(path, **changes):
    facts = json.loads(path.read_text())
    path.write_text(json.dumps({**facts, **changes}))


def _unseal(path):
    """Makes metadata of an earlier version."""
    facts = json.loads(path.read_text())
    del facts["fingerprint"], facts["crc32c"]
    path.write_text(json.dumps(facts))


class FeaturesTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.rows = np.random.default_rng(0).normal(size=(139, 4))
        feature_files.write(
            self.folder,
            "v",
            self.rows,
            fps=25.0,
            snippet_frames=5,
            num_frames=695,
            features_from={},
        )
        self.array = self.folder / "features" / "v.npy"
        self.facts = self.array.with_suffix(".json")

    def _rows(self):
        video = prepared_folders.index(self.folder, "features")["v"]
        return np.concatenate(list(video.features(lambda images: images)))

    def _refused(self, message="v.npy: is not"):
        with self.assertRaisesRegex(InputError, message):
            self._rows()

    def test_reads_what_was_written(self):
        np.testing.assert_array_equal(self._rows(), self.rows.astype("f4"))

    def test_names_numbers_that_were_flipped_to_others(self):
        whole = self.array.read_bytes()
        for place in (128, 131, len(whole) - 1):
            flipped = bytearray(whole)
            flipped[place] ^= 1
            self.array.write_bytes(flipped)
            self._refused("v.npy: is not as it was written")

    def test_names_a_header_that_says_another_type(self):
        whole = self.array.read_bytes()
        self.array.write_bytes(whole.replace(b"<f4", b"<i4"))
        self._refused("v.npy: is not as it was written")
        # Without a fingerprint, too: these are no features.
        _unseal(self.facts)
        self._refused("v.npy: is not as it was written")

    @parameterized.parameters(
        {"num_frames": 691},
        {"fps": 24.0},
        {"features_from": {"file": "x"}},
        {"video": "w"},
    )
    def test_names_facts_that_were_edited(self, **changes):
        _edit(self.facts, **changes)
        self._refused("edited, or damaged, since it was written")

    def test_does_not_mind_the_order_of_facts(self):
        facts = json.loads(self.facts.read_text())
        self.facts.write_text(json.dumps(dict(sorted(facts.items()))))
        self._rows()

    def test_notes_a_folder_of_an_earlier_version_once(self):
        _unseal(self.facts)
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            self._rows()
            self._rows()
        self.assertEqual(said.getvalue().count("note: "), 1)
        self.assertIn("without a fingerprint", said.getvalue())

    @parameterized.parameters(
        {"snippet_frames": 0},
        {"snippet_frames": True},
        {"snippet_frames": -5},
        {"num_frames": 0},
        {"num_frames": 10**400},
        {"fps": 0},
        {"fps": float("nan")},
        {"fps": 1e308},
        {"fps": "25"},
        {"num_snippets": 10**12, "num_frames": 5 * 10**12},
        {"feature_size": 0},
        {"header_bytes": 124},
    )
    def test_names_numbers_that_no_video_has(self, **changes):
        _edit(self.facts, **changes)
        sealed = fingerprints.sealed(json.loads(self.facts.read_text()))
        self.facts.write_text(json.dumps(sealed))
        self._refused()
        _unseal(self.facts)
        self._refused()


class SnippetsTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.prepared, _ = made_up.prepared_folder(self.folder, videos=2)
        self.facts = self.prepared / "rgb" / "v0.json"

    def _read(self):
        for video in prepared_folders.index(self.prepared, "rgb").values():
            list(video.features(lambda images: images))

    def test_names_facts_that_were_edited(self):
        # 100 frames are 20 snippets, and so are 98.
        _edit(self.facts, num_frames=98)
        with self.assertRaisesRegex(
            InputError, "v0.json: is not whole .edited"
        ):
            self._read()

    def test_names_records_that_are_not_those_that_were_written(self):
        path = self.facts.with_suffix(".tfrecord")
        offsets = json.loads(self.facts.read_text())["offsets"]
        whole = path.read_bytes()
        # Whole records, in another order, at the same places.
        other = bytearray(whole)
        first, second = offsets[0:2], offsets[1:3]
        if first[1] - first[0] == second[1] - second[0]:
            other[slice(*first)], other[slice(*second)] = (
                whole[slice(*second)],
                whole[slice(*first)],
            )
        else:
            other[offsets[1] - 1] ^= 1
        path.write_bytes(other)
        with self.assertRaisesRegex(InputError, "v0.tfrecord: cannot be read"):
            self._read()

    def test_reads_a_folder_of_an_earlier_version(self):
        for name in ("v0", "v1"):
            _unseal(self.facts.with_name(f"{name}.json"))
        self._read()

    @parameterized.parameters(
        {"snippet_frames": 0},
        {"width": 10**9},
        {"height": 0},
        {"fps": -1},
        {"flow": None},
    )
    def test_names_numbers_that_no_video_has(self, **changes):
        _edit(self.facts, **changes)
        _unseal(self.facts)
        with self.assertRaisesRegex(InputError, "v0.json: is not whole"):
            self._read()


if __name__ == "__main__":
    absltest.main()
