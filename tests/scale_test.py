"""The files in docs/scale start hosts that find each other."""

import importlib
import json
import os
import pathlib
import re
import subprocess

from absl.testing import absltest

from fsn_tf.commands import train
from fsn_tf.training import clusters
from tests.kit import optional
from tests.kit import temporary_files

_SCALE = pathlib.Path(__file__).parents[1] / "docs" / "scale"
# What Slurm's programs would do on two nodes.
_SCONTROL = """#!/bin/bash
[ "$1" = requeue ] && echo "requeue $2" || printf 'node1\\nnode2\\n'
"""
_SRUN = """#!/bin/bash
[ "$1" = --kill-on-bad-exit=0 ] || exit 1
shift
for index in 0 1; do SLURM_PROCID=$index "$@" || status=$?; done
exit $status
"""
_FSN = """#!/bin/bash
printf '%s\\n' "$TF_CONFIG" "$@" --
exit 130
"""


def _hosts(output):
    """(Cluster, arguments) of each host that was started."""
    for block in output.split("\n--\n")[:-1]:
        config, command, *flags = block.split("\n")
        yield clusters.read({"TF_CONFIG": config}), command, flags


class ScaleTest(temporary_files.TestCase):
    def _program(self, name, text):
        path = self.write(name, text)
        os.chmod(path, 0o755)

    def _run(self, command, **environment):
        places = [str(self.folder / "bin"), os.environ["PATH"]]
        return subprocess.run(
            command,
            env={**os.environ, "PATH": ":".join(places), **environment},
            cwd=self.folder,
            capture_output=True,
            text=True,
        )

    def _check_flags(self, flags):
        for flag in flags:
            name, value = re.fullmatch(r"--(\w+)=(.+)", flag).groups()
            self.assertIn(name, train.FLAGS)
            train.FLAGS[name].parser.parse(value)
        self.assertIn("--strategy=multiworker", flags)

    def test_slurm_starts_a_host_on_each_node_and_requeues_when_stopped(self):
        self._program("bin/scontrol", _SCONTROL)
        self._program("bin/srun", _SRUN)
        self._program(".venv/bin/fsn", _FSN)
        done = self._run(
            ["bash", _SCALE / "slurm.sbatch"],
            SLURM_JOB_NODELIST="node[1-2]",
            SLURM_JOB_ID="7",
        )
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.returncode, 130)
        self.assertEndsWith(done.stdout, "requeue 7\n")
        found = list(_hosts(done.stdout))
        self.assertEqual([one.index for one, _, _ in found], [0, 1])
        for cluster, command, flags in found:
            self.assertEqual(cluster.addresses, ("node1:2222", "node2:2222"))
            self.assertEqual(command, "train")
            self._check_flags(flags)

    def test_kubernetes_starts_pods_at_the_addresses_they_look_for(self):
        optional.skip_without(self, "yaml", listed_in="requirements-docs.txt")
        yaml = importlib.import_module("yaml")
        service, job = yaml.safe_load_all(
            (_SCALE / "kubernetes.yaml").read_text()
        )
        spec = job["spec"]["template"]["spec"]
        self.assertEqual(spec["subdomain"], service["metadata"]["name"])
        selected = service["spec"]["selector"]["job-name"]
        self.assertEqual(selected, job["metadata"]["name"])
        names = [
            f"{job['metadata']['name']}-{index}.{spec['subdomain']}:2222"
            for index in range(job["spec"]["completions"])
        ]
        container = spec["containers"][0]
        self._program("bin/fsn", _FSN)
        for index in range(2):
            done = self._run(
                [*container["command"], *container["args"]],
                JOB_COMPLETION_INDEX=str(index),
            )
            [(cluster, _, flags)] = _hosts(done.stdout)
            self.assertEqual(list(cluster.addresses), names)
            self.assertEqual(cluster.index, index)
            self._check_flags(flags)

    def test_the_page_shows_a_tf_config_that_is_one(self):
        text = (_SCALE / "hosts.md").read_text()
        [config] = re.findall(r"TF_CONFIG='(.*?)'", text, re.DOTALL)
        cluster = clusters.read({"TF_CONFIG": json.dumps(json.loads(config))})
        self.assertEqual(cluster.addresses, ("a:2222", "b:2222"))


if __name__ == "__main__":
    absltest.main()
