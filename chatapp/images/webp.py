"""What a WebP file is made of."""

import struct
from collections.abc import Iterator

from chatapp.images.exif import UPRIGHT, orientation_alone, orientation_in
from chatapp.images.pieces import Bytes, Damaged, Stretch

RIFF_BYTES = 12
EXTENDED, LOSSY, LOSSLESS, EXIF = b"VP8X", b"VP8 ", b"VP8L", b"EXIF"
SHOWING = frozenset({EXTENDED, LOSSY, LOSSLESS, b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
BEGINNINGS = (EXTENDED, LOSSY, LOSSLESS)
HAS_EXIF, HAS_XMP = 0x08, 0x04
EXIF_BEFORE = b"Exif\0\0"  # some write it as in a JPEG


def chunks(picture: Bytes) -> Iterator[tuple[bytes, bytes]]:
    """The name of each chunk and its data, up to the end of the picture, or to where it breaks off."""
    riff_end = 8 + int.from_bytes(picture[4:8], "little")
    place, end = RIFF_BYTES, min(len(picture), riff_end)
    while place + 8 <= end:
        name, length = struct.unpack("<4sI", picture[place : place + 8])
        yield name, picture[place + 8 : min(end, place + 8 + length)]
        place += 8 + length + length % 2


def cleaned_webp(picture: Bytes) -> Iterator[bytes]:
    """The picture as it was, without what it tells of place, time and camera, and what hides behind its end.

    Raises Damaged where none begins.
    """
    if next(chunks(picture), (b"", b""))[0] not in BEGINNINGS:
        raise Damaged
    orientation = orientation_of_webp(picture)
    kept = [chunk(name, _without(name, data, orientation)) for name, data in chunks(picture) if name in SHOWING]
    if orientation != UPRIGHT:
        kept.append(chunk(EXIF, orientation_alone(orientation)))
    yield b"RIFF" + struct.pack("<I", 4 + sum(len(each) for each in kept)) + b"WEBP"
    yield from kept


def telling_in_webp(picture: Bytes) -> Iterator[Stretch]:
    """Where it tells such things, as far as it can be read."""
    place = RIFF_BYTES
    for name, data in chunks(picture):
        if name not in SHOWING:
            yield Stretch(place + 8, place + 8 + len(data))
        place += 8 + len(data) + len(data) % 2


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of this name, of an even length."""
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def size_of_webp(head: bytes) -> tuple[int, int] | None:
    """Width and height as stored."""
    name, data = next(chunks(head), (b"", b""))
    if name == EXTENDED and len(data) >= 10:
        return 1 + int.from_bytes(data[4:7], "little"), 1 + int.from_bytes(data[7:10], "little")
    if name == LOSSLESS and len(data) >= 5:
        bits = int.from_bytes(data[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if name == LOSSY and len(data) >= 10:
        width, height = struct.unpack_from("<HH", data, 6)
        return width & 0x3FFF, height & 0x3FFF
    return None


def orientation_of_webp(picture: Bytes) -> int:
    """How it is turned; only an extended one says so."""
    found = dict(chunks(picture))
    if EXTENDED not in found:
        return UPRIGHT
    return orientation_in(found.get(EXIF, b"").removeprefix(EXIF_BEFORE))


def _without(name: bytes, data: bytes, orientation: int) -> bytes:
    """The header must say what is there."""
    if name != EXTENDED or not data:
        return data
    flags = data[0] & ~(HAS_EXIF | HAS_XMP) | (HAS_EXIF if orientation != UPRIGHT else 0)
    return bytes([flags]) + data[1:]
