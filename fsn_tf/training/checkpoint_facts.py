"""What a checkpoint says beside its weights: how they were trained."""

from collections.abc import Mapping
import functools
import json
import pathlib
import sys
from typing import Any

import numpy as np
import tensorflow as tf

from fsn_tf import claims
from fsn_tf import quietly
from fsn_tf.errors import InputError

# What TensorFlow raises on a checkpoint that is cut, or of another network.
UNREADABLE = (
    AssertionError,
    ValueError,
    IndexError,
    KeyError,
    tf.errors.OpError,
)

# The part of a checkpoint that is no weight, and where TensorFlow keeps it.
_FACTS = "trained_as"
_FACTS_KEY = f"{_FACTS}/.ATTRIBUTES/VARIABLE_VALUE"


def with_facts(facts: Mapping[str, Any], **parts: Any) -> tf.train.Checkpoint:
    """Parts to save together, with how they were trained.

    Args:
        facts: What workdirs.trained_as gives.
        **parts: As of tf.train.Checkpoint, which restores them without it.
    """
    # Numbers, as all in a checkpoint is: each a byte of JSON.
    text = np.frombuffer(json.dumps(facts).encode(), np.uint8)
    said = tf.Variable(text, trainable=False, name=_FACTS)
    return tf.train.Checkpoint(**parts, **{_FACTS: said})


def check(path: str, facts: Mapping[str, Any]) -> None:
    """Refuses facts that a checkpoint was not trained with.

    Args:
        path: Of the checkpoint.
        facts: What workdirs.trained_as gives of the experiment.json beside it.

    Raises:
        InputError: They differ, or the checkpoint is damaged.
    """
    try:
        reader = tf.train.load_checkpoint(path)
        if not reader.has_tensor(_FACTS_KEY):
            _note_earlier(pathlib.Path(path).parents[2])
            return
        trained = json.loads(reader.get_tensor(_FACTS_KEY).tobytes())
    except UNREADABLE as error:
        raise unreadable(path, error) from error
    claims.check_same(
        facts,
        {name: value for name, value in trained.items() if name in facts},
        lambda name: (
            f"{path}: was trained with {name} {trained[name]!r}, but "
            f"experiment.json says {facts[name]!r}; put back the one that "
            "fsn train wrote"
        ),
    )


@functools.cache
def _note_earlier(workdir):
    """Says so once."""
    print(
        f"note: {workdir}: its checkpoints are of an earlier version and do "
        "not say what they were trained as; experiment.json is believed",
        file=sys.stderr,
    )


def unreadable(path: str, error: Exception) -> InputError:
    """What to say of a checkpoint that cannot be restored."""
    return InputError(
        f"{path}: cannot be restored ({quietly.reason(error)}); fsn train "
        "goes back to the checkpoint before it, if there is one"
    )
