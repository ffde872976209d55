"""What a training run writes down as it goes."""

import contextlib
import json
import pathlib

import tensorflow as tf

from fsn_tf import files


class Log:
    """metrics.jsonl and TensorBoard's event files of one run.

    Args:
        workdir: pathlib.Path of the folder; `logs/` lies in it.
        first_step: Step that the run goes on from. Lines that a killed run
            wrote after it are dropped.
    """

    def __init__(self, workdir: pathlib.Path, first_step: int):
        path = workdir / "metrics.jsonl"
        _cut(path, first_step)
        self.lines = path.open("a", encoding="utf-8")
        (workdir / "logs").mkdir(exist_ok=True)
        self.events = tf.summary.create_file_writer(str(workdir / "logs"))

    def write(self, step: int, **values: float) -> None:
        """Appends one line, and one point to every curve."""
        values = {name: float(value) for name, value in values.items()}
        self.lines.write(json.dumps({"step": step, **values}) + "\n")
        self.lines.flush()
        with self.events.as_default(step):
            for name, value in values.items():
                tf.summary.scalar(name, value)

    def close(self) -> None:
        """Writes what is buffered."""
        # Logs that a full disk cuts short must not hide what went wrong.
        with contextlib.suppress(OSError, tf.errors.OpError):
            self.lines.close()
            self.events.close()


def _cut(path, first_step):
    """Drops what a killed run logged after its last checkpoint."""
    if not path.exists():
        return
    kept = []
    for line in path.read_text("utf-8", errors="replace").splitlines():
        try:
            if json.loads(line)["step"] > first_step:
                break
        except (ValueError, KeyError, TypeError):
            break
        kept.append(line + "\n")
    files.write_text(path, "".join(kept))
