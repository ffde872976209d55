"""A thread that makes items ahead: order, errors, how far, and its end."""

import subprocess
import sys
import threading

from absl.testing import absltest

from fsn_tf.errors import InputError
from fsn_tf.timeline import ahead

_INTERRUPTED = """
import signal, threading, time
from fsn_tf.timeline import ahead

signal.signal(signal.SIGINT, signal.default_int_handler)
main, closed = threading.get_ident(), []

def items():
    try:
        yield 0
        signal.pthread_kill(main, signal.SIGINT)
        time.sleep(0.1)
        yield 1
    finally:
        closed.append("closed")

found = ahead.ahead(items())
try:
    while True:
        next(found)
except KeyboardInterrupt:
    found.close()
    print(*closed, threading.active_count())
"""


class AheadTest(absltest.TestCase):
    def setUp(self):
        super().setUp()
        self.threads = threading.active_count()
        self.made, self.closed = [], threading.Event()

    def _items(self, count=10**6, error=None):
        try:
            for item in range(count):
                self.made.append(item)
                yield item
            if error:
                raise error
        finally:
            self.closed.set()

    def _check_nothing_runs(self):
        self.assertTrue(self.closed.is_set())
        self.assertEqual(threading.active_count(), self.threads)

    def test_gives_the_same_items_in_order(self):
        self.assertEqual(list(ahead.ahead(self._items(50))), list(range(50)))
        self._check_nothing_runs()

    def test_makes_the_next_while_the_last_is_in_use(self):
        entered = threading.Event()

        def items():
            yield 0
            entered.set()
            yield 1

        found = ahead.ahead(items())
        self.assertEqual(next(found), 0)
        # Nobody has asked for another.
        self.assertTrue(entered.wait(timeout=60))
        self.assertEqual(list(found), [1])

    def test_makes_no_more_than_one_waits(self):
        found = ahead.ahead(self._items())
        for taken in range(1, 20):
            next(found)
            # One waits, and one that is made has no room.
            self.assertLessEqual(len(self.made), taken + 2)
        found.close()
        self._check_nothing_runs()

    def test_ends_early_where_closing_the_items_fails(self):
        def items():
            try:
                yield 0
                yield 1
                yield 2
            finally:
                raise OSError("cannot be closed")

        found = ahead.ahead(items())
        next(found)
        closing = threading.Thread(target=found.close, daemon=True)
        closing.start()
        closing.join(timeout=60)
        self.assertFalse(closing.is_alive())

    def test_raises_what_making_raised_after_what_was_made(self):
        error = InputError("v.mp4: no frame of it decodes")
        found = ahead.ahead(ahead.ahead(self._items(3, error)))
        got = []
        with self.assertRaises(InputError) as raised:
            got.extend(iter(found.__next__, None))
        self.assertIs(raised.exception, error)
        self.assertEqual(self.made, [0, 1, 2])
        self._check_nothing_runs()

    def test_ends_its_threads_when_closed_early(self):
        inner = ahead.ahead(self._items())

        def outer():
            with_inner = inner
            try:
                yield from with_inner
            finally:
                with_inner.close()

        found = ahead.ahead(outer())
        self.assertEqual([next(found), next(found)], [0, 1])
        found.close()
        self._check_nothing_runs()

    def test_an_interruption_ends_the_wait(self):
        # In a process of its own: who runs tests minds signals, too.
        ended = subprocess.run(
            [sys.executable, "-c", _INTERRUPTED],
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.assertEqual((ended.stdout, ended.stderr), ("closed 1\n", ""))


if __name__ == "__main__":
    absltest.main()
