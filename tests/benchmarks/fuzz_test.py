"""Every reader takes damaged inputs, or refuses them by one line."""

import json
import string

from absl.testing import absltest
from absl.testing import parameterized
import hypothesis
from hypothesis import strategies
import numpy as np

from benchmarks.fuzz import readers
from benchmarks.fuzz import turns
from tests.kit import temporary_files

_SLOW = {
    *("snippet files", "results and matches", "fsn convert, with videos"),
    *(name for name in readers.READERS if name.startswith("videos")),
}
_QUICK = [name for name in readers.READERS if name not in _SLOW]
# The same inputs every time, and no folder for those that failed.
_SETTINGS = hypothesis.settings(
    max_examples=60, deadline=None, derandomize=True, database=None
)
_JSON = strategies.recursive(
    strategies.none()
    | strategies.booleans()
    | strategies.integers()
    | strategies.floats()
    | strategies.text(max_size=5),
    lambda inside: (
        strategies.lists(inside, max_size=3)
        | strategies.dictionaries(
            strategies.text(max_size=5), inside, max_size=3
        )
    ),
    max_leaves=5,
)
_SHAPE = strategies.lists(strategies.integers(-1, 2**70), max_size=3)
_HEADER = strategies.builds(
    "{{'descr': '{}', 'fortran_order': {}, 'shape': ({},), }}".format,
    strategies.sampled_from("<f4 |O <i8 <U3 |V9 <f3".split()),
    strategies.sampled_from(["True", "False", "0"]),
    _SHAPE.map(lambda sides: ", ".join(map(str, sides))),
) | strategies.text("{}()[]'\",: " + string.ascii_letters, max_size=80)


class ReadersTest(temporary_files.TestCase):
    def _inputs(self, name):
        inputs = turns.Inputs(self.folder, 0, [name])
        # What is loaded once in a process is not what a reader takes.
        inputs.turn(name)
        return inputs

    def _take(self, inputs, name):
        turn = inputs.turn(name)
        self.assertNotEqual(turn.outcome, turns.FAILED, turn.story)

    @parameterized.parameters(*readers.READERS)
    def test_takes_damaged_files(self, name):
        inputs = self._inputs(name)
        for number in range(5 if name in _SLOW else 40):
            with inputs.damaged(number):
                self._take(inputs, name)
        # What lies there now is whole again.
        self.assertEqual(inputs.turn(name).outcome, turns.READ)

    @parameterized.parameters(*_QUICK)
    def test_takes_any_bytes(self, name):
        inputs = self._inputs(name)
        with inputs.damaged(0) as (_, path):

            @_SETTINGS
            @hypothesis.given(strategies.binary(max_size=50))
            def takes(content):
                path.write_bytes(content)
                self._take(inputs, name)

            takes()

    @parameterized.parameters(
        "annotations, ActivityNet",
        "detections, JSON",
        "annotations, fiftyone",
        "annotations, labelstudio",
        "annotations, via",
        "prepared features, unsealed",
        "snippet metadata, unsealed",
        "experiment.json",
        "model.json",
        "thresholds",
    )
    def test_takes_any_value_in_json(self, name):
        inputs = self._inputs(name)
        with inputs.damaged(0):
            pass
        path = next(inputs.folder(name).rglob("*.json"))
        whole = path.read_text()

        @_SETTINGS
        @hypothesis.given(_JSON, strategies.integers(0, 10**6))
        def takes(value, place):
            facts = json.loads(whole)
            inside = facts
            while isinstance(inside, dict) and inside:
                key = list(inside)[place % len(inside)]
                if not isinstance(inside[key], dict) or place % 5 == 0:
                    inside[key] = value
                    break
                inside = inside[key]
            path.write_text(json.dumps(facts))
            self._take(inputs, name)

        takes()

    def test_takes_any_header_of_an_array(self):
        name = "somebody's features"
        inputs = self._inputs(name)
        with inputs.damaged(0) as (_, path):

            @_SETTINGS
            @hypothesis.given(_HEADER)
            def takes(header):
                size = len(header).to_bytes(2, "little")
                numbers = np.zeros(9, np.float32).tobytes()
                path.write_bytes(
                    b"\x93NUMPY\1\0" + size + header.encode() + numbers
                )
                self._take(inputs, name)

            takes()


class RunTest(temporary_files.TestCase):
    def test_goes_on_to_the_counts_of_an_unbroken_run(self):
        names = ["annotations, CSV", "score files"]
        for out, stops in (("whole", [30]), ("parts", [11, 30])):
            for part, stop in enumerate(stops):
                (self.folder / out).mkdir(exist_ok=True)
                inputs = self.folder / f"{out}-{part}"
                turns.work(self.folder / out, inputs, range(stop), 0, names)
        whole, parts = (
            json.loads((self.folder / out / "state-0.json").read_text())
            for out in ("whole", "parts")
        )
        self.assertEqual(whole["done"], 30)
        for name in names:
            for way in (turns.READ, turns.REFUSED, turns.FAILED):
                self.assertEqual(
                    whole["found"][name][way], parts["found"][name][way]
                )

    def test_an_input_is_the_same_every_time(self):
        contents = []
        for part in "ab":
            inputs = turns.Inputs(self.folder / part, 3, ["model.json"])
            with inputs.damaged(17) as (_, path):
                contents.append(path.read_bytes())
        self.assertEqual(*contents)


if __name__ == "__main__":
    absltest.main()
