"""What fsn prepare made, of any stream: images or features."""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
import functools
import pathlib
import sys
from typing import Any
from typing import Protocol

import numpy as np
import tensorflow as tf

from fsn_tf.errors import InputError
from fsn_tf.snippets import feature_files
from fsn_tf.snippets import metadata_files
from fsn_tf.snippets import snippet_files
from fsn_tf.snippets import streams


class PreparedVideo(Protocol):
    """What is known about one prepared video, and how it is read.

    In graphs, any of several videos that are alike reads them all, so their
    paths are arguments.
    """

    @property
    def path(self) -> str:
        """Of the file."""

    @property
    def video(self) -> str:
        """Name of the video."""

    @property
    def fps(self) -> float:
        """Frames per second that the snippets are cut at."""

    @property
    def snippet_frames(self) -> int:
        """Frames per snippet."""

    @property
    def num_frames(self) -> int:
        """Frames of the video at fps."""

    @property
    def num_snippets(self) -> int:
        """N; the last snippet may be incomplete."""

    @property
    def offsets(self) -> Any:
        """(N + 1,) where each snippet starts in the file; the last's end."""

    @property
    def seconds(self) -> float:
        """Duration of the video."""

    @property
    def fingerprint(self) -> str:
        """Of all of this; empty in files of earlier versions."""

    def setting(self) -> dict[str, Any]:
        """What the videos that train or use one network have in common."""

    def check_shows(self, image_size: int) -> None:
        """Raises InputError where images are smaller than a network sees."""

    def check_whole(self) -> None:
        """Reads the file through; raises InputError if it is damaged."""

    def read_adjacent(
        self, path: tf.Tensor, offset: tf.Tensor, count: int
    ) -> tf.Tensor:
        """`count` snippets as stored, from a () offset; fewer at the end."""

    def read_chosen(self, path: tf.Tensor, offsets: tf.Tensor) -> tf.Tensor:
        """Snippets as stored that start at (N,) offsets."""

    def seen(
        self,
        stored: tf.Tensor,
        augment: Callable[[tf.Tensor, tuple[int, int]], tf.Tensor],
    ) -> tf.Tensor:
        """What a network sees in training of snippets as stored.

        Args:
            stored: What read_adjacent or read_chosen gave.
            augment: From (N, J) JPEGs and their (width, height) to images.
        """

    def features(
        self, spatial_cnn: Callable[[tf.Tensor], np.ndarray]
    ) -> Iterator[np.ndarray]:
        """Yields (n, D) features of adjacent stretches.

        Args:
            spatial_cnn: (N, H, W, C) uint8 images -> (N, D); called where
                images are stored.

        Raises:
            InputError: The file cannot be read.
        """

    def features_at(
        self,
        positions: tf.Tensor,
        spatial_cnn: Callable[[tf.Tensor], tf.Tensor],
    ) -> tf.Tensor:
        """Features of snippets anywhere in the video.

        Args:
            positions: (N,) int tensor.
            spatial_cnn: (1, H, W, C) uint8 -> (V, D), V views of a snippet;
                called where images are stored.

        Returns:
            (N V, D); V is 1 where features are stored.

        Raises:
            InputError: The file cannot be read.
        """


def listed(prepared: pathlib.Path | str, stream: str) -> list[str]:
    """The names of the videos of a stream, in name order; none is opened.

    Args:
        prepared: Folder that `fsn prepare` made.
        stream: "rgb", "flow" or "features".

    Raises:
        InputError: There is none.
    """
    return list(_paths(prepared, stream))


def _paths(prepared, stream):
    prepare, what = "fsn prepare", "snippet file"
    if stream == streams.FEATURES:
        prepare, what = f"{prepare} --stream={stream}", streams.FEATURES
    folder = pathlib.Path(prepared) / stream
    return metadata_files.listed(folder, prepare, what)


def scan(
    prepared: pathlib.Path | str,
    stream: str,
    only: Collection[str] | None = None,
) -> tuple[Mapping[str, PreparedVideo], dict[str, InputError]]:
    """Every video of a stream, and what is wrong with the damaged ones.

    Args:
        prepared: Folder that `fsn prepare` made.
        stream: "rgb", "flow" or "features".
        only: Names as `listed` gives them: no other video is opened.

    Returns:
        ({name: PreparedVideo}, {name: InputError}), in name order.

    Raises:
        InputError: There is none.
    """
    paths = _paths(prepared, stream)
    if only is not None:
        asked = set(only)
        paths = {name: paths[name] for name in paths if name in asked}
    read = _feature_file if stream == streams.FEATURES else _snippet_file
    found, damaged = metadata_files.read(paths, read)
    if not all(video.fingerprint for video in found.values()):
        _note_earlier(pathlib.Path(prepared) / stream)
    return found, damaged


def _feature_file(path):
    return feature_files.read_metadata(f"{path}.npy")


def _snippet_file(path):
    return snippet_files.read_metadata(f"{path}.tfrecord")


@functools.cache
def _note_earlier(folder):
    """Says so once, and not for every video."""
    print(
        f"note: {folder}: has files of an earlier version, without a "
        "fingerprint of what was written; whether they were edited since is "
        "not known",
        file=sys.stderr,
    )


def index(
    prepared: pathlib.Path | str,
    stream: str,
    only: Collection[str] | None = None,
) -> Mapping[str, PreparedVideo]:
    """Every video of a stream, by name; none may be damaged.

    Args:
        prepared: Folder that `fsn prepare` made.
        stream: "rgb", "flow" or "features".
        only: Names as `listed` gives them: no other video is opened.

    Raises:
        InputError: There is none, or one is damaged.
    """
    found, damaged = scan(prepared, stream, only)
    if damaged:
        raise damaged[min(damaged)]
    return found


def first_damage(videos: Iterable[PreparedVideo]) -> str:
    """Reads files through; a line on the first that is damaged.

    Returns:
        A line that names the file, or an empty string if all are whole.
    """
    for video in videos:
        try:
            video.check_whole()
        except InputError as error:
            return str(error)
    return ""
