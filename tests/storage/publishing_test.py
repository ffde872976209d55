"""What is published is whole at every moment, and nothing is lost."""

import contextlib
import functools
import io
import os
import pathlib
import shutil
import time

from absl.testing import absltest
import numpy as np

from fsn_tf import errors
from fsn_tf import files
from fsn_tf.storage import mirrors
from fsn_tf.storage import publishing
from fsn_tf.storage import stores
from tests.kit import made_up_stores
from tests.kit import temporary_files

_DATA = ".data-00000-of-00001"


def write_checkpoint(folder, step, keep=1):
    """Writes one as TensorFlow does, and deletes all but the newest."""
    folder.mkdir(parents=True, exist_ok=True)
    begun = folder / f"ckpt-{step}_temp"
    begun.mkdir()
    (begun / "part-00000-of-00001").write_bytes(b"data %d" % step)
    (begun / "part-00000-of-00001").rename(folder / f"ckpt-{step}{_DATA}")
    (folder / f"ckpt-{step}.index").write_bytes(b"index %d" % step)
    begun.rmdir()
    steps = sorted(int(x.stem[5:]) for x in folder.glob("*.index"))
    for old in steps[:-keep]:
        for part in folder.glob(f"ckpt-{old}.*"):
            part.unlink()


def whole_checkpoints(content):
    """Steps of those on a store; raises AssertionError on a broken one."""
    steps = []
    for name, value in content.items():
        if name.endswith(".index"):
            step = int(pathlib.Path(name).stem[5:])
            data = content.get(f"{name.removesuffix('.index')}{_DATA}")
            assert value == b"index %d" % step
            assert data == b"data %d" % step, (name, data)
            steps.append(step)
    return steps


class PublisherTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.enterContext(made_up_stores.without_waiting())
        self.said = io.StringIO()
        self.enterContext(contextlib.redirect_stderr(self.said))
        self.url = made_up_stores.url()
        self.mirror, self.publisher = self.opened()

    def opened(self, cache="cache"):
        """(a mirror as a process opens it, its publisher)."""
        mirror = mirrors.Mirror(self.url, self.folder / cache)
        mirror.refresh()
        mirror.path.mkdir(parents=True, exist_ok=True)
        return mirror, publishing.Publisher(mirror)

    def content(self):
        return made_up_stores.content(self.url)

    def here(self):
        path = self.mirror.path
        return {
            one.relative_to(path).as_posix(): one.read_bytes()
            for one in path.rglob("*")
            if one.is_file()
        }

    def test_puts_what_is_new_and_deletes_what_is_gone(self):
        files.write_text(self.mirror.path / "a" / "b.txt", "1")
        files.write_text(self.mirror.path / "c.txt", "2")
        self.publisher.finish()
        self.assertEqual(self.content(), {"a/b.txt": b"1", "c.txt": b"2"})
        self.assertEqual(self.publisher.run(at_rest=True), 0)
        (self.mirror.path / "c.txt").unlink()
        files.write_text(self.mirror.path / "a" / "b.txt", "3")
        self.publisher.finish()
        self.assertEqual(self.content(), {"a/b.txt": b"3"})
        self.assertIn(f"{self.url}: 4 changes published", self.said.getvalue())

    def test_leaves_out_what_is_not_whole(self):
        with files.written_whole(self.mirror.path / "file.txt") as partial:
            partial.write_text("half")
            with files.folder_written_whole(self.mirror.path / "f") as folder:
                (folder / "x").write_text("half")
                self.publisher.run(at_rest=True)
                self.assertEmpty(self.content())
        self.publisher.run(at_rest=True)
        self.assertEqual(self.content(), {"file.txt": b"half", "f/x": b"half"})

    def test_leaves_out_a_checkpoint_that_tensorflow_writes(self):
        folder = self.mirror.path / "checkpoints" / "last"
        write_checkpoint(folder, 1)
        begun = folder / "ckpt-2_temp"
        begun.mkdir()
        (begun / "part-00000-of-00001").write_bytes(b"half")
        (folder / f"ckpt-2{_DATA}").write_bytes(b"data 2")
        (folder / "ckpt-2.index").write_bytes(b"ind")
        self.publisher.run(at_rest=True)
        self.assertEqual(whole_checkpoints(self.content()), [1])
        self.assertLen(self.content(), 2)

    def test_data_come_before_what_speaks_of_them(self):
        # The clock has ticks: all of them are of one time.
        for name in ("v.json", "v.tfrecord", "w.json", "w.tfrecord"):
            (self.mirror.path / name).write_bytes(b"1")
            os.utime(self.mirror.path / name, (1, 1))
        (self.mirror.path / "later").write_bytes(b"1")
        put = []
        with made_up_stores.happening(
            after=lambda _, __, path: put.append(path.rpartition("/")[2]),
            names=["put_file"],
        ):
            self.publisher.run(at_rest=True)
        self.assertEqual(
            put, ["v.tfrecord", "w.tfrecord", "v.json", "w.json", "later"]
        )

    def test_what_has_just_come_waits_while_the_work_goes_on(self):
        (self.mirror.path / "file").write_bytes(b"1")
        self.assertEqual(self.publisher.run(), 0)
        time.sleep(0.2)
        self.assertEqual(self.publisher.run(), 1)

    def test_outputs_beside_a_path_belong_to_it(self):
        # As of fsn figure, whose --out has no ending.
        shutil.rmtree(self.mirror.path)
        base = self.mirror.path.parent
        (base / "run.svg").write_bytes(b"1")
        (base / "runs").write_bytes(b"none of it")
        self.publisher.finish()
        bucket = self.url.rpartition("/")[0]
        self.assertEqual(made_up_stores.content(bucket), {"run.svg": b"1"})

    def test_a_deleted_cache_deletes_nothing_there(self):
        files.write_text(self.mirror.path / "a", "1")
        self.publisher.finish()
        shutil.rmtree(self.folder / "cache")
        with self.assertRaisesRegex(errors.InputError, "stays as it is"):
            self.publisher.run(at_rest=True)
        self.assertLen(self.content(), 1)

    def test_the_store_has_a_whole_checkpoint_at_every_moment(self):
        # Checkpoints come and go while others are put.
        rng, folder = np.random.default_rng(0), self.mirror.path / "checkpoints"
        steps, newest, begun = iter(range(1, 10**6)), [], []

        def work(*_):
            for _ in range(rng.integers(0, 3)):
                write_checkpoint(folder / "last", next(steps))

        def look(*_):
            newest.append(max(whole_checkpoints(self.content()), default=0))
            begun.append(newest[-1] > 0)

        with made_up_stores.happening(work, look, made_up_stores.WRITES):
            for _ in range(60):
                work()
                self.publisher.run(at_rest=bool(rng.integers(0, 2)))
        self.publisher.finish()
        self.assertGreater(newest[-1], 50)
        self.assertEqual(newest, sorted(newest))
        self.assertEqual(begun, sorted(begun))
        self.assertEqual(self.content(), self.here())

    def test_killed_at_any_request_nothing_is_lost(self):
        """Also where the machine is lost: what is whole there is all whole."""

        def work(mirror, first):
            for step in (first, first + 1):
                write_checkpoint(mirror.path / "checkpoints/last", step)
                files.write_text(mirror.path / "log.txt", f"{step}")
                yield

        killed = 0
        for number in range(40):
            self.mirror, publisher = self.opened()
            left = [number % 12]

            def kill(*_, left=left):
                left[0] -= 1
                if left[0] < 0:
                    raise made_up_stores.Killed

            when = "before" if number % 2 else "after"
            try:
                with made_up_stores.happening(
                    **{when: kill}, names=made_up_stores.WRITES
                ):
                    for _ in work(self.mirror, 10 * number):
                        publisher.run(at_rest=True)
            except made_up_stores.Killed:
                killed += 1
            steps = whole_checkpoints(self.content())
            if number > 2:
                # No older than of the run before the last.
                self.assertGreaterEqual(max(steps), 10 * (number - 2), steps)
        self.assertGreater(killed, 20)
        self.mirror, publisher = self.opened()
        publisher.finish()
        self.assertEqual(self.content(), self.here())
        self.assertFalse((self.folder / "cache" / "set_aside").exists())
        other, _ = self.opened("other")
        self.assertEqual(
            {one.relative_to(other.path) for one in other.path.rglob("*")},
            {
                one.relative_to(self.mirror.path)
                for one in self.mirror.path.rglob("*")
            },
        )

    def test_what_a_store_loses_delays_and_repeats_arrives(self):
        rng = np.random.default_rng(0)

        def befall(name, *arguments):
            chance = rng.random()
            if chance < 0.3:
                raise TimeoutError("lost")
            if chance < 0.4:
                time.sleep(0.01)

        for number in range(30):
            (self.mirror.path / f"{number}").write_bytes(bytes([number]))
        for number in range(0, 30, 3):
            # What was there before goes.
            made_up_stores.fill(self.url, **{f"old-{number}": b"1"})
        self.mirror, self.publisher = self.opened()
        for path in self.mirror.path.glob("old-*"):
            path.unlink()
        asked = ["put_file", "info", "rm_file"]
        often = functools.partial(rng.integers, 1, 3)
        with made_up_stores.happening(befall, befall, asked, often):
            for _ in range(20):
                with contextlib.suppress(stores.StoreError):
                    self.publisher.finish()
                    break
        self.assertEqual(self.content(), self.here())

    def test_a_block_goes_on_while_the_store_is_down(self):
        self.enterContext(
            absltest.mock.patch.object(publishing, "INTERVAL_SECONDS", 0.01)
        )
        is_down = [True]

        def fail(*_):
            if is_down:
                raise OSError("down")

        with (
            made_up_stores.happening(before=fail, names=["put_file"]),
            publishing.published(self.mirror),
        ):
            files.write_text(self.mirror.path / "a", "1")
            for _ in range(200):
                if "cannot put" in self.said.getvalue():
                    break
                time.sleep(0.05)
            # Some more looks, which say nothing.
            time.sleep(0.2)
            is_down.clear()
        said = self.said.getvalue()
        self.assertEqual(said.count("cannot put run/a: down"), 1, said)
        self.assertEqual(self.content(), {"a": b"1"})

    def test_a_store_that_stays_down_ends_in_one_line_and_goes_on(self):
        def fail(*_):
            raise OSError("down")

        with (
            self.assertRaisesRegex(stores.StoreError, "same command goes on"),
            made_up_stores.happening(before=fail, names=["put_file"]),
            publishing.published(self.mirror),
        ):
            files.write_text(self.mirror.path / "a", "1")
        self.mirror, publisher = self.opened()
        publisher.finish()
        self.assertEqual(self.content(), {"a": b"1"})

    def test_what_the_work_ended_with_comes_last(self):
        with (
            self.assertRaises(KeyboardInterrupt),
            publishing.published(self.mirror),
        ):
            files.write_text(self.mirror.path / "a", "1")
            raise KeyboardInterrupt
        self.assertEqual(self.content(), {"a": b"1"})


if __name__ == "__main__":
    absltest.main()
