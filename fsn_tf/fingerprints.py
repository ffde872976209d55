"""SHA-256 of what went into a result, so that it can be checked later."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
import hashlib
import json
import pathlib
from typing import Any

# The key of a fingerprint of all other facts beside it.
SEAL = "fingerprint"


def of_path(
    path: pathlib.Path | str,
    *,
    follow: Callable[[list[pathlib.Path]], Iterable[pathlib.Path]] = iter,
) -> str:
    """Hexadecimal SHA-256 of a file, or of a folder's files.

    A folder's is that of lines `SHA-256 NAME`, ordered by name, of the files
    right inside it whose name does not start with a dot; `sha256sum * |
    sha256sum` prints nearly the same lines.

    Args:
        path: Of a file or a folder.
        follow: Gives the files of a folder one by one, such as to say how far
            it is.
    """
    path = pathlib.Path(path)
    if not path.is_dir():
        return _of_file(path)
    files = [
        one
        for one in sorted(path.iterdir(), key=lambda one: one.name)
        if one.is_file() and not one.name.startswith(".")
    ]
    lines = [f"{_of_file(one)} {one.name}\n" for one in follow(files)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _of_file(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_annotations(annotations):
    """Hexadecimal SHA-256 of the ground truth itself, whatever its format.

    Args:
        annotations: segments.Annotations; classes, videos and intervals
            count, and their order, on which THUMOS'14's matching depends.
    """
    rows = [
        [one.video, one.label, float(one.start_seconds), float(one.end_seconds)]
        for one in (*annotations.instances, *annotations.ambiguous)
    ]
    return of_value([annotations.classes, annotations.videos, rows])


def of_frame_labels(truth) -> str:
    """Hexadecimal SHA-256 of the name of every frame's class.

    Args:
        truth: frame_labels.FrameLabels.
    """
    classes = list(truth.classes)
    return of_value(
        {
            video: [classes[label] for label in labels.tolist()]
            for video, labels in truth.labels.items()
        }
    )


def sealed(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts with a fingerprint of them all, by which an edit is found."""
    others = {name: facts[name] for name in sorted(facts) if name != SEAL}
    return {**facts, SEAL: of_value(others)}


def check_seal(facts: Any) -> None:
    """Raises ValueError on facts that are not as they were sealed.

    Those of earlier versions have no seal, and are taken at their word.
    """
    if not isinstance(facts, Mapping):
        raise ValueError("not a JSON object")
    if facts.get(SEAL, "") not in ("", sealed(facts)[SEAL]):
        raise ValueError("edited, or damaged, since it was written")


def of_value(value: Any) -> str:
    """Hexadecimal SHA-256 of a value that JSON can hold."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()
