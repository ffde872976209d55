"""Files as they come out of broken disks, editors and hostile hands."""

import copy
import io
import json
import random
from typing import Any
import zipfile

import numpy as np

_NUMBERS = (
    "0 -1 1 2 255 65536 2147483648 -9223372036854775808 18446744073709551616 "
    "1e308 1e999 -1e-320 NaN inf 0.5 -0.0 1e5 00 0x10 ١ 1_0"
).split()
_WORDS = (
    "\0 \n \r\n \t , ; : \" ' { } [ ] < > & % ../ \ufeff \u2028 é e\u0301 "
    "Background null true 1:02:03.5 00:00:01,000 --> <!ENTITY 🎬"
).split(" ")
_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1,
    10**18,
    10**30,
    0.5,
    -1e308,
    float("nan"),
    float("inf"),
    "",
    "a",
    "../a",
    "a\nb",
    "🎬",
    [],
    [1],
    [[]],
    {},
    {"a": 1},
)
# What lies where a file is expected: nothing, a pointer, a page.
_OTHERS = (
    b"",
    b"\0",
    b"\n",
    bytes(10_000),
    b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
    b"<!DOCTYPE html><html><body>404</body></html>",
    b"\xff\xfea\0,\0",
    b"PK\5\6" + bytes(18),
    b"<!DOCTYPE a [<!ENTITY b 'bb'>"
    + b"".join(
        b"<!ENTITY b%d '%s'>" % (x, b"&b%d;" % (x - 1) * 10 if x else b"&b;")
        for x in range(9)
    )
    + b"]><annotations>&b8;</annotations>",
)
# Numbers as binary headers hold them.
_EXTREMES = tuple(
    (number % 2 ** (8 * size)).to_bytes(size, order)
    for number in (0, 1, -1, 2**15, 2**31 - 1, 10**6, 10**12)
    for size in (4, 8)
    for order in ("little", "big")
)
_TYPES = "<f4 <f2 <f8 >f4 <i8 <i4 |u1 |b1 <U3 |S3 <c8 <u8".split()


def mutated(content: bytes, name: str, rng: random.Random) -> bytes:
    """A damaged copy of a file.

    Args:
        content: Of a whole file.
        name: Of the file; of some formats parts are replaced, so that the
            rest still fits.
        rng: Decides on all of it.
    """
    ending = name.rpartition(".")[2]
    inside = _INSIDE.get(ending)
    if inside is not None and rng.random() < 0.6:
        return inside(content, rng)
    if ending in _TEXTS and rng.random() < 0.6:
        return _text(content, rng)
    return _bytes(content, rng)


def _bytes(content, rng):
    """Bytes that were flipped, lost, doubled or put in."""
    if rng.random() < 0.02:
        return rng.choice(_OTHERS)
    data = bytearray(content)
    for _ in range(rng.choice((1, 1, 1, 2, 5, 30))):
        place = rng.randrange(len(data) + 1)
        # What tells a format lies in its first bytes, times of a video at
        # either end.
        kind = rng.random()
        if kind < 0.5:
            place %= 200
        elif kind < 0.7:
            place = max(len(data) - 1 - place % 1500, 0)
        size = rng.choice((1, 1, 2, 4, 8, 50, 1000))
        action = rng.randrange(8)
        if action == 0 and place < len(data):
            data[place] ^= 1 << rng.randrange(8)
        elif action == 1 and place < len(data):
            data[place] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, 0x20, 0x30))
        elif action == 2:
            data[place : place + size] = rng.randbytes(size)
        elif action == 3:
            data[place:place] = rng.randbytes(min(size, 50))
        elif action == 4:
            del data[place : place + size]
        elif action == 5:
            data[place:place] = data[place : place + size]
        elif action == 6:
            number = rng.choice(_EXTREMES)
            data[place : place + len(number)] = number
        elif rng.random() < 0.3:
            del data[place:]
    return bytes(data)


def _text(content, rng):
    """Text whose cells, lines or signs are others."""
    lines = content.decode("utf-8", "replace").splitlines(keepends=True)
    for _ in range(rng.choice((1, 1, 2, 4))):
        row = rng.randrange(len(lines) + 1) if lines else 0
        line = lines[row] if row < len(lines) else "\n"
        action = rng.randrange(5)
        if action == 0:
            lines[row : row + 1] = [line] * rng.choice((0, 2, 3))
        elif action == 1:
            lines[row : row + 1] = [line.replace(" ", ",").replace(",", " ", 1)]
        else:
            place = rng.randrange(len(line))
            stop = place + rng.choice((0, 1, 1, 3, 8))
            new = rng.choice(_NUMBERS if action == 2 else _WORDS)
            new *= rng.choice((1, 1, 1, 2, 100))
            lines[row : row + 1] = [line[:place] + new + line[stop:]]
    return "".join(lines).encode()


def _json(content, rng):
    """JSON some of whose values are of other types, or gone."""
    if rng.random() < 0.01:
        return rng.choice((b"[", b'{"a":')) * 100_000
    value = json.loads(content)
    for _ in range(rng.choice((1, 1, 2, 3))):
        value = _changed(value, rng)
    return json.dumps(value).encode()


def _changed(value, rng):
    inside = isinstance(value, dict | list) and len(value) > 0
    if not inside or rng.random() < 0.15:
        return _other(value, rng)
    keys = list(value) if isinstance(value, dict) else range(len(value))
    key = rng.choice(keys)
    action = rng.random()
    if action < 0.1:
        del value[key]
    elif action < 0.2 and isinstance(value, dict):
        value[rng.choice(_WORDS)] = copy.deepcopy(value[key])
    elif action < 0.2:
        value.insert(key, copy.deepcopy(value[key]))
    else:
        value[key] = _changed(value[key], rng)
    return value


def _other(value, rng):
    if type(value) in (int, float) and rng.random() < 0.5:
        return value + rng.choice((-1, 1, -4, 0.5, 10**9))
    return copy.deepcopy(rng.choice(_VALUES))


def _archive(content, rng):
    """An archive with whole checksums around damaged arrays."""
    out = io.BytesIO()
    packed = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", packed) as target,
    ):
        chosen = rng.choice(source.namelist())
        for name in source.namelist():
            array = source.read(name)
            if name == chosen:
                if rng.random() < 0.1:
                    continue
                array = _array(array, rng)
            target.writestr(name, array)
    return out.getvalue()


def _array(content, rng):
    """An array of other values, type or shape, or with a damaged header."""
    if rng.random() < 0.5:
        return _bytes(content[:128], rng) + content[128:]
    values = np.load(io.BytesIO(content)).copy()
    action = rng.randrange(4)
    if action == 0:
        kind = rng.choice(_TYPES)
        size = values.nbytes // np.dtype(kind).itemsize
        values = np.frombuffer(values.tobytes(), kind, size)
    elif action == 1:
        values = values.reshape(-1)[: rng.randrange(values.size + 1)]
    elif action == 2:
        values = values.reshape(rng.choice(((-1,), (-1, 1), (1, -1, 1))))
    elif values.size and values.dtype.kind in "iuf":
        extreme = rng.choice((0, -1, 1, 2**31, 2**62, np.nan, np.inf, 3e38))
        with np.errstate(all="ignore"):
            place = rng.randrange(values.size)
            values.reshape(-1)[place] = np.array(extreme).astype(values.dtype)
    out = io.BytesIO()
    np.save(out, values)
    return out.getvalue()


_INSIDE = {"json": _json, "boris": _json, "npz": _archive, "npy": _array}
_TEXTS = "boris bundle csv data eaf json srt txt vtt xml".split()
