"""Arrays from elsewhere: whole ones as NumPy reads them, others refused."""

import io
import resource
import time
import zipfile

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import archives
from fsn_tf.archives import joined_videos
from fsn_tf.errors import InputError
from tests.kit import temporary_files


def _npy(header, numbers=b"", version=b"\1\0"):
    """An .npy file with any text for a header."""
    header = header.encode("latin-1")
    length = len(header).to_bytes(2 if version == b"\1\0" else 4, "little")
    return b"\x93NUMPY" + version + length + header + numbers


_EIGHT = np.arange(2, dtype="<f4").tobytes()


class WholeTest(temporary_files.TestCase):
    @parameterized.parameters(
        "<f4", ">f8", "<f2", "|i1", "<u8", "|b1", "<c8", "<U7", "|S3"
    )
    def test_reads_what_numpy_reads(self, kind):
        rng = np.random.default_rng(0)
        for shape in ((), (0,), (7,), (3, 4), (2, 0, 3), (2, 3, 4)):
            for order in "CF":
                values = rng.integers(0, 2, shape).astype(kind)
                values = np.asarray(values, order=order)
                np.save(self.folder / "a.npy", values)
                np.savez(self.folder / "a.npz", b=values)
                found = archives.load(self.folder / "a.npy", "array")
                with archives.opened(self.folder / "a.npz", "file") as inside:
                    self.assertEqual(inside.files, ["b"])
                    packed = inside["b"]
                for one in (found, packed):
                    np.testing.assert_array_equal(one, values, strict=True)
                    self.assertEqual(one.dtype.str, values.dtype.str)
                    self.assertTrue(one.flags.writeable)
                if values.size:
                    mapped = archives.mapped(self.folder / "a.npy", "array")
                    np.testing.assert_array_equal(mapped, values)

    @parameterized.parameters(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }   \n",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2L,)}",
        '{"shape":(2,),"fortran_order":False,"descr":"<f4"}',
        "{ 'shape' : ( 2 , 1 ) , 'descr' : '=f4' , 'fortran_order' : True }",
    )
    def test_reads_headers_of_other_programs(self, header):
        for version in (b"\1\0", b"\2\0", b"\3\0"):
            path = self.write("a.npy", _npy(header, _EIGHT, version))
            found = archives.load(path, "array")
            self.assertEqual(found.reshape(-1).tolist(), [0, 1])


class RefusedTest(temporary_files.TestCase):
    def _refuses(self, content, message="not a whole array", name="a.npy"):
        path = self.write(name, content)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.process_time()
        with self.assertRaisesRegex(InputError, message) as caught:
            if name.endswith(".npy"):
                archives.load(path, "array")
            else:
                with archives.opened(path, "array") as archive:
                    archive["scores"]
        self.assertNotIn("\n", str(caught.exception))
        self.assertLess(len(str(caught.exception)), 500)
        self.assertLess(time.process_time() - start, 1)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        # In kB; what is read has a few hundred bytes.
        self.assertLess(after - before, 100_000)

    @parameterized.parameters(
        "",
        "{",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }",
        "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f3', 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '<U0', 'fortran_order': False, 'shape': (9999999,), }",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': 2, }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (9" + "9" * 99,
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 9999999999999"
        "99999), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } + 1",
        "{'descr': '<f4', 'fortran_order': False}",
        "__import__('os').abort()",
        "(" * 9000,
        "{'descr': '<f4', 'fortran_order': False, 'shape': ("
        + "1," * 4000
        + "2,), }",
    )
    def test_refuses_a_header(self, header):
        self._refuses(_npy(header, _EIGHT))

    def test_refuses_every_header_with_one_byte_changed(self):
        file = io.BytesIO()
        np.save(file, np.arange(6, dtype="<f4").reshape(2, 3))
        whole = file.getvalue()
        path = self.folder / "a.npy"
        for place in range(128):
            for value in (0, 0x20, 0x28, 0x30, 0x39, 0x4F, 0x80, 0xFF):
                path.write_bytes(
                    whole[:place] + bytes([value]) + whole[place + 1 :]
                )
                try:
                    found = archives.load(path, "array")
                except InputError:
                    continue
                # A blank more or less, or another type of as many bytes.
                self.assertEqual(found.nbytes, 24)

    def test_refuses_what_is_longer_or_shorter_than_it_says(self):
        header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"
        for numbers in (b"", _EIGHT[:-1], _EIGHT + b"\0", _EIGHT * 2):
            self._refuses(_npy(header, numbers), "expected .* bytes of float32")

    def test_refuses_a_pickle_unread(self):
        path = self.folder / "a.npy"
        np.save(path, np.array([{}, None]), allow_pickle=True)
        self._refuses(path.read_bytes(), "got the type '.O'")

    def test_refuses_a_bomb(self):
        out = io.BytesIO()
        with (
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open("scores.npy", "w") as member,
        ):
            size = 2**29
            head = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({size}"
            member.write(_npy(head + ",), }"))
            for _ in range(2**9):
                member.write(bytes(2**20))
        self.assertLess(len(out.getvalue()), 2**20)
        self._refuses(out.getvalue(), "bytes that unpack to 5", "a.npz")

    def test_refuses_an_archive_that_lies_or_is_packed_in_other_ways(self):
        for packed in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", packed) as archive:
                archive.writestr("scores.npy", _npy("{", _EIGHT))
            self._refuses(out.getvalue(), "packed in an unknown way", "a.npz")
        self._refuses(b"PK\3\4" + bytes(100), name="a.npz")
        out = io.BytesIO()
        np.savez(out, other=np.zeros(3))
        self._refuses(out.getvalue(), "no 'scores' among its arrays", "a.npz")


class JoinedTest(temporary_files.TestCase):
    def test_does_not_add_lengths_up_beyond_their_type(self):
        huge = np.array([2**63, 2**63, 4], np.uint64)
        np.savez(self.folder / "a.npz", length=huge)
        with (
            archives.opened(self.folder / "a.npz", "file") as archive,
            self.assertRaisesRegex(InputError, "18446744073709551620 frames"),
        ):
            archives.videos(archive, "a.npz", np.zeros((4, 2)), "scores")

    def test_letters_that_no_text_has_are_one_line(self):
        damaged = np.frombuffer(b"\xff\xff\xff\x7f", "<U1")
        with self.assertRaisesRegex(InputError, "a.npz: video holds what is"):
            joined_videos.names("a.npz", "video", damaged)


if __name__ == "__main__":
    absltest.main()
