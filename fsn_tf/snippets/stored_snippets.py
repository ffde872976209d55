"""One snippet file, and how it is read."""

from collections.abc import Callable
from collections.abc import Iterator
import dataclasses
from typing import Any

import numpy as np
import tensorflow as tf

from fsn_tf import quietly
from fsn_tf.errors import InputError
from fsn_tf.snippets import checksums
from fsn_tf.snippets import snippet_facts
from fsn_tf.snippets import snippet_records
from fsn_tf.snippets import stored_images
from fsn_tf.snippets import streams
from fsn_tf.snippets import tf_data

# Snippets that a 2D CNN sees at once; bounds the memory.
SNIPPETS_AT_ONCE = 64


@dataclasses.dataclass(frozen=True)
class SnippetFile(snippet_facts.SnippetFacts):
    """One video's snippet file, and how it is read."""

    @property
    def channels(self) -> int:
        """Of a snippet's image: RGB, or x and y of each of its flows."""
        return 3 if self.stream == streams.RGB else 2 * self.snippet_frames

    @property
    def seconds(self) -> float:
        """Duration of the video."""
        return self.num_frames / self.fps

    def setting(self) -> dict[str, Any]:
        """What the videos that train or use one network have in common."""
        return {
            "fps": self.fps,
            "frame_size": [self.width, self.height],
            "flow": self.flow,
        }

    def check_shows(self, image_size: int) -> None:
        """Raises InputError unless a square of that many pixels is in it."""
        if min(self.width, self.height) < image_size:
            raise InputError(
                f"{self.path}: frames are {self.width}x{self.height}, the "
                f"network sees {image_size} pixels square; prepare "
                "larger frames (--size) or choose a smaller --image_size"
            )

    def check_whole(self) -> None:
        """Reads the file through; raises InputError if it is damaged."""
        self._check_records()
        try:
            snippet_records.read_through(self.path)
        except (tf.errors.OpError, ValueError) as error:
            raise self._unreadable(quietly.reason(error)) from error

    @staticmethod
    def read_adjacent(
        path: tf.Tensor, offset: tf.Tensor, count: int
    ) -> tf.Tensor:
        """(N, J) JPEGs; see prepared_folders.PreparedVideo."""
        return snippet_records.read_jpegs(path, offset, count)

    @staticmethod
    def read_chosen(path: tf.Tensor, offsets: tf.Tensor) -> tf.Tensor:
        """(N, J) JPEGs; see prepared_folders.PreparedVideo."""
        return snippet_records.read_chosen_jpegs(path, offsets)

    def seen(
        self,
        stored: tf.Tensor,
        augment: Callable[[tf.Tensor, tuple[int, int]], tf.Tensor],
    ) -> tf.Tensor:
        """What `augment` makes of the JPEGs and of their (width, height)."""
        return augment(stored, (self.width, self.height))

    def images(self, first: tf.Tensor, stop: tf.Tensor) -> tf.Tensor:
        """Images of the snippets first .. stop - 1, as they are stored.

        Args:
            first: () int64 tensor.
            stop: () int64 tensor.

        Returns:
            (N, H, W, C) uint8 tensor.
        """
        offset = tf.gather(self.offsets, first)
        jpegs = snippet_records.read_jpegs(self.path, offset, stop - first)
        return self._decoded(jpegs)

    def _decoded(self, jpegs):
        frame_size = self.width, self.height
        return stored_images.decode_whole(jpegs, frame_size, self.channels)

    def features(
        self, spatial_cnn: Callable[[tf.Tensor], np.ndarray]
    ) -> Iterator[np.ndarray]:
        """Yields what a 2D CNN makes of adjacent stretches of the images.

        Args:
            spatial_cnn: (N, H, W, C) uint8 -> (N, D).

        Raises:
            InputError: The file cannot be read.
        """
        self._check_records()
        starts = tf.data.Dataset.range(0, self.num_snippets, SNIPPETS_AT_ONCE)

        def read(first):
            stop = tf.minimum(first + SNIPPETS_AT_ONCE, self.num_snippets)
            return self.images(first, stop)

        try:
            for images in tf_data.untuned(starts.map(read).prefetch(1)):
                yield spatial_cnn(images)
        except tf.errors.OpError as error:
            raise self._unreadable(quietly.reason(error)) from error

    def features_at(
        self,
        positions: tf.Tensor,
        spatial_cnn: Callable[[tf.Tensor], tf.Tensor],
    ) -> tf.Tensor:
        """What a 2D CNN makes of snippets anywhere in the video.

        Args:
            positions: (N,) int tensor.
            spatial_cnn: (1, H, W, C) uint8 -> (V, D), V views of a snippet.

        Returns:
            (N V, D) tensor.

        Raises:
            InputError: The file cannot be read.
        """
        offsets = tf.gather(self.offsets, positions)
        try:
            jpegs = snippet_records.read_chosen_jpegs(self.path, offsets)
            images = self._decoded(jpegs)
        except tf.errors.OpError as error:
            raise self._unreadable(quietly.reason(error)) from error
        # One snippet at a time bounds the memory.
        return tf.concat([spatial_cnn(one[None]) for one in images], axis=0)

    def _check_records(self):
        """Raises InputError unless the records are those that were written.

        Where each is read it is compared with its own checksum.
        """
        if self.crc32c is None:
            return
        try:
            found = checksums.of_records(self.path, self.offsets)
        except OSError as error:
            raise self._unreadable(quietly.reason(error)) from error
        if found != self.crc32c:
            raise self._unreadable("not the records that were written")

    def _unreadable(self, cause):
        return InputError(
            f"{self.path}: cannot be read ({cause}); delete it and run fsn "
            "prepare again"
        )
