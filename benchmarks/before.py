"""The code as it was before it was made fast, to be measured beside it."""

import pathlib
import shutil
import subprocess
import tarfile

from benchmarks.contenders import ROOT

COMMIT = "dbab060ff2566130e0dff274a3a40128f4b29ddf"
_FOLDER = pathlib.Path(__file__).parent / ".before"


def tree(notes: list[str]) -> pathlib.Path | None:
    """Its files in a folder that git ignores, made once.

    Args:
        notes: Gets a line where there is no such commit.
    """
    folder = _FOLDER / COMMIT[:8]
    if folder.is_dir():
        return folder
    partial = _FOLDER / "partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    packed = _FOLDER / "partial.tar"
    try:
        subprocess.run(
            ["git", "archive", f"--output={packed}", COMMIT],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError):
        notes.append(
            f"before: left out, git has no commit {COMMIT[:8]} here (a "
            "checkout with its history is needed)."
        )
        return None
    with tarfile.open(packed) as archive:
        archive.extractall(partial, filter="data")
    packed.unlink()
    return partial.rename(folder)
