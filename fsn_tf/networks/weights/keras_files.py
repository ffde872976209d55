"""Keras's files, read as HDF5: no layer of theirs is ever made.

There are two layouts. Keras 3 (.weights.h5, and .keras, which is a zip file
with one inside) numbers layers by their class; Keras 2 (.h5) names them.
"""

from collections.abc import Mapping
import contextlib
import io
import pathlib
import tempfile
import zipfile

import h5py
import keras
import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.networks.weights.stored import Stored

# What a .keras file calls them.
INSIDE = "model.weights.h5"
_DAMAGE = (
    OSError,
    KeyError,
    RuntimeError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    zipfile.BadZipFile,
)


def read(path: pathlib.Path) -> tuple[dict[str, Stored], bool]:
    """The tensors of a file.

    Args:
        path: Of a .weights.h5, .h5 or .keras file.

    Returns:
        ({name: Stored}, whether layers have their names). Names are
        "LAYER/PLACE", the place counting the weights of a layer; without
        names, Keras 3's paths, such as "layers/conv2d_1/vars/0".

    Raises:
        InputError: It is damaged or holds no weights.
    """
    try:
        file = h5py.File(_archived(path) or path, "r")
        root = file.get("model_weights", file)
        named = "layer_names" in root.attrs
        tensors = _by_layer(root) if named else by_path(root)
    except InputError:
        raise
    except _DAMAGE as error:
        reason = str(error).split("\n")[0]
        raise InputError(f"{path}: damaged or cut short: {reason}") from error
    if not tensors:
        raise InputError(f"{path}: no weights of Keras in it")
    return tensors, named


def _archived(path):
    """The weights inside a .keras file, as a file; None for any other."""
    if not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo(INSIDE)
        if entry.file_size > pathlib.Path(path).stat().st_size:
            raise InputError(f"{path}: {INSIDE} in it is compressed")
        return io.BytesIO(archive.read(entry))


def by_path(group: h5py.Group) -> dict[str, Stored]:
    """{path: Stored} of Keras 3's layout, the model's own weights alone."""
    tensors = {}

    def visit(path, node):
        training = path.startswith("optimizer/") or "seed_generator" in path
        if isinstance(node, h5py.Dataset) and not training:
            tensors[path] = _stored(node)

    group.visititems(visit)
    return tensors


def _by_layer(group):
    tensors = {}
    for layer in map(_text, group.attrs["layer_names"]):
        names = map(_text, group[layer].attrs["weight_names"])
        for place, name in enumerate(names):
            tensors[f"{layer}/{place}"] = _stored(group[layer][name])
    return tensors


def _stored(dataset):
    # Data in other files is not data of this one.
    if dataset.external or dataset.is_virtual:
        raise OSError(f"{dataset.name} lies in another file")
    return Stored(dataset.shape, lambda: dataset[()])


def _text(name):
    return name.decode() if isinstance(name, bytes) else name


def layer_slots(model: keras.Model) -> dict[str, keras.Variable]:
    """{"LAYER/PLACE": variable} of a model, as Keras 2 counts them."""
    return {
        f"{layer.name}/{place}": variable
        for layer in model.layers
        for place, variable in enumerate(
            [*layer.trainable_weights, *layer.non_trainable_weights]
        )
    }


def path_shapes(model: keras.Model) -> dict[str, tuple[int, ...]]:
    """{path: shape} of what Keras 3 would write of a model."""
    with _saved(model) as path, h5py.File(path) as file:
        tensors = by_path(file)
        return {name: stored.shape for name, stored in tensors.items()}


def load_paths(model: keras.Model, values: Mapping[str, np.ndarray]) -> None:
    """Gives a model the values of some of its paths, {path: array}."""
    with _saved(model) as path:
        with h5py.File(path, "r+") as file:
            for name, value in values.items():
                file[name][...] = value
        model.load_weights(path)


@contextlib.contextmanager
def _saved(model):
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/{INSIDE}"
        model.save_weights(path)
        yield path
