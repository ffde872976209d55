"""Features of every snippet of a video as plain arrays: a kind of stream."""

from collections.abc import Callable
from collections.abc import Iterator
import dataclasses
import pathlib
from typing import Any

import numpy as np
import tensorflow as tf

from fsn_tf import archives
from fsn_tf import files
from fsn_tf import fingerprints
from fsn_tf.errors import InputError
from fsn_tf.segments import names
from fsn_tf.snippets import checksums
from fsn_tf.snippets import feature_rows
from fsn_tf.snippets import snippet_facts
from fsn_tf.snippets import streams

VERSION = 1

_AGAIN = "delete it and run fsn prepare again"
_ROWS_AT_ONCE = 4096
_BYTES = np.dtype(np.float32).itemsize


@dataclasses.dataclass(frozen=True)
class FeatureFile:
    """What is known about the features of one video.

    Attributes:
        path: Of the .npy file, (N, D) float32.
        video: Name of the video.
        fps: Frames per second that the snippets are cut at.
        snippet_frames: Frames per snippet.
        num_frames: Frames of the video at fps.
        num_snippets: N.
        feature_size: D.
        features_from: What made them.
        header_bytes: Where the first row starts in the file.
        version: Of this format.
        crc32c: Of the .npy file; None in files of earlier versions.
        fingerprint: Of all of this; empty in files of earlier versions.
    """

    path: str
    video: str
    fps: float
    snippet_frames: int
    num_frames: int
    num_snippets: int
    feature_size: int
    features_from: dict
    header_bytes: int
    version: int = VERSION
    crc32c: int | None = None
    fingerprint: str = ""

    @property
    def offsets(self) -> np.ndarray:
        """(N + 1,) where each row starts, and where the last ends."""
        rows = np.arange(self.num_snippets + 1)
        return self.header_bytes + rows * (_BYTES * self.feature_size)

    @property
    def seconds(self) -> float:
        """Duration of the video."""
        return self.num_frames / self.fps

    def setting(self) -> dict[str, Any]:
        """What the videos that train or use one network have in common."""
        return {
            "fps": self.fps,
            "feature_size": self.feature_size,
            "features_from": self.features_from,
        }

    def check_shows(self, image_size: int) -> None:
        """Does nothing: whatever the images were, they have been seen."""

    def check_whole(self) -> None:
        """Raises InputError if the file is damaged."""
        self.rows()

    def rows(self) -> np.ndarray:
        """The (N, D) float32 array, from the disk as it is needed.

        The file is read through once before, for its checksum.

        Raises:
            InputError: The file is damaged, or not what was written.
        """
        found = archives.mapped(self.path, "file of features")
        shape = self.num_snippets, self.feature_size
        written = self.crc32c in (None, checksums.of_file(self.path))
        if not written or found.shape != shape:
            raise InputError(f"{self.path}: is not as it was written; {_AGAIN}")
        return found

    def read_adjacent(
        self, path: tf.Tensor, offset: tf.Tensor, count: int
    ) -> tf.Tensor:
        """(N, D) features; see prepared_folders.PreparedVideo."""
        return feature_rows.read_rows(path, offset, count, self.feature_size)

    def read_chosen(self, path: tf.Tensor, offsets: tf.Tensor) -> tf.Tensor:
        """(N, D) features; see prepared_folders.PreparedVideo."""
        return feature_rows.read_chosen_rows(path, offsets, self.feature_size)

    def seen(self, stored: tf.Tensor, augment: Callable) -> tf.Tensor:
        """The features as they are: there is no image to augment."""
        return stored

    def features(self, spatial_cnn: Callable) -> Iterator[np.ndarray]:
        """Yields the rows in stretches; there is nothing for a 2D CNN to see.

        Raises:
            InputError: The file is damaged.
        """
        rows = self.rows()
        for first in range(0, len(rows), _ROWS_AT_ONCE):
            yield np.array(rows[first : first + _ROWS_AT_ONCE])

    def features_at(
        self, positions: tf.Tensor, spatial_cnn: Callable
    ) -> tf.Tensor:
        """(N, D) rows at (N,) positions; nothing is for a 2D CNN to see.

        Raises:
            InputError: The file is damaged.
        """
        return tf.constant(self.rows()[positions.numpy()])


