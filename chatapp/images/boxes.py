"""Boxes: what the files of phones are made of, HEIC and AVIF as well as films."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from chatapp.images.pieces import Bytes, Damaged


@dataclass(frozen=True)
class Box:
    """A box that begins at `begin` in the file; what is in it stands from `start` up to `stop`."""

    name: bytes
    begin: int
    start: int
    stop: int


def boxes(picture: Bytes, start: int, stop: int) -> Iterator[Box]:
    """The boxes that stand from `start` up to `stop`, where the last may break off. Raises Damaged."""
    while start + 8 <= stop:
        size, name = struct.unpack(">I4s", picture[start : start + 8])
        header, end = 8, start + size if size else stop
        if size == 1:
            header, end = 16, start + int.from_bytes(picture[start + 8 : start + 16], "big")
        if end < start + header:
            raise Damaged
        yield Box(name, start, min(start + header, stop), min(end, stop))
        start = end
