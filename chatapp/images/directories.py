"""Directories of tags: what TIFF files are made of, and EXIF data, which are a small TIFF inside of another file."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from chatapp.images.pieces import Bytes, Damaged

MAIN, SUB, EXIF, GPS, INTEROP = 0, 330, 34665, 34853, 40965
LEADING = (SUB, EXIF, GPS, INTEROP)  # their values are the places of further directories
MOST_ENTRIES = 20_000  # in all directories of a file: a bound for one that leads in circles
# Bytes of a value of each kind.
KINDS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
PLACES = {4: "I", 13: "I", 16: "Q", 18: "Q"}


@dataclass(frozen=True)
class Layout:
    """How numbers are written: their order, those of places and lengths, and those that count entries."""

    order: str
    number: str
    count: str
    first: int  # where the place of the first directory stands

    def read(self, picture: Bytes, place: int, numbers: str) -> tuple[int, ...]:
        """The numbers that stand there. Raises struct.error behind the end."""
        form = self.order + numbers
        return struct.unpack(form, picture[place : place + struct.calcsize(form)])


LAYOUTS = {
    b"II*\0": Layout("<", "I", "H", 4),
    b"MM\0*": Layout(">", "I", "H", 4),
    # For files of more than 4 GB.
    b"II+\0": Layout("<", "Q", "Q", 8),
    b"MM\0+": Layout(">", "Q", "Q", 8),
}


@dataclass(frozen=True)
class Entry:
    """A tag, and where in the file its value stands."""

    tag: int
    kind: int
    count: int
    start: int
    stop: int


@dataclass(frozen=True)
class Directory:
    """The entries of a directory, where it stands itself, and the tag that led there."""

    tag: int
    start: int
    stop: int
    entries: tuple[Entry, ...]


def directories(picture: Bytes, at: int = 0) -> Iterator[Directory]:
    """The directories of the TIFF that begins at `at`. Raises Damaged behind the last, when others cannot be read."""
    layout = LAYOUTS.get(bytes(picture[at : at + 4]))
    if layout is None:
        raise Damaged
    try:
        waiting = [(MAIN, *layout.read(picture, at + layout.first, layout.number))]
    except struct.error as error:
        raise Damaged from error
    seen, left, is_whole = {0}, MOST_ENTRIES, True
    while waiting:
        tag, place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        try:
            directory = _directory(picture, at, layout, tag, place)
            yield directory
            left -= 1 + len(directory.entries) + sum(each.count for each in directory.entries if each.tag in LEADING)
            if left < 0:
                raise Damaged
            waiting += _leads_to(picture, layout, directory)
        except struct.error:
            is_whole = False
    if not is_whole:
        raise Damaged


def _leads_to(picture: Bytes, layout: Layout, directory: Directory) -> Iterator[tuple[int, int]]:
    for entry in directory.entries:
        if entry.tag in LEADING and entry.kind in PLACES:
            for place in layout.read(picture, entry.start, PLACES[entry.kind] * entry.count):
                yield entry.tag, place
    # The next of its kind.
    (place,) = layout.read(picture, directory.stop - struct.calcsize(layout.number), layout.number)
    yield directory.tag, place


def _directory(picture: Bytes, at: int, layout: Layout, tag: int, place: int) -> Directory:
    (count,) = layout.read(picture, at + place, layout.count)
    if count > MOST_ENTRIES:
        raise Damaged
    start = at + place + struct.calcsize(layout.count)
    entry_bytes = 4 + 2 * struct.calcsize(layout.number)
    stop = start + count * entry_bytes
    # It may break off: what is there of it counts.
    whole = range(start, min(stop, len(picture) - entry_bytes + 1), entry_bytes)
    entries = tuple(_entry(picture, at, layout, each) for each in whole)
    return Directory(tag, at + place, stop + struct.calcsize(layout.number), entries)


def _entry(picture: Bytes, at: int, layout: Layout, place: int) -> Entry:
    tag, kind, count, offset = layout.read(picture, place, f"HH{layout.number}{layout.number}")
    size, room = KINDS.get(kind, 1) * count, struct.calcsize(layout.number)
    start = at + offset if size > room else place + 4 + room
    return Entry(tag, kind, count, start, start + size)
