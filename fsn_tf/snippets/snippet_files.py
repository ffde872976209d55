"""Snippet files: one TFRecord example per snippet, in order."""

import dataclasses
import json
import pathlib

import tensorflow as tf

from fsn_tf import files
from fsn_tf import quietly
from fsn_tf.errors import InputError

VERSION = 1

# A TFRecord frames its bytes by an 8-byte length, and by two 4-byte checksums.
_FRAMING_BYTES = 16


@dataclasses.dataclass(frozen=True)
class SnippetFile:
    """What is known about one video's snippet file.

    Attributes:
        path: Of the TFRecord file.
        video: Name of the video.
        stream: "rgb" or "flow".
        fps: Frames per second that the snippets are cut at.
        snippet_frames: Frames per snippet.
        num_frames: Frames of the video at fps.
        width: Pixels, as stored.
        height: Pixels, as stored.
        quality: Of the JPEGs, 1 to 100.
        source: Name, bytes, fps, size and frames of the video file or of
            the folder of JPEGs.
        flow: How the flow was computed, "tvl1", or "imported"; empty for RGB.
        offsets: (N + 1,) where each record starts, and where the last ends.
        version: Of this format.
    """

    path: str
    video: str
    stream: str
    fps: float
    snippet_frames: int
    num_frames: int
    width: int
    height: int
    quality: int
    source: dict
    flow: str
    offsets: tuple[int, ...]
    version: int = VERSION

    @property
    def num_snippets(self):
        """N; the last snippet may be incomplete."""
        return len(self.offsets) - 1

    @property
    def channels(self):
        """Of a snippet's image: RGB, or x and y of each of its flows."""
        return 3 if self.stream == "rgb" else 2 * self.snippet_frames

    @property
    def seconds(self):
        """Duration of the video."""
        return self.num_frames / self.fps

    def setting(self):
        """What the videos that train or use one network have in common."""
        return {
            "fps": self.fps,
            "frame_size": [self.width, self.height],
            "flow": self.flow,
        }


def write(path, jpegs, describe):
    """Writes one video's snippet file and its metadata, whole or not at all.

    Args:
        path: Of the TFRecord file; the metadata lies beside it as JSON.
        jpegs: Iterable over snippets; each a list of JPEG bytes.
        describe: Called after the last snippet; gives the fields of
            SnippetFile but path and offsets.

    Raises:
        OSError: The folder cannot be written or the disk is full.
    """
    path = pathlib.Path(path)
    offsets = [0]
    with files.written_whole(path) as partial:
        try:
            with tf.io.TFRecordWriter(str(partial)) as writer:
                for images in jpegs:
                    record = _example(images).SerializeToString()
                    writer.write(record)
                    size = len(record) + _FRAMING_BYTES
                    offsets.append(offsets[-1] + size)
        except tf.errors.OpError as error:
            raise OSError(
                f"{path}: cannot be written: {quietly.reason(error)}"
            ) from error
        if partial.stat().st_size != offsets[-1]:
            raise OSError(f"{path}: cannot be written; is the disk full?")
    # The metadata comes last: where it lies, the snippets are complete.
    try:
        metadata = {**describe(), "offsets": offsets}
        files.write_json(metadata_path(path), metadata)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _example(images):
    value = tf.train.Feature(bytes_list=tf.train.BytesList(value=images))
    features = tf.train.Features(feature={"jpeg": value})
    return tf.train.Example(features=features)


def metadata_path(path):
    """Where the metadata of a snippet file lies."""
    return pathlib.Path(path).with_suffix(".json")


def read_metadata(path):
    """Reads what is known about one snippet file.

    Raises:
        InputError: The metadata or the snippet file is missing or damaged.
    """
    path = pathlib.Path(path)
    again = "delete it and run fsn prepare again"
    try:
        text = metadata_path(path).read_text(encoding="utf-8")
        fields = json.loads(text)
        fields["offsets"] = tuple(fields["offsets"])
        snippets = SnippetFile(path=str(path), **fields)
        _check(snippets, path)
    except FileNotFoundError:
        message = f"{metadata_path(path)}: no such file; run fsn prepare"
        raise InputError(message) from None
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        message = f"{metadata_path(path)}: is not whole; {again}"
        raise InputError(message) from None
    size = path.stat().st_size if path.is_file() else 0
    if size != snippets.offsets[-1]:
        raise InputError(
            f"{path}: has {size} bytes where {snippets.offsets[-1]} were "
            f"written; {again}"
        )
    return snippets


