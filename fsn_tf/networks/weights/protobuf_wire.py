"""The fields of a Protocol Buffers message, without its definition."""

from collections.abc import Iterator

import numpy as np

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_FIXED_BYTES = {FIXED64: 8, FIXED32: 4}
_RUN = 4096


def fields(message: memoryview) -> Iterator[tuple[int, int, int | memoryview]]:
    """Yields the fields of a message in order.

    A run of equal fixed-size fields, an array that is not packed, comes as
    one.

    Args:
        message: memoryview of bytes.

    Yields:
        (number, wire type, value): an int for VARINT, else a memoryview.

    Raises:
        ValueError: It is cut short, or no message.
    """
    position = 0
    while position < len(message):
        start = position
        tag, position = _varint(message, position)
        number, kind = tag >> 3, tag & 7
        if kind == VARINT:
            value, position = _varint(message, position)
        elif kind == BYTES:
            size, position = _varint(message, position)
            value = message[position : position + size]
            if len(value) < size:
                raise ValueError(f"{size} bytes at {position} are not there")
            position += size
        elif kind in _FIXED_BYTES:
            tag_bytes = position - start
            value, position = _run(message, start, tag_bytes, kind)
        else:
            raise ValueError(f"no field at byte {start}")
        if number == 0:
            raise ValueError(f"no field at byte {start}")
        yield number, kind, value


def varints(packed: memoryview) -> Iterator[int]:
    """The numbers of a packed array of them."""
    position = 0
    while position < len(packed):
        value, position = _varint(packed, position)
        yield value


def _varint(message, position):
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(message):
            raise ValueError("it ends inside a number")
        byte = message[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
    raise ValueError(f"no number at byte {position}")


def _run(message, start, tag_bytes, kind):
    """The values of all fields from `start` on that have the same tag."""
    stride = tag_bytes + _FIXED_BYTES[kind]
    tag = np.frombuffer(message[start : start + tag_bytes], np.uint8)
    parts, position, equal = [], start, True
    while equal:
        count = min((len(message) - position) // stride, _RUN)
        if not count:
            break
        rows = message[position : position + count * stride]
        # (count, stride) bytes, a field in each row: its tag, its value.
        rows = np.frombuffer(rows, np.uint8).reshape(count, stride)
        others = np.flatnonzero((rows[:, :tag_bytes] != tag).any(axis=1))
        equal = not others.size
        rows = rows if equal else rows[: others[0]]
        parts.append(rows[:, tag_bytes:].tobytes())
        position += len(rows) * stride
    if not parts:
        raise ValueError(f"the number at byte {start} is cut")
    return memoryview(b"".join(parts)), position
