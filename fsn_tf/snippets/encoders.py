"""Which features are of one kind: by what made them, not by folders' names."""

from collections.abc import Mapping
from typing import Any

_FIELD = "features_from"
# Where features lay and how, which does not tell what made them.
_NAMES = frozenset(["file", "workdir", "layout"])
_PHASE = "phase"


def agreed(known: Mapping[str, Any], asked: Mapping[str, Any]) -> dict:
    """What is asked for, in the words of what is known where they agree.

    Features agree unless both say what made them and it differs, or their
    rows speak of different frames of a snippet.

    Args:
        known: A setting, as FeatureFile.setting gives it, or facts with it.
        asked: Another one; streams of images have no such field.

    Returns:
        `asked`, with the field of `known` where nothing tells them apart.
    """
    ours, theirs = asked.get(_FIELD), known.get(_FIELD)
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return dict(asked)
    mine, other = _encoder(ours), _encoder(theirs)
    differs = mine and other and mine != other
    if differs or ours.get(_PHASE) != theirs.get(_PHASE):
        return dict(asked)
    return {**asked, _FIELD: theirs}


def _encoder(features_from):
    """What is known of what made them; {} where that is nothing."""
    return {
        name: value
        for name, value in features_from.items()
        if name not in _NAMES and name != _PHASE
    }
