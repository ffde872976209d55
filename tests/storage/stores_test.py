"""Stores list, fetch, put and delete, whatever befalls a request."""

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf import errors
from fsn_tf.storage import stores
from tests.kit import made_up_stores
from tests.kit import temporary_files


class UrlsTest(parameterized.TestCase):
    @parameterized.parameters(
        ("s3://b/x", True),
        ("gs://b", True),
        ("/data/x", False),
        ("C:/data", False),
        ("keras_hub:hf://x", False),
        ("_g(\\d+)://", False),
    )
    def test_are_known_by_their_scheme(self, text, expected):
        self.assertEqual(stores.is_url(text), expected)

    @parameterized.parameters("s3://", "s3:///", "s3://b/../x", "b/x")
    def test_others_are_refused_in_one_line(self, text):
        with self.assertRaisesRegex(errors.UsageError, f"^{text}: expected"):
            stores.parts(text)

    def test_unknown_schemes_are_refused_with_what_to_install(self):
        with self.assertRaisesRegex(errors.UsageError, "requirements-storage"):
            stores.Store("nosuch://b/x")


class StoreTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.enterContext(made_up_stores.without_waiting())
        self.url = made_up_stores.url()
        self.store = stores.Store(self.url)
        self.path = self.write("file", b"content")

    def test_gives_back_what_was_put(self):
        stored = self.store.put(self.path, "run/deep/file")
        self.assertEqual(self.store.listed(), {"run/deep/file": stored})
        self.assertEqual(stored.size, 7)
        self.store.fetch("run/deep/file", self.folder / "back", stored)
        self.assertEqual((self.folder / "back").read_bytes(), b"content")
        self.store.delete("run/deep/file")
        self.store.delete("run/deep/file")
        self.assertEmpty(self.store.listed())

    def test_lists_neither_neighbors_nor_hidden_files(self):
        for name in ("run2", "run/.a", "run/.b/c", "run/d"):
            self.store.put(self.path, name)
        self.assertEqual(list(self.store.listed()), ["run/d"])

    def test_a_bucket_and_a_file_are_places_too(self):
        self.store.put(self.path, "run/d")
        bucket = stores.Store(self.url.rpartition("/")[0])
        name = self.url.split("/")[2]
        self.assertEqual(list(bucket.listed()), [f"{name}/run/d"])
        file = stores.Store(f"{self.url}/d")
        self.assertEqual(list(file.listed()), ["d"])

    def test_where_a_put_can_be_seen_half_it_is_renamed(self):
        url = (self.folder / "store" / "run").as_uri()
        store = stores.Store(url)
        store.put(self.path, "run/file")
        self.path.write_bytes(b"other")
        stored = store.put(self.path, "run/file")
        self.assertEqual(store.listed(), {"run/file": stored})
        names = [one.name for one in (self.folder / "store/run").iterdir()]
        self.assertEqual(names, ["file"])

    @parameterized.parameters("before", "after")
    def test_requests_and_answers_that_are_lost_are_sent_again(self, when):
        asked = []

        def lose(name, *_):
            asked.append(name)
            # The first two requests of each kind.
            if asked.count(name) <= 2:
                raise ConnectionError("lost")

        with made_up_stores.happening(**{when: lose}):
            stored = self.store.put(self.path, "run/file")
            self.assertEqual(self.store.listed(), {"run/file": stored})
            self.store.fetch("run/file", self.folder / "back", stored)
            self.store.delete("run/file")
            self.assertEmpty(self.store.listed())
        self.assertEqual((self.folder / "back").read_bytes(), b"content")

    def test_a_file_that_comes_cut_short_is_fetched_again(self):
        stored = self.store.put(self.path, "run/file")
        back, cut = self.folder / "back", []

        def after(_, __, path):
            if not cut:
                cut.append(path)
                back.write_bytes(b"con")

        with made_up_stores.happening(after=after, names=["get_file"]):
            self.store.fetch("run/file", back, stored)
        self.assertEqual(back.read_bytes(), b"content")

    def test_a_store_that_always_fails_is_given_up_in_one_line(self):
        asked = []

        def fail(name, *_):
            asked.append(name)
            raise OSError("the store is down\nTraceback")

        with (
            made_up_stores.happening(before=fail),
            self.assertRaises(stores.StoreError) as caught,
        ):
            self.store.put(self.path, "run/file")
        self.assertLen(asked, 1 + len(stores.WAITS_SECONDS))
        self.assertEqual(
            errors.line(caught.exception),
            f"{self.url}: cannot put run/file: the store is down; the same "
            "command goes on",
        )

    def test_what_is_forbidden_is_not_asked_again(self):
        asked = []

        def fail(name, *_):
            asked.append(name)
            raise PermissionError("Access Denied")

        with (
            made_up_stores.happening(before=fail),
            self.assertRaisesRegex(stores.StoreError, "Access Denied"),
        ):
            self.store.check_writable(self.path)
        self.assertLen(asked, 1)

    def test_a_missing_file_is_missing(self):
        with self.assertRaises(FileNotFoundError):
            self.store.fetch(
                "run/x", self.folder / "x", stores.Stored(1, "version")
            )


if __name__ == "__main__":
    absltest.main()
