"""Photos without what the camera wrote beside the picture: where it was taken, when, by which phone, with whose name.

The picture itself stays bit for bit as it came, so nothing gets harder to read; only parts that show no picture are
left out, and of them whatever is not on the lists below. How a JPEG is to be turned is written anew. We do this
ourselves because the libraries that can leave either the picture or half of those parts changed.
"""

from __future__ import annotations

import re
import struct

PNG = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = frozenset(b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB bKGD pHYS cICP".split())
"""The picture, and its colours."""

EOI, SOS, COMMENT = 0xD9, 0xDA, 0xFE
APPLICATION = range(0xE0, 0xF0)
STANDALONE = frozenset({0x00, 0x01, 0xD8, *range(0xD0, 0xD8)})
"""Markers that have no place outside a scan."""
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7]", re.DOTALL)
"""Where a scan ends: zero is a stuffed byte, the others restart it."""
ORIENTATION = 0x0112


class Damaged(ValueError):
    """It is no photo that can be read to its end."""


def bare(kind: str, content: bytes) -> bytes:
    """A photo of this kind with its picture alone; any other file as it is. Raises Damaged."""
    if kind == "image/jpeg":
        return _jpeg(content)
    return _png(content) if kind == "image/png" else content


def _png(content: bytes) -> bytes:
    kept, at = [PNG], len(PNG)
    while True:
        head = content[at : at + 8]
        if len(head) < 8:
            raise Damaged
        length, name = struct.unpack(">I4s", head)
        end = at + 12 + length
        if end > len(content) or not name.isalpha():
            raise Damaged
        if name in PNG_KEPT:
            kept.append(content[at:end])
        elif name[:1].isupper():  # without it the picture cannot be shown
            raise Damaged
        if name == b"IEND":  # what stands behind it is no part of the picture
            return b"".join(kept)
        at = end


def _jpeg(content: bytes) -> bytes:
    kept, at, shown = [b"\xff\xd8"], 2, False
    while True:
        if content[at : at + 1] != b"\xff":
            raise Damaged
        while content[at : at + 1] == b"\xff":
            at += 1
        marker = content[at] if at < len(content) else 0
        if marker == EOI and shown:  # behind it phones keep films and second pictures, with places of their own
            return b"".join([*kept, b"\xff\xd9"])
        if marker in STANDALONE or marker == EOI:
            raise Damaged
        length = int.from_bytes(content[at + 1 : at + 3], "big")
        end = at + 1 + length
        if length < 2 or end > len(content):
            raise Damaged
        segment = _segment(marker, content[at + 3 : end])
        if segment is not None:
            kept.append(bytes((0xFF, marker)) + (len(segment) + 2).to_bytes(2, "big") + segment)
        at = end
        if marker == SOS:
            after = NEXT_MARKER.search(content, at)
            if after is None:
                raise Damaged
            kept.append(content[at : after.start()])
            at, shown = after.start(), True


def _segment(marker: int, words: bytes) -> bytes | None:
    """What is kept of a part of a JPEG; None: nothing."""
    if marker == COMMENT:
        return None
    if marker not in APPLICATION:
        return words
    if marker == 0xE0 and words.startswith(b"JFIF\0") and len(words) >= 12:
        return words[:12] + b"\0\0"  # without its small picture, which may show more than the large one
    if marker == 0xE1 and words.startswith(b"Exif\0\0"):
        return _turned(words[6:])
    if (marker == 0xE2 and words.startswith(b"ICC_PROFILE\0")) or (marker == 0xEE and words.startswith(b"Adobe")):
        return words
    return None


def _turned(tiff: bytes) -> bytes | None:
    """Exif that says how the picture is to be turned and nothing else; None where it stands upright."""
    turn = _orientation(tiff)
    if turn is None or not 2 <= turn <= 8:
        return None
    return b"Exif\0\0" + struct.pack(">2sHI H HHIHH I", b"MM", 42, 8, 1, ORIENTATION, 3, 1, turn, 0, 0)


def _orientation(tiff: bytes) -> int | None:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    try:
        if order is None:
            return None
        first = struct.unpack_from(f"{order}I", tiff, 4)[0]
        entries = struct.unpack_from(f"{order}H", tiff, first)[0]
        for place in range(entries):
            tag, kind, count, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * place)
            if (tag, kind, count) == (ORIENTATION, 3, 1):
                return int(value)
    except struct.error:
        pass
    return None
