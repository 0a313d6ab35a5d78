"""Pictures as cameras make them, put together part by part."""

from __future__ import annotations

import struct
import zlib

SCAN = b"\x12\xff\x00\x34\xff\xd0\x56\xff\xd7\x78"
"""With a stuffed byte and restarts, as a scan may have."""


def part(marker: int, words: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(words) + 2).to_bytes(2, "big") + words


def exif(secret: bytes, turn: int = 1, order: str = ">") -> bytes:
    """Exif with an orientation, a GPS directory and a secret in it."""
    mark = b"MM" if order == ">" else b"II"
    tags = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, turn, 0) + struct.pack(f"{order}HHII", 0x8825, 4, 1, 38)
    head = struct.pack(f"{order}2sHI", mark, 42, 8)
    return part(0xE1, b"Exif\0\0" + head + struct.pack(f"{order}H", 2) + tags + bytes(4) + secret)


def photo(secret: bytes = b"", turn: int = 1, order: str = ">", after: bytes = b"") -> bytes:
    """A JPEG of one scan; with a secret wherever a camera, a phone or an editor may put one."""
    jfif = part(0xE0, b"JFIF\0\1\1\0\0\1\0\1" + (b"\1\1" + secret[:3] if secret else b"\0\0"))
    hidden = b""
    if secret:
        hidden = exif(secret, turn, order) + part(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + secret)
        hidden += part(0xED, b"Photoshop 3.0\0" + secret) + part(0xE2, b"MPF\0" + secret) + part(0xFE, secret)
    picture = (
        part(0xE2, b"ICC_PROFILE\0colours") + part(0xEE, b"Adobe\0d") + part(0xDB, b"table") + part(0xC2, b"frame")
    )
    scans = (part(0xDA, b"scan 1") + SCAN) + (part(0xC4, b"more") + part(0xDA, b"scan 2") + SCAN)
    return b"\xff\xd8" + jfif + hidden + picture + scans + b"\xff\xd9" + (after + secret if secret else b"")


def chunk(name: bytes, words: bytes) -> bytes:
    return struct.pack(">I", len(words)) + name + words + struct.pack(">I", zlib.crc32(name + words))


def screenshot(secret: bytes = b"") -> bytes:
    """A PNG of one black point; with a secret wherever a program may put one."""
    hidden = b""
    if secret:
        hidden = b"".join(chunk(name, secret) for name in (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"prVt"))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) + chunk(b"gAMA", b"\0\0\xb1\x8f")
    points = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + hidden + points + chunk(b"IEND", b"") + secret
