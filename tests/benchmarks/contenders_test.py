"""Contenders take turns; who cannot take part is left out."""

import json
import pathlib
import sys

from absl.testing import absltest

from benchmarks import contenders
from tests.kit import temporary_files

_WORKERS = pathlib.Path(contenders.__file__).parent / "workers"
# A worker that counts its turns and says so.
_COUNTING = """
import sys
sys.path.insert(0, {workers!r})
import answering
turns = []
answering.answer(lambda: lambda: turns.append(1), lambda: {{"n": len(turns)}})
"""
_LACKING = """
import sys
sys.path.insert(0, {workers!r})
import answering
def make():
    import a_package_that_nobody_has
answering.answer(make)
"""


class ContendersTest(temporary_files.TestCase):
    def _worker(self, text):
        path = self.folder / "worker.py"
        path.write_text(text.format(workers=str(_WORKERS)))
        # An absolute name is no longer one in the folder of workers.
        return contenders.Worker(str(path.with_suffix("")))

    def test_take_turns_in_order(self):
        order = []

        def turn(name):
            return lambda: order.append(name) or {"seconds": len(order)}

        taken = contenders.turns({"a": turn("a"), "b": turn("b")}, 3)

        self.assertEqual("".join(order), "ababab")
        self.assertEqual(taken["a"].seconds, [1, 3, 5])
        self.assertEqual(taken["b"].seconds, [2, 4, 6])

    def test_worker_runs_once_for_each_turn_after_warming_up_twice(self):
        worker = self._worker(_COUNTING)
        self.addCleanup(worker.close)

        counts = [worker()["n"] for _ in range(3)]

        self.assertEqual(counts, [3, 4, 5])
        self.assertGreaterEqual(worker.facts["first_seconds"], 0)

    def test_leaves_out_who_lacks_a_package(self):
        notes = []
        makers = {
            "here": lambda: lambda: {"seconds": 1.0, "peak_bytes": 7},
            "lacking": lambda: self._worker(_LACKING),
        }

        taken = contenders.compared(makers, 1, notes)

        self.assertEqual(list(taken), ["here"])
        self.assertEqual(taken["here"].peak_bytes, 7)
        (note,) = notes
        self.assertIn("lacking: left out", note)
        self.assertIn("a_package_that_nobody_has", note)

    def test_ends_the_others_where_one_fails(self):
        ended = []

        class Started:
            def __call__(self):
                return {"seconds": 1.0}

            def close(self):
                ended.append(True)

        def fails():
            raise ValueError("broken")

        with self.assertRaisesRegex(ValueError, "broken"):
            contenders.compared({"a": Started, "b": fails}, 1, [])
        self.assertEqual(ended, [True])

    def test_worker_that_dies_says_what_it_wrote(self):
        with self.assertRaisesRegex(RuntimeError, "the last words"):
            self._worker("import sys; sys.exit('the last words')")

    def test_command_measures_a_process(self):
        code = (
            "import sys, time; x = bytearray(300_000_000); "
            "print('word', file=sys.stderr, flush=True); time.sleep(0.3); "
            "print('[1]')"
        )

        done = contenders.command("-c", code)

        self.assertEqual(json.loads(done["output"]), [1])
        self.assertGreater(done["seconds"], done["first_seconds"] + 0.2)
        if sys.platform == "linux":
            # More where this process, which it is a copy of at first, is large.
            self.assertGreater(done["peak_bytes"], 300e6)

    def test_command_that_fails_says_its_last_line(self):
        with self.assertRaisesRegex(RuntimeError, "no such thing$"):
            contenders.command("-c", "import sys; sys.exit('no such thing')")


if __name__ == "__main__":
    absltest.main()
