"""Films of phones and cameras, MP4 and QuickTime: boxes, of which some tell where and by what they were taken."""

import re
from collections.abc import Iterator
from contextlib import suppress

from chatapp.images.boxes import Box, boxes
from chatapp.images.pieces import Bytes, Damaged, Stretch, overwritten

CONTAINERS = (b"moov", b"trak", b"moof", b"traf")
# What the user and programs add, tags, and what some cameras along a road write.
TELLING = (b"udta", b"meta", b"gps ")
FREE = (b"free", b"skip")
# Boxes of anybody's own: XMP, and what Sony says of a film.
UUIDS = (bytes.fromhex("be7acfcb97a942e89c71999491e3afac"), bytes.fromhex("55534d5421d24fcebb88695cfac9c740"))
MOST_BOXES = 100_000

# A place on earth as text, +52.5186+013.3761+034.0/, and the box that has one in numbers.
_PLACE = re.compile(rb"[+-]\d{2,6}\.\d{1,8}[+-]\d{3,7}\.\d{1,8}")
_LOCI = re.compile(rb"loci\0{4}")


def cleaned_film(film: Bytes) -> Iterator[bytes]:
    """The film as it was, of the same length, with free space in place of what it tells of place, time and camera.

    Raises Damaged.
    """
    yield from overwritten(film, tuple(_telling(film, 0, len(film))))


def telling_in_film(film: Bytes) -> Iterator[Stretch]:
    """Where it tells such things, as far as it can be read; then what looks like a place."""
    with suppress(Damaged):
        yield from _telling(film, 0, len(film))
    for found in _PLACE.finditer(film):  # type: ignore[call-overload]
        yield Stretch(found.start(), found.end())
    for found in _LOCI.finditer(film):  # type: ignore[call-overload]
        size = int.from_bytes(film[max(0, found.start() - 4) : found.start()], "big")
        yield Stretch(found.end(), found.start() - 4 + size)


def telling_in_movies(film: Bytes) -> Iterator[Stretch]:
    """Where the movies in a file tell such things; of what stands beside them nothing is said. Raises Damaged."""
    for box in boxes(film, 0, len(film)):
        if box.name in CONTAINERS:
            yield from _telling(film, box.start, box.stop)


def _telling(film: Bytes, start: int, stop: int) -> Iterator[Stretch]:
    left, count = [(start, stop)], 0
    while left:
        for box in boxes(film, *left.pop()):
            count += 1
            if count > MOST_BOXES:
                raise Damaged
            if box.name in CONTAINERS:
                left.append((box.start, box.stop))
            elif box.name in FREE:
                yield Stretch(box.start, box.stop)
            elif _is_telling(film, box):
                yield Stretch(box.begin + 4, box.begin + 8, b"free")
                yield Stretch(box.start, box.stop)


def _is_telling(film: Bytes, box: Box) -> bool:
    return box.name in TELLING or (box.name == b"uuid" and bytes(film[box.start : box.start + 16]) in UUIDS)