def write(
    prepared: pathlib.Path | str,
    video: str,
    features: np.ndarray,
    **fields: Any,
) -> None:
    """Writes PREPARED/features/VIDEO.npy and its metadata beside it.

    Args:
        prepared: Folder.
        video: Name of the video.
        features: (N, D) array.
        **fields: fps, snippet_frames, num_frames, features_from.

    Raises:
        InputError: There is not one feature per snippet, or one is not a
            number.
        OSError: The folder cannot be written or the disk is full.
    """
    path = pathlib.Path(prepared) / streams.FEATURES / f"{video}.npy"
    features = np.ascontiguousarray(features, np.float32)
    _check_array(features, video, **fields)
    with files.written_whole(path) as partial, open(partial, "wb") as file:
        np.save(file, features)
        header_bytes = file.tell() - features.nbytes
    # The metadata comes last: where it lies, the features are complete.
    snippets, size = features.shape
    metadata = FeatureFile(
        path=path.name,
        video=video,
        num_snippets=snippets,
        feature_size=size,
        header_bytes=header_bytes,
        crc32c=checksums.of_file(path),
        **fields,
    )
    files.write_json(
        path.with_suffix(".json"),
        fingerprints.sealed(dataclasses.asdict(metadata)),
    )


def _check_array(features, video, *, num_frames, snippet_frames, **_):
    expected = -(-num_frames // snippet_frames)
    if features.ndim != 2 or len(features) != expected or not features.size:
        raise InputError(
            f"{video}: features of shape {features.shape}; expected one row "
            f"for each of {expected} snippets"
        )
    if not np.isfinite(features).all():
        row = np.flatnonzero(~np.isfinite(features).all(axis=1))[0]
        what = "a NaN" if np.isnan(features[row]).any() else "an infinity"
        raise InputError(
            f"{video}: the features of snippet {row} hold {what} (as float32)"
        )


def read_metadata(path: pathlib.Path | str) -> FeatureFile:
    """Reads what is known about the features of one video.

    Raises:
        InputError: The metadata or the array is missing or damaged.
    """
    path = pathlib.Path(path)
    try:
        facts = files.read_json(path.with_suffix(".json"))
        fingerprints.check_seal(facts)
        features = FeatureFile(**{**facts, "path": str(path)})
        _check(features, path)
    except InputError as error:
        message = f"{path}: is not as it was written; {_AGAIN}"
        raise InputError(message) from error
    except (OSError, ValueError, TypeError, LookupError) as error:
        cause = " ".join(str(error).split())
        message = f"{path}: is not whole ({cause}); {_AGAIN}"
        raise InputError(message) from error
    return features


def _check(features, path):
    """Raises ValueError on metadata that `write` would not have written."""
    snippet_facts.check_time(features)
    sizes = features.feature_size, features.header_bytes
    whole = (
        features.video == path.stem
        and features.version == VERSION
        and isinstance(features.features_from, dict)
        and all(type(size) is int and size > 0 for size in sizes)
    )
    header = archives.header(path, "file of features")
    shape = features.num_snippets, features.feature_size
    expected = np.float32, shape, False, features.header_bytes
    if not whole or header != expected:
        raise InputError(f"{path}: is not as it was written")


def scan(
    prepared: pathlib.Path | str,
) -> tuple[dict[str, FeatureFile], dict[str, InputError]]:
    """Every video with features, and what is wrong with the damaged ones.

    Returns:
        ({name: FeatureFile}, {name: InputError}), in name order.

    Raises:
        InputError: There is none.
    """
    folder = pathlib.Path(prepared) / streams.FEATURES
    if not folder.is_dir():
        raise InputError(
            f"{folder}: no such folder; run fsn prepare --stream=features"
        )
    found, damaged = {}, {}
    for path in sorted(folder.glob("[!.]*.json")):
        name = names.normalized(path.stem)
        try:
            found[name] = read_metadata(path.with_suffix(".npy"))
        except InputError as error:
            damaged[name] = error
    if not found and not damaged:
        raise InputError(f"{folder}: holds no features; run fsn prepare")
    return found, damaged
