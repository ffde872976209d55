"""Writes TFRecords of snippets without TensorFlow, to the same bytes.

A record is a length, its checksum, the bytes, their checksum. The bytes are
a tf.train.Example: fields, each a tag, a length and what it holds.
"""

from collections.abc import Iterable
import pathlib
import shutil
import struct

import google_crc32c

# All fields that are needed here are number 1 and have a length; the value
# of an entry of a map is number 2.
_FIRST, _SECOND = b"\x0a", b"\x12"
_CHUNK_BYTES = 2**20


def write(path: pathlib.Path, jpegs: Iterable[list[bytes]]) -> list[int]:
    """Writes one record after another.

    Args:
        path: Of the file.
        jpegs: The JPEGs of each of N snippets.

    Returns:
        (N + 1,) where each record starts, and where the last ends.

    Raises:
        OSError: The file cannot be written.
    """
    offsets = [0]
    with open(path, "wb") as file:
        for images in jpegs:
            offsets.append(offsets[-1] + file.write(_framed(example(images))))
    return offsets


def join(path: pathlib.Path, parts: Iterable[pathlib.Path]) -> None:
    """Writes the records of several files one after another.

    Raises:
        OSError: A file cannot be read or written.
    """
    with open(path, "wb") as file:
        for part in parts:
            with open(part, "rb") as records:
                shutil.copyfileobj(records, file, _CHUNK_BYTES)


def example(images: list[bytes]) -> bytes:
    """A serialized tf.train.Example whose feature "jpeg" lists some bytes."""
    values = b"".join(_field(_FIRST, image) for image in images)
    feature = _field(_FIRST, values)
    entry = _field(_FIRST, b"jpeg") + _field(_SECOND, feature)
    return _field(_FIRST, _field(_FIRST, entry))


def _field(tag, content):
    return tag + _varint(len(content)) + content


def _varint(number):
    """Seven bits a byte, the lowest first; the eighth says that more come."""
    parts = []
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def _framed(record):
    length = struct.pack("<Q", len(record))
    return length + _checksum(length) + record + _checksum(record)


def _checksum(content):
    """CRC-32C, turned and shifted as TFRecords have it."""
    value = google_crc32c.value(content)
    masked = (value >> 15 | value << 17) + 0xA282EAD8
    return struct.pack("<I", masked & 0xFFFFFFFF)
