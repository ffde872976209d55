"""Whether the bytes of an image are all there, whatever follows them."""

import re

_PNG = b"\x89PNG\r\n\x1a\n"
_START_OF_JPEG, _END_OF_JPEG = b"\xff\xd8", b"\xff\xd9"
_START_OF_IMAGE, _END_OF_IMAGE, _START_OF_SCAN = 0xD8, 0xD9, 0xDA
# In a scan, 0 after 0xff stands for 0xff itself, and 0xd0 to 0xd7 restart it.
_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")


def is_whole(content: bytes) -> bool:
    """Whether a JPEG or a PNG goes on to its end.

    Phones put more behind a JPEG: a second picture, a film, notes of their
    own. So the end is looked for where the scan ends, not where the file does.
    """
    if content.startswith(_PNG):
        return _png_ends(content)
    return _jpeg_ends(content)


def _png_ends(content):
    place = len(_PNG)
    while place + 12 <= len(content):
        kind = content[place + 4 : place + 8]
        size = int.from_bytes(content[place : place + 4])
        place += 12 + size
        if kind == b"IEND":
            return place <= len(content)
    return False


def _jpeg_ends(content):
    place = len(_START_OF_JPEG)
    while match := _MARKER.match(content, place):
        marker, place = match[1][0], match.end()
        if marker in (_END_OF_IMAGE, _START_OF_IMAGE):
            # Another picture may follow this one, but not cut it off.
            return marker == _END_OF_IMAGE
        place += int.from_bytes(content[place : place + 2])
        if marker == _START_OF_SCAN:
            found = _MARKER.search(content, place)
            place = found.start() if found else len(content)
    # Not laid out as it should be; some of these decode.
    return content.rstrip(b"\0").endswith(_END_OF_JPEG)
