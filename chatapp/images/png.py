"""What a PNG file is made of."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress

from chatapp.images.exif import UPRIGHT, orientation_alone, orientation_in
from chatapp.images.pieces import Bytes, Damaged, Stretch

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER, END, EXIF = b"IHDR", b"IEND", b"eXIf"
AROUND = 12  # bytes of a chunk beside its data: length, name, checksum
# What shows it: pixels, colours, density, the pictures of an animation. Texts and times tell other things.
SHOWING = frozenset(
    {
        *(HEADER, b"PLTE", b"IDAT", END, b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI"),
        *(b"sBIT", b"bKGD", b"hIST", b"pHYs", b"acTL", b"fcTL", b"fdAT"),
    }
)


def chunks(picture: Bytes) -> Iterator[tuple[bytes, bytes]]:
    """The name of each chunk and the whole of it, up to the end of the picture, or to where it breaks off.

    Raises Damaged where none begins.
    """
    place = len(SIGNATURE)
    while place + AROUND <= len(picture):
        length, name = struct.unpack(">I4s", picture[place : place + 8])
        if not name.isalpha() or (name == HEADER) != (place == len(SIGNATURE)):
            raise Damaged
        yield name, picture[place : place + AROUND + length]
        if name == END:
            return
        place += AROUND + length


def cleaned_png(picture: Bytes) -> Iterator[bytes]:
    """The picture as it was, without its texts, and what hides behind its end. Raises Damaged."""
    yield SIGNATURE
    for name, whole in chunks(picture):
        if name in SHOWING:
            yield whole
        elif name == EXIF and (orientation := orientation_in(whole[8:-4])) != UPRIGHT:
            yield chunk(EXIF, orientation_alone(orientation))


def telling_in_png(picture: Bytes) -> Iterator[Stretch]:
    """Where it tells such things, as far as it can be read."""
    place = len(SIGNATURE)
    with suppress(Damaged):
        for name, whole in chunks(picture):
            if name not in SHOWING:
                end = place + len(whole)
                yield Stretch(place + 8, end - 4)
                # With the sum of that, or decoders refuse it.
                yield Stretch(end - 4, end, struct.pack(">I", zlib.crc32(name + bytes(len(whole) - AROUND))))
            place += len(whole)


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of this name."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def size_of_png(head: bytes) -> tuple[int, int] | None:
    """Width and height as stored."""
    _, header = next(chunks(head), (HEADER, b""))
    return struct.unpack_from(">II", header, 8) if len(header) > AROUND + 8 else None


def orientation_of_png(head: bytes) -> int:
    """How it is turned."""
    return next((orientation_in(whole[8:-4]) for name, whole in chunks(head) if name == EXIF), UPRIGHT)