def _check(snippets, path):
    """Raises ValueError on metadata that `write` would not have written."""
    numbers = (snippets.snippet_frames, snippets.num_frames, *snippets.offsets)
    numbers += (snippets.width, snippets.height, snippets.source["bytes"])
    steps = zip(snippets.offsets[:-1], snippets.offsets[1:], strict=True)
    whole = (
        all(type(number) is int for number in numbers)
        and snippets.video == path.stem
        and snippets.stream == path.parent.name
        and snippets.version == VERSION
        and 0 < snippets.fps < float("inf")
        and snippets.offsets[0] == 0
        and all(first < second for first, second in steps)
        and min(snippets.width, snippets.height, snippets.num_frames) > 0
        and snippets.num_snippets
        == -(-snippets.num_frames // snippets.snippet_frames)
    )
    if not whole:
        raise ValueError("not as written")


def scan(prepared, stream):
    """Every video of a stream, and what is wrong with the damaged ones.

    Returns:
        ({name: SnippetFile}, {name: InputError}), in name order.

    Raises:
        InputError: There is none.
    """
    folder = pathlib.Path(prepared) / stream
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; run fsn prepare")
    found, damaged = {}, {}
    for path in sorted(folder.glob("[!.]*.json")):
        name = path.name.removesuffix(".json")
        try:
            found[name] = read_metadata(path.with_name(f"{name}.tfrecord"))
        except InputError as error:
            damaged[name] = error
    if not found and not damaged:
        raise InputError(f"{folder}: holds no snippet file; run fsn prepare")
    return found, damaged


def read_jpegs(path, offset, count):
    """Reads `count` adjacent snippets by one direct read, as TensorFlow ops.

    Args:
        path: () string tensor, a TFRecord file.
        offset: () int64 tensor, where the first of the snippets starts.
        count: Snippets to read; fewer come where the file ends.

    Returns:
        (N, J) string tensor: J JPEGs of each snippet.
    """
    variant = tf.raw_ops.TFRecordDatasetV2(
        filenames=[path],
        compression_type="",
        buffer_size=1 << 18,
        byte_offsets=[offset],
    )
    examples = tf.data.experimental.from_variant(
        variant, tf.TensorSpec((), tf.string)
    )
    examples = examples.take(count).batch(count)
    feature = {"jpeg": tf.io.RaggedFeature(tf.string)}
    parsed = tf.io.parse_example(examples.get_single_element(), feature)
    return parsed["jpeg"].to_tensor()


def read_chosen_jpegs(path, offsets):
    """Reads snippets that are not adjacent, each by one direct read.

    Args:
        path: () string tensor, a TFRecord file.
        offsets: (N,) int64 tensor, where each of the snippets starts.

    Returns:
        (N, J) string tensor: J JPEGs of each snippet.
    """
    return tf.map_fn(
        lambda offset: read_jpegs(path, offset, 1)[0],
        offsets,
        fn_output_signature=tf.TensorSpec((None,), tf.string),
    )


def check(video):
    """Reads a snippet file through.

    Raises:
        InputError: It is damaged.
    """
    try:
        for record in tf.data.TFRecordDataset(video.path):
            example = tf.train.Example.FromString(record.numpy())
            for jpeg in example.features.feature["jpeg"].bytes_list.value:
                tf.io.decode_jpeg(jpeg)
    except (tf.errors.OpError, ValueError) as error:
        raise InputError(unreadable(video, error)) from error


def unreadable(video, error):
    """The line on a snippet file that TensorFlow cannot read."""
    return (
        f"{video.path}: cannot be read ({quietly.reason(error)}); delete it "
        "and run fsn prepare again"
    )
