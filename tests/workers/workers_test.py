"""Work on many videos, and on one by many cores."""

import contextlib
import io
import os
import threading

from absl.testing import absltest

from fsn_tf import workers


def count_threads(helpers):
    """Fails unless that many helpers are at work at the same time."""
    met, last = threading.Barrier(helpers + 1), 3 * helpers + 2

    def work(item):
        if item == last:
            return item, threading.get_ident()
        # The pieces at the start cannot end before all helpers are at work.
        if item < helpers:
            met.wait(timeout=60)
        return item * item, threading.get_ident()

    def items():
        yield from range(helpers)
        met.wait(timeout=60)
        yield from range(helpers, last + 1)

    results, _ = zip(*workers.mapped(work, items()), strict=True)
    expected = (*(item * item for item in range(last)), last)
    return "", "" if results == expected else f"got {results}"


def say_threads(items):
    """Notes how many threads help."""
    here = threading.get_ident()
    idents = workers.mapped(lambda _: threading.get_ident(), range(items))
    others = {ident for ident in idents if ident != here}
    return f"{len(others)} others", ""


def wait_for_help(waits):
    """Fails unless a helper comes."""
    here, helped = threading.get_ident(), threading.Event()

    def work(_):
        if threading.get_ident() != here:
            helped.set()

    def items():
        for _ in range(600 if waits else 0):
            if not helped.wait(timeout=0.1):
                yield None

    list(workers.mapped(work, items()))
    return "", "" if helped.is_set() or not waits else "nobody helped"


def fail_in_a_helper():
    """Says which error came out of the work."""

    def work(item):
        if item == 3:
            raise ValueError("three")
        return item

    results = []
    try:
        for result in workers.mapped(work, range(9)):
            results.append(result)
    except ValueError as error:
        return "", f"{results} {error}"
    return "", ""


def die():
    """As if the system had killed the process."""
    os._exit(9)


def _run(task, jobs, **options):
    """(failures, what is said)."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        failures = workers.run(task, [(job, 1.0) for job in jobs], **options)
    return failures, said.getvalue()


class WorkersTest(absltest.TestCase):
    def test_one_video_uses_every_core_and_keeps_the_order(self):
        failures, _ = _run(count_threads, [(3,)], workers=4)
        self.assertEmpty(failures)

    def test_one_worker_has_no_helpers(self):
        _, said = _run(say_threads, [(50,)], workers=1)
        self.assertIn("0 others", said)

    def test_a_process_that_is_done_leaves_its_core_to_another(self):
        failures, _ = _run(wait_for_help, [(True,), (False,)], workers=2)
        self.assertEmpty(failures)

    def test_errors_come_out_in_order(self):
        failures, _ = _run(fail_in_a_helper, [()], workers=3)
        self.assertEqual(failures, ["[0, 1, 2] three"])

    def test_a_killed_worker_is_named(self):
        with self.assertRaisesRegex(OSError, "a worker was killed"):
            _run(die, [()], workers=1)

    def test_outside_of_a_worker_it_is_map(self):
        here = threading.get_ident()
        results = workers.mapped(
            lambda item: (item + 1, threading.get_ident()), range(3)
        )
        self.assertEqual(list(results), [(x, here) for x in (1, 2, 3)])


if __name__ == "__main__":
    absltest.main()
