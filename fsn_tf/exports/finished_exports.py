"""What an export was made of, so that the same command finds it done."""

from collections.abc import Sequence
import json
import os
import pathlib
from typing import Any

from fsn_tf import claims
from fsn_tf import fingerprints
from fsn_tf import workdirs as runs
from fsn_tf.errors import InputError
from fsn_tf.exports import exported_models

# The entry of model.json.
MADE_OF = "made_of"
_OTHER = {
    "weights_sha256": "of other weights",
    "results_sha256": "with other results",
}


def made_of(
    workdirs: Sequence[pathlib.Path | str],
    *,
    which: str,
    form: str,
    precision: str,
    results: pathlib.Path | str | None = None,
    weights: Sequence[float] | None = None,
) -> dict[str, Any]:
    """All that decides what an export is, as values of JSON.

    Args:
        workdirs: Folder of each stream.
        which, form, precision, results, weights: As for
            model_folders.export.

    Raises:
        InputError: A workdir holds no experiment.
    """
    found = results and pathlib.Path(results) / "results.json"
    return {
        "format": form,
        "checkpoint": which,
        "precision": precision,
        "fusion_weights": None if weights is None else list(weights),
        "weights_sha256": [_fingerprint(one, which) for one in workdirs],
        "results_sha256": found
        and found.is_file()
        and fingerprints.of_path(found),
    }


def _fingerprint(workdir, which):
    """Tells a network from others; None where there is no checkpoint."""
    runs.read_experiment(workdir)
    newest = runs.latest(workdir, which)
    # The index holds a checksum of each variable.
    return newest and fingerprints.of_value(
        [
            fingerprints.of_path(f"{newest}.index"),
            fingerprints.of_path(runs.experiment_path(workdir)),
        ]
    )


def is_done(out: pathlib.Path | str, asked: dict[str, Any]) -> bool:
    """Whether the export that is asked for lies there, whole.

    Args:
        out: Folder of the export.
        asked: What `made_of` returned.

    Raises:
        InputError: Something else lies there, or a part of it is missing.
    """
    if not os.path.lexists(out):
        return False
    known = _known(pathlib.Path(out))
    claims.check_same(known, asked, lambda name: _refusal(out, name, known))
    for path, _ in exported_models.parts(out):
        card = exported_models.read(path)
        exported_models.check_sizes(path, card)
        if not exported_models.weights_files(path, card):
            raise InputError(
                f"{path}: is not whole; delete it, or choose another --out"
            )
    return True


def _known(out):
    try:
        card = (out / exported_models.CARD).read_text(encoding="utf-8")
        known = json.loads(card)[MADE_OF]
    except (OSError, ValueError, KeyError, TypeError):
        known = None
    if not isinstance(known, dict):
        raise InputError(
            f"{out}: exists already, and says nothing of what it was made of; "
            "choose another --out"
        )
    return known


def _refusal(out, name, known):
    """The line on an export that is not what was asked for."""
    other = _OTHER.get(name, f"with {name} {known.get(name)}")
    return f"{out}: holds an export {other}; choose another --out"
