"""What a GIF file is made of."""

import struct
from collections.abc import Iterator
from contextlib import suppress

from chatapp.images.pieces import Bytes, Damaged, Stretch

HEADER_BYTES = 13
IMAGE, EXTENSION, TRAILER = 0x2C, 0x21, 0x3B
CONTROL, APPLICATION = 0xF9, 0xFF
# How often an animation plays, and its colours. Any other is a program's own: XMP stands in one.
KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")


def cleaned_gif(picture: Bytes) -> Iterator[bytes]:
    """The picture as it was, without comments, what programs left in it, and what hides behind its end.

    Raises Damaged where it is no row of blocks, or shows nothing.
    """
    yield picture[0 : _first_block(picture)]
    is_any = False
    for begin, start, stop in _blocks(picture):
        if begin == IMAGE or _is_kept(picture[start : start + 14]):
            yield picture[start:stop]
        is_any = is_any or begin == IMAGE
    if not is_any:
        raise Damaged
    yield bytes([TRAILER])


def telling_in_gif(picture: Bytes) -> Iterator[Stretch]:
    """Where it tells such things, as far as it can be read."""
    with suppress(Damaged):
        for begin, start, stop in _blocks(picture):
            if begin == EXTENSION and not _is_kept(picture[start : start + 14]):
                yield Stretch(start + 2, stop)


def size_of_gif(head: bytes) -> tuple[int, int] | None:
    """Width and height."""
    return struct.unpack_from("<HH", head, 6) if len(head) >= HEADER_BYTES else None


def _first_block(picture: Bytes) -> int:
    place = HEADER_BYTES + _table_bytes(picture[10:11])
    if place > len(picture):
        raise Damaged
    return place


def _blocks(picture: Bytes) -> Iterator[tuple[int, int, int]]:
    """What each block begins with, and from where up to where it stands, until one says that the picture ends."""
    place = _first_block(picture)
    while place < len(picture):
        (begin,) = picture[place : place + 1]
        if begin == TRAILER:
            return
        stop = _end_of(picture, begin, place)
        yield begin, place, stop
        place = stop


def _is_kept(extension: bytes) -> bool:
    kind = extension[1:2]
    return kind == bytes([CONTROL]) or (kind == bytes([APPLICATION]) and extension[3:] in KEPT)


def _end_of(picture: Bytes, begin: int, place: int) -> int:
    if begin == EXTENSION:
        return _end_of_blocks(picture, place + 2)
    if begin != IMAGE:
        raise Damaged
    # The place and size of the image, its colours, and one byte that says how it is packed.
    return _end_of_blocks(picture, place + 10 + _table_bytes(picture[place + 9 : place + 10]) + 1)


def _end_of_blocks(picture: Bytes, place: int) -> int:
    while place < len(picture):
        (length,) = picture[place : place + 1]
        place += 1 + length
        if not length:
            return place
    return len(picture)


def _table_bytes(flags: bytes) -> int:
    return 3 * 2 ** ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0
