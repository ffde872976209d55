"""What TF_CONFIG says, and what it must not say."""

import json

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf.errors import UsageError
from fsn_tf.training import clusters

_TWO = ["a:2222", "[::1]:2223"]


def _read(cluster, task):
    text = json.dumps({"cluster": cluster, "task": task})
    return clusters.read({"TF_CONFIG": text})


class ReadTest(parameterized.TestCase):
    def test_counts_the_chief_before_the_workers(self):
        kinds = {"worker": _TWO, "chief": ["c:1"]}
        chief = _read(kinds, {"type": "chief", "index": 0})
        self.assertEqual((chief.addresses[0], chief.index), ("c:1", 0))
        worker = _read(kinds, {"type": "worker", "index": "1"})
        self.assertEqual(worker.index, 2)
        self.assertEqual(worker.endpoint(2), ("::1", 2223))
        self.assertEqual(worker.name(1), "host 1 (a:2222)")

    @parameterized.parameters(
        ({"worker": []}, {"type": "worker", "index": 0}, "none of the cluster"),
        ({"worker": _TWO}, {"type": "worker", "index": 2}, "none of the"),
        ({"worker": _TWO}, {"type": "worker", "index": -1}, "none of the"),
        ({"worker": _TWO}, {"type": "worker", "index": True}, "none of the"),
        ({"worker": _TWO}, {"type": ["worker"], "index": 0}, "none of the"),
        ({"worker": _TWO}, {"type": "worker"}, "none of the cluster"),
        ({"worker": _TWO, "ps": ["c:1"]}, {"type": "ps", "index": 0}, "'ps'"),
        ({"worker": _TWO}, {}, "no task"),
        ({}, {"type": "worker", "index": 0}, "no cluster"),
        (["a:1"], {"type": "worker", "index": 0}, "no cluster"),
        ({"worker": "a:1"}, {"type": "worker", "index": 0}, "not a list"),
        ({"worker": ["a:1"] * 2}, {"type": "worker", "index": 0}, "twice"),
        ({"worker": ["a:0"]}, {"type": "worker", "index": 0}, "HOST:PORT"),
        ({"worker": ["a:70000"]}, {"type": "worker", "index": 0}, "HOST:PORT"),
        ({"worker": ["a"]}, {"type": "worker", "index": 0}, "HOST:PORT"),
        ({"worker": [7]}, {"type": "worker", "index": 0}, "HOST:PORT"),
    )
    def test_refuses_what_is_no_place_in_a_cluster(self, cluster, task, said):
        with self.assertRaisesRegex(UsageError, f"^TF_CONFIG: .*{said}"):
            _read(cluster, task)

    @parameterized.parameters("{bad", "", "[]", "3", "null")
    def test_refuses_what_is_no_json_object(self, text):
        with self.assertRaisesRegex(UsageError, "^TF_CONFIG: no.*expected"):
            clusters.read({"TF_CONFIG": text})

    def test_says_what_is_needed_where_nothing_is_set(self):
        with self.assertRaisesRegex(UsageError, "TF_CONFIG: not set.*2222"):
            clusters.read({})


if __name__ == "__main__":
    absltest.main()
