"""Commands take URLs for paths, and leave on the store what they write."""

import importlib
import os
import sys
from unittest import mock

from absl.testing import absltest

from fsn_tf.storage import publishing
from tests.kit import made_up_stores
from tests.kit import optional
from tests.kit import running
from tests.kit import temporary_files

_TRUTH = b"video,start,end,label\n" + b"".join(
    b"v%d_g%d,0,1,%s\n" % (number, number, label)
    for number in range(8)
    for label in (b"Dive", b"Run")
)


class StoredPathsTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.enterContext(made_up_stores.without_waiting())
        self.url = made_up_stores.url("data")
        made_up_stores.fill(self.url, **{"truth.csv": _TRUTH})

    def fsn(self, command, *words):
        cache = f"--cache={self.folder / 'cache'}"
        return running.fsn(command, *words, cache)

    def split(self, out):
        return self.fsn(
            "split",
            f"--annotations={self.url}/truth.csv",
            r"--group=_g(\d+)",
            f"--out={out}",
        )

    def test_from_the_store_to_the_store_as_between_folders(self):
        out = made_up_stores.url("parts")
        status, _, said = self.split(out)
        self.assertEqual(status, 0, said)
        local = self.folder / "parts"
        self.write("truth.csv", _TRUTH)
        running.fsn(
            "split",
            f"--annotations={self.folder / 'truth.csv'}",
            r"--group=_g(\d+)",
            f"--out={local}",
        )
        expected = {
            one.relative_to(local).as_posix(): one.read_bytes()
            for one in local.rglob("*")
            if one.is_file()
        }
        self.assertEqual(made_up_stores.content(out), expected)
        # What is done there is known as done, from another machine too.
        status, _, said = self.split(out)
        self.assertEqual((status, said), (0, f"{out}: has it all already\n"))

    def test_lists_and_paths_with_names_may_have_several(self):
        other = made_up_stores.url("other.csv")
        made_up_stores.fill(other.rpartition("/")[0], **{"other.csv": _TRUTH})
        status, said, _ = self.fsn(
            "check", f"--annotations={self.url}/truth.csv,{other}"
        )
        self.assertEqual(status, 1)
        self.assertIn("8 videos", said)
        _, _, said = self.fsn(
            "figure",
            f"--results=ours={self.url}/truth.csv",
            f"--annotations={self.url}/truth.csv",
            "--videos=v0_g0",
            f"--out={self.url}/figure",
        )
        self.assertNotIn("ours=memory:", said)

    def test_the_list_of_classes_comes_with_a_list_of_clips(self):
        folder = made_up_stores.url("lists")
        made_up_stores.fill(
            folder,
            **{"trainlist01.txt": b"Dive/v_Dive_g01_c01.avi\n"},
            **{"classInd.txt": b"1 Dive\n"},
        )
        self.fsn("check", f"--annotations={folder}/trainlist01.txt")
        self.assertLen(
            list((self.folder / "cache/memory").rglob("classInd.txt")), 1
        )

    def test_what_is_not_there_is_one_line_and_nothing_is_begun(self):
        out = made_up_stores.url("parts")
        status, _, said = self.fsn(
            "split", f"--annotations={self.url}/none.csv", f"--out={out}"
        )
        self.assertEqual(status, 1)
        self.assertEqual(
            said, f"fsn split: {self.url}/none.csv: nothing is there\n"
        )
        self.assertEmpty(made_up_stores.content(out))

    def test_what_is_no_store_is_one_line(self):
        # Also where it is installed, and another test has used it.
        self.enterContext(mock.patch.dict(sys.modules, {"s3fs": None}))
        known = importlib.import_module("fsspec.registry")._registry
        self.enterContext(mock.patch.dict(known))
        known.pop("s3", None)
        for url in ("nosuch://bucket/x", "s3://"):
            status, _, said = self.fsn(
                "split", f"--annotations={url}x,", "--out=o"
            )
            self.assertEqual((status, said.count("\n")), (2, 1), said)

    def test_what_cannot_be_written_is_said_before_the_work(self):
        def deny(*_):
            raise PermissionError("Access Denied")

        with made_up_stores.happening(deny, names=["put_file"]):
            status, shown, said = self.split(made_up_stores.url("parts"))
        self.assertEqual((status, shown), (1, ""))
        self.assertRegex(said, "cannot put .*: Access Denied; the same")


class S3Test(temporary_files.TestCase):
    """On moto's server, where it is installed."""

    def setUp(self):
        super().setUp()
        optional.skip_without(
            self, "s3fs", "moto", listed_in="requirements-bench.txt"
        )
        self.enterContext(absltest.mock.patch.dict(os.environ))
        from benchmarks import storage_faults

        server = storage_faults.Server(self.folder / "server.log", "bucket")
        self.files = self.enterContext(server).files

    def test_from_the_store_to_the_store(self):
        self.enterContext(
            absltest.mock.patch.object(publishing, "INTERVAL_SECONDS", 0.1)
        )
        self.files.pipe("bucket/truth.csv", _TRUTH)
        for number in range(2):
            status, _, said = running.fsn(
                "split",
                "--annotations=s3://bucket/truth.csv",
                r"--group=_g(\d+)",
                f"--out=s3://bucket/deep/parts-{number}",
                f"--cache={self.folder / str(number)}",
            )
            self.assertEqual(status, 0, said)
        first, second = (
            {
                name.partition(f"parts-{number}/")[2]: self.files.cat(name)
                for name in self.files.find(f"bucket/deep/parts-{number}")
            }
            for number in range(2)
        )
        self.assertGreater(len(first), 2)
        self.assertEqual(first, second)


if __name__ == "__main__":
    absltest.main()
