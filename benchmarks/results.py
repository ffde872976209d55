"""RESULTS.md: a section for each benchmark, each replaced whole."""

import datetime
import importlib.metadata
import os
import pathlib
import platform
import re
import subprocess

from benchmarks.contenders import ROOT
from fsn_tf import files

PATH = pathlib.Path(__file__).parent / "RESULTS.md"
_HEAD = """# What the benchmarks measured

Written by `./run bench`; `./run bench NAME` replaces the section of one. Times
are medians of several turns that contenders took one after the other, in one
run, and the range; a ratio is that of the medians, and the range over the
rounds. *Before* is the code of commit {before}. Each section says where and
when it was measured: compare within a section.
"""
_PACKAGES = (
    "tensorflow",
    "keras",
    "numpy",
    "opencv-contrib-python-headless",
    "torch",
    "onnxruntime",
    "openvino",
    "scikit-learn",
    "pandas",
)
# Instructions that decide how fast bfloat16 is.
_INSTRUCTIONS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16", "amx_tile")


def write(path: pathlib.Path, name: str, body: str, order, before: str) -> None:
    """Puts a section into a file of results, made if it is missing.

    Args:
        path: Of the file.
        name: Of the benchmark.
        body: Of its section.
        order: Names of all benchmarks; others are dropped.
        before: Name of the commit that is compared with.
    """
    sections = read(path) | {name: body.strip()}
    text = _HEAD.format(before=before)
    for one in order:
        if one in sections:
            text += f"\n## {one}\n\n{sections[one]}\n"
    files.write_text(path, text)


def read(path: pathlib.Path) -> dict[str, str]:
    """{name: body} of the sections of such a file; none where it is not."""
    if not path.exists():
        return {}
    _, *parts = re.split(
        r"^## (\w+)$", path.read_text("utf-8"), flags=re.MULTILINE
    )
    return {
        name: body.strip()
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


def circumstances() -> str:
    """A paragraph: day, commit, machine and versions."""
    found = {name: _version(name) for name in _PACKAGES}
    versions = [f"{name} {it}" for name, it in found.items() if it]
    today = datetime.date.today().isoformat()
    return (
        f"*{today}, commit {_commit()}; {machine()}; "
        f"Python {platform.python_version()}, {', '.join(versions)}.*\n"
    )


def machine() -> str:
    """The processor, cores, instructions and memory."""
    cores = len(os.sched_getaffinity(0))
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text()
        memory = pathlib.Path("/proc/meminfo").read_text()
    except OSError:
        return f"{platform.processor()}, {cores} cores"
    fields = dict(re.findall(r"^([\w ]+?)\s*: (.*)$", text, re.MULTILINE))
    flags = fields.get("flags", "").split()
    known = [one for one in _INSTRUCTIONS if one in flags]
    gigabytes = int(memory.split()[1]) / 1e6
    return (
        f"{fields.get('model name', platform.machine())}, {cores} cores, "
        f"{' '.join(known) or 'no vector instructions named'}, "
        f"{gigabytes:.0f} GB"
    )


def _version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _commit():
    """Of the code that is measured; says whether it was changed since."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--exclude=*"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()
