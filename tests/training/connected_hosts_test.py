"""Hosts find each other, agree, and are missed."""

import contextlib
import io
import queue
import signal
import socket
import threading
import time

from absl.testing import absltest
from absl.testing import parameterized
import pytest

from benchmarks import hosts_faults
from fsn_tf.errors import InputError
from fsn_tf.training import connected_hosts
from fsn_tf.training import joining
from fsn_tf.training.clusters import Cluster
from tests.kit import temporary_files


def _cluster(count, index=0):
    ports = hosts_faults.free_ports(count)
    return Cluster(tuple(f"localhost:{port}" for port in ports), index)


def _at(cluster, index):
    return Cluster(cluster.addresses, index)


def _together(function, count):
    """What function(index) returned or raised, each in its own thread."""
    found = {}

    def call(index):
        try:
            found[index] = function(index)
        except (InputError, KeyboardInterrupt) as error:
            found[index] = error

    threads = [threading.Thread(target=call, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return [found[index] for index in range(count)]


class JoiningTest(parameterized.TestCase):
    def setUp(self):
        super().setUp()
        said = contextlib.redirect_stderr(io.StringIO())
        self.said = self.enterContext(said)

    def test_three_find_each_other_and_leave_their_ports_free(self):
        cluster = _cluster(3)
        links = _together(lambda i: joining.links(_at(cluster, i), 20), 3)
        self.assertEqual([sorted(x) for x in links], [[1, 2], [0], [0]])
        # TensorFlow listens there next, while the connections live.
        for index in range(3):
            _, port = cluster.endpoint(index)
            socket.create_server(("", port)).close()
        joining.send(links[0][2], {"to": 2})
        self.assertEqual(joining.read_line(links[2][0]), {"to": 2})
        for one in (*links[0].values(), links[1][0], links[2][0]):
            one.close()

    @parameterized.parameters((0, 1), (1, 0))
    def test_names_who_did_not_come(self, index, missing):
        cluster = _cluster(2, index)
        start = time.monotonic()
        name = rf"host {missing} \({cluster.addresses[missing]}\)"
        with self.assertRaisesRegex(InputError, f"{name} did not come within"):
            joining.links(cluster, 1.5)
        self.assertLess(time.monotonic() - start, 5)
        self.assertRegex(self.said.getvalue(), f"^waits for {name}, . s more")

    def test_a_host_that_came_hears_who_did_not(self):
        cluster = _cluster(3)
        found = _together(lambda i: _refused(_at(cluster, i)), 2)
        self.assertLen(set(found), 1)
        self.assertRegex(found[1], r"^host 2 \(.*did not come within 2 s")

    @parameterized.parameters(0, 1)
    def test_names_a_port_that_is_taken(self, index):
        cluster = _cluster(2, index)
        _, port = cluster.endpoint(index)
        with (
            socket.create_server(("", port)),
            self.assertRaisesRegex(InputError, f"^port {port} of host {index}"),
        ):
            joining.links(cluster, 1)

    def test_refuses_another_cluster_by_name(self):
        cluster = _cluster(2)
        others = (cluster.addresses[0], "elsewhere:1")
        pair = (cluster, Cluster((others[0], cluster.addresses[1], "c:1"), 1))
        found = _together(lambda i: _refused(pair[i]), 2)
        self.assertLen(set(found), 1)
        self.assertRegex(found[0], "^host 1 .* has another TF_CONFIG than")

    def test_passes_over_what_is_no_host(self):
        cluster = _cluster(2)

        def come(index):
            if index == 2:
                with contextlib.suppress(OSError):
                    time.sleep(0.2)
                    stranger = socket.create_connection(cluster.endpoint(0), 5)
                    stranger.sendall(b"GET / HTTP/1.1\r\n\r\n")
                    return stranger.close()
            if index == 1:
                time.sleep(1)
            return joining.links(_at(cluster, index), 20)

        first, second, _ = _together(come, 3)
        self.assertEqual((list(first), list(second)), ([1], [0]))
        for one in (first[1], second[0]):
            one.close()


def _refused(cluster):
    try:
        joining.links(cluster, 2)
    except InputError as error:
        return str(error)
    return ""


class ConnectedTest(parameterized.TestCase):
    def setUp(self):
        super().setUp()
        said = contextlib.redirect_stderr(io.StringIO())
        self.said = self.enterContext(said)
        self.left: queue.SimpleQueue = queue.SimpleQueue()
        cluster = Cluster(("a:1", "b:2"), 0)
        self.sockets = socket.socketpair()
        for one in self.sockets:
            self.addCleanup(one.close)
        self.pair = [
            connected_hosts.Connected(
                _at(cluster, index),
                {1 - index: self.sockets[index]},
                leave=self.left.put,
            )
            for index in range(2)
        ]

    def _both(self, function):
        return _together(lambda i: function(self.pair[i], i), 2)

    def test_only_the_first_writes_into_the_workdir(self):
        first, second = (one.folder("work") for one in self.pair)
        self.assertEqual(first, "work")
        self.assertTrue(second.is_dir())
        with contextlib.suppress(InputError), self.pair[1]:
            raise InputError("done")
        self.assertFalse(second.exists())

    def test_equal_facts_pass_and_others_are_refused_by_name(self):
        def check(fps):
            return self._both(
                lambda host, i: host.check_same(lambda: {"fps": fps[i], "x": 0})
            )

        self.assertEqual(check([(5, 1), (5, 1)]), [None, None])
        for error in check([25, 30]):
            self.assertRegex(
                str(error), r"host 1 \(b:2\) has fps 30 where host 0 .* 25"
            )

    def test_all_stop_where_one_was_told_to(self):
        self.assertEqual(self._both(lambda x, _: x.stops()), [False, False])
        with self.pair[1].interruptible():
            signal.raise_signal(signal.SIGTERM)
        self.assertEqual(self._both(lambda x, _: x.stops()), [True, True])
        handler = signal.getsignal(signal.SIGINT)
        self.assertIs(handler, signal.default_int_handler)

    def test_none_is_missed_where_all_stop_and_one_saves_for_longer(self):
        with self.pair[1].interruptible():
            signal.raise_signal(signal.SIGTERM)

        def stop(host, index):
            with host:
                if host.stops():
                    time.sleep(0.5 * index)
                    raise KeyboardInterrupt

        for end in self._both(stop):
            self.assertIsInstance(end, KeyboardInterrupt)
            self.assertEqual(str(end), "")
        self.assertEqual(self.said.getvalue(), "")
        self.assertTrue(self.left.empty())

    def test_ends_in_silence_where_both_are_done(self):
        def end(host, _):
            with host:
                return "done"

        self.assertEqual(self._both(end), ["done", "done"])
        for one in self.sockets:
            one.shutdown(socket.SHUT_RDWR)
        time.sleep(0.1)
        self.assertEqual(self.said.getvalue(), "")
        self.assertTrue(self.left.empty())

    def test_a_loss_while_it_computes_ends_the_process_by_one_line(self):
        self.sockets[0].shutdown(socket.SHUT_RDWR)
        self.assertEqual({self.left.get(timeout=5) for _ in "ab"}, {1})
        self.assertIn(
            "fsn train: host 1 (b:2) is lost; start the same command on all "
            "hosts to go on from the last checkpoint\n",
            self.said.getvalue(),
        )

    def test_a_loss_while_it_asks_is_an_error_that_names_the_host(self):
        def ask(host, index):
            if index == 0:
                return host.stops()
            time.sleep(0.3)
            return self.sockets[1].shutdown(socket.SHUT_RDWR)

        error, _ = self._both(ask)
        self.assertRegex(str(error), r"^host 1 \(b:2\) is lost")

    @parameterized.parameters(
        (InputError("v.npy: cut"), InputError, "b:2. stopped: v.npy: cut"),
        (KeyboardInterrupt(), KeyboardInterrupt, "b:2. was interrupted"),
    )
    def test_says_why_another_ended(self, why, kind, said):
        def end(host, index):
            if index == 0:
                return host.stops()
            time.sleep(0.3)
            with host:
                raise why

        error, _ = self._both(end)
        self.assertIsInstance(error, kind)
        self.assertRegex(str(error), said)


@pytest.mark.slow
class TwoProcessesTest(temporary_files.TestCase):
    def test_one_is_told_to_stop_and_both_save_the_same_step(self):
        hosts_faults.make_data(self.folder)
        workdir = self.folder / "run"
        pair = hosts_faults.Pair(self.folder, workdir)
        hosts_faults.signaled(signal.SIGTERM, 1)(pair)
        ended = pair.ended()
        for index in range(2):
            self.assertEqual(ended[index].status, 130, ended[index].lines)
            self.assertIn("interrupted", ended[index].lines[-1])
        steps = workdir.glob("checkpoints/last/*.index")
        newest = max(int(path.stem.split("-")[1]) for path in steps)
        # Not a step at which it would have saved anyway, but by chance.
        logged = (workdir / "metrics.jsonl").read_text().splitlines()[-1]
        self.assertIn(f'"step": {newest},', logged)
        self.assertEmpty(list(workdir.glob(".*")))


if __name__ == "__main__":
    absltest.main()
