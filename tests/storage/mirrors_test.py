"""A mirror fetches what is newer on the store, and loses nothing of ours."""

import contextlib
import io
import os

from absl.testing import absltest

from fsn_tf.storage import mirrors
from fsn_tf.storage import publishing
from fsn_tf.storage import stores
from tests.kit import made_up_stores
from tests.kit import temporary_files


class MirrorTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.enterContext(made_up_stores.without_waiting())
        self.url = made_up_stores.url()

    def mirror(self, cache="cache"):
        return mirrors.Mirror(self.url, self.folder / cache)

    def refreshed(self, cache="cache"):
        """(a mirror that is up to date, what was fetched for it, notes)."""
        fetched, said, mirror = [], io.StringIO(), self.mirror(cache)

        def before(_, path, *__):
            fetched.append(path.rpartition("/")[2])

        with (
            made_up_stores.happening(before=before, names=["get_file"]),
            contextlib.redirect_stderr(said),
        ):
            mirror.refresh()
        return mirror, sorted(fetched), said.getvalue()

    def published(self, mirror):
        with contextlib.redirect_stderr(io.StringIO()):
            publishing.Publisher(mirror).finish()

    def test_fetches_once_and_then_what_has_changed(self):
        made_up_stores.fill(self.url, a=b"1", b__c=b"2")
        mirror, fetched, said = self.refreshed()
        self.assertEqual(fetched, ["a", "c"])
        self.assertIn(f"2/2 files from {self.url}", said)
        self.assertEqual((mirror.path / "b" / "c").read_bytes(), b"2")
        self.assertEqual(self.refreshed()[1:], ([], ""))
        made_up_stores.fill(self.url, b__c=b"3", d=b"4")
        mirror, fetched, _ = self.refreshed()
        self.assertEqual(fetched, ["c", "d"])
        self.assertEqual((mirror.path / "b" / "c").read_bytes(), b"3")

    def test_lies_where_its_name_says(self):
        bucket = self.url.split("/")[2]
        self.assertEqual(
            self.mirror().path, self.folder / "cache/memory" / bucket / "run"
        )

    def test_what_is_deleted_there_is_deleted_here(self):
        made_up_stores.fill(self.url, a=b"1", b=b"2")
        mirror, _, _ = self.refreshed()
        made_up_stores.remove(self.url, "a")
        self.refreshed()
        self.assertEqual(list(mirror.present()), ["run/b"])

    def test_what_is_missing_here_is_fetched_again(self):
        made_up_stores.fill(self.url, a=b"1", b=b"2")
        mirror, _, _ = self.refreshed()
        (mirror.path / "a").unlink()
        self.assertEqual(self.refreshed()[1], ["a"])
        self.assertLen(made_up_stores.content(self.url), 2)

    def test_what_was_not_published_stays(self):
        made_up_stores.fill(self.url, a=b"1")
        mirror, _, _ = self.refreshed()
        (mirror.path / "a").write_bytes(b"ours")
        (mirror.path / "b").write_bytes(b"new")
        mirror, fetched, _ = self.refreshed()
        self.assertEmpty(fetched)
        self.published(mirror)
        self.assertEqual(
            made_up_stores.content(self.url), {"a": b"ours", "b": b"new"}
        )

    def test_what_was_changed_in_both_places_is_kept_aside(self):
        made_up_stores.fill(self.url, a=b"1")
        mirror, _, _ = self.refreshed()
        (mirror.path / "a").write_bytes(b"ours")
        made_up_stores.fill(self.url, a=b"theirs")
        mirror, _, said = self.refreshed()
        self.assertEqual((mirror.path / "a").read_bytes(), b"theirs")
        aside = list((self.folder / "cache/set_aside").rglob("a"))
        self.assertEqual(aside[0].read_bytes(), b"ours")
        self.assertIn(str(aside[0]), said)

    def test_what_arrived_before_it_was_noted_is_no_conflict(self):
        mirror, _, _ = self.refreshed()
        mirror.path.mkdir(parents=True)
        (mirror.path / "a").write_bytes(b"ours")
        made_up_stores.fill(self.url, a=b"ours")
        mirror, _, said = self.refreshed()
        self.assertNotIn("aside", said)
        self.published(mirror)
        self.assertFalse((self.folder / "cache/set_aside").exists())

    def test_a_file_that_lost_its_end_with_the_power_is_fetched(self):
        made_up_stores.fill(self.url, a=b"12345")
        mirror, _, _ = self.refreshed()
        path = mirror.path / "a"
        before = path.stat()
        path.write_bytes(b"12")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        self.refreshed()
        self.assertEqual(path.read_bytes(), b"12345")

    def test_records_that_a_killed_process_left_half_written_are_none(self):
        made_up_stores.fill(self.url, a=b"1", b=b"2")
        self.refreshed()
        bucket = self.url.split("/")[2]
        journal = self.folder / "cache/memory" / f".{bucket}.jsonl"
        journal.write_bytes(journal.read_bytes().rstrip()[:-9])
        self.assertLen(self.refreshed()[1], 1)
        self.assertEmpty(self.refreshed()[1])

    def test_a_file_that_goes_while_it_is_fetched_is_no_error(self):
        made_up_stores.fill(self.url, old=b"1", stays=b"2")

        def rotate(_, path, *__):
            if path.endswith("/old"):
                made_up_stores.fill(self.url, new=b"3")
                made_up_stores.remove(self.url, "old")

        mirror = self.mirror()
        with (
            made_up_stores.happening(before=rotate, names=["get_file"]),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            mirror.refresh()
        self.assertEqual(set(mirror.present()), {"run/new", "run/stays"})

    def test_killed_at_any_request_it_goes_on_where_it_was(self):
        names = {f"f{number}": bytes([number]) for number in range(12)}
        made_up_stores.fill(self.url, **names)
        for number in range(12):

            def kill(*_, number=number, left=[0]):  # noqa: B006
                left[0] += 1
                if left[0] > 2:
                    raise made_up_stores.Killed

            with (
                made_up_stores.happening(before=kill, names=["get_file"]),
                contextlib.suppress(made_up_stores.Killed),
                contextlib.redirect_stderr(io.StringIO()),
            ):
                self.mirror().refresh()
                break
        mirror, _, _ = self.refreshed()
        self.assertEqual(
            {one.name: one.read_bytes() for one in mirror.path.iterdir()},
            names,
        )

    def test_a_store_that_cannot_be_read_is_an_error(self):
        def fail(*_):
            raise OSError("down")

        with (
            made_up_stores.happening(before=fail),
            self.assertRaises(stores.StoreError),
        ):
            self.mirror().refresh()


if __name__ == "__main__":
    absltest.main()
