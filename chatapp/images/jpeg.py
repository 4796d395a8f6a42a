"""What a JPEG file is made of."""

import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from chatapp.images.exif import UPRIGHT, orientation_alone, orientation_in
from chatapp.images.pieces import Bytes, Damaged, Stretch

SOI, EOI, SOS, APP0, APP1, APP2, APP14, COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
APPS = range(0xE0, 0xF0)
# Frames: the size of the picture. 0xC4, 0xC8 and 0xCC are tables.
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
# Frames, scans, and the tables that they need: what a picture is made of, beside what programs and cameras add.
SHOWING = FRAMES | {0xC4, 0xCC, SOS, 0xDB, 0xDC, 0xDD}
EXIF = b"Exif\0\0"
# The only ones of their kind that say how to show it: density, colours, colour profile.
KEPT = {APP0: b"JFIF\0", APP2: b"ICC_PROFILE\0", APP14: b"Adobe"}

# Of the filling before it only the last byte: to look for all of that takes the square of its length in time.
MARKER = re.compile(rb"\xff([^\xff])", re.DOTALL)
# The end of a scan: a marker that is neither a zero that was stuffed in, nor a restart, nor filling.
_AFTER_SCAN = re.compile(rb"\xff(?![\x00\xd0-\xd7\xff])", re.DOTALL)


@dataclass(frozen=True)
class Segment:
    """A marker and what stands under it; of a scan, with all that it shows."""

    marker: int
    data: bytes
    whole: bytes
    start: int  # where `data` stands

    @property
    def is_telling(self) -> bool:
        """Whether it is no part of what the picture shows."""
        is_of_program = self.marker in APPS or self.marker == COM
        return is_of_program and not self.data.startswith(KEPT.get(self.marker, b"\0nothing"))


def segments(picture: Bytes) -> Iterator[Segment]:
    """The segments of a JPEG up to its end, which is the last of them, or to where it breaks off.

    What stands between two of them is passed over, as decoders do. Raises Damaged where an unknown one begins.
    """
    place = 2
    while found := MARKER.search(picture, place):  # type: ignore[call-overload]
        place, marker = found.end(), found[1][0]
        if marker == EOI:
            yield Segment(EOI, b"", bytes([0xFF, EOI]), place)
            return
        if not (marker in SHOWING or marker in APPS or marker == COM):
            raise Damaged
        start, place = place, place + int.from_bytes(picture[place : place + 2], "big")
        data = picture[start + 2 : place]
        if marker == SOS:
            place = _end_of_scan(picture, place)
        yield Segment(marker, data, bytes([0xFF, marker]) + picture[start:place], start + 2)


def cleaned_jpeg(picture: Bytes) -> Iterator[bytes]:
    """The picture as it was, without what it tells of place, time and camera, and what hides behind its end.

    Raises Damaged where it shows nothing.
    """
    yield bytes([0xFF, SOI])
    orientation, is_said, is_shown = UPRIGHT, False, False
    for segment in segments(picture):
        if segment.marker == APP1 and segment.data.startswith(EXIF):
            orientation = orientation_in(segment.data[len(EXIF) :])
        if segment.marker in APPS or segment.marker == COM:
            if not segment.is_telling:
                yield segment.whole
            continue
        if not is_said and orientation != UPRIGHT:
            yield _exif(orientation)
        is_said, is_shown = True, is_shown or segment.marker in FRAMES
        yield segment.whole
    if not is_shown:
        raise Damaged


def telling_in_jpeg(picture: Bytes) -> Iterator[Stretch]:
    """Where it tells such things, as far as it can be read."""
    with suppress(Damaged):
        for segment in segments(picture):
            if segment.is_telling:
                yield Stretch(segment.start, segment.start + len(segment.data))


def size_of_jpeg(head: bytes) -> tuple[int, int] | None:
    """Width and height as stored, and nothing where `head` ends before it says so."""
    for segment in segments(head):
        if segment.marker in FRAMES and len(segment.data) > 4:
            height, width = struct.unpack_from(">HH", segment.data, 1)
            return width, height
    return None


def orientation_of_jpeg(head: bytes) -> int:
    """How it is turned."""
    for segment in segments(head):
        if segment.marker == APP1 and segment.data.startswith(EXIF):
            return orientation_in(segment.data[len(EXIF) :])
        if segment.marker in FRAMES:
            break
    return UPRIGHT


def _end_of_scan(picture: Bytes, place: int) -> int:
    found = _AFTER_SCAN.search(picture, place)  # type: ignore[call-overload]
    return found.start() if found else len(picture)


def _exif(orientation: int) -> bytes:
    data = EXIF + orientation_alone(orientation)
    return bytes([0xFF, APP1]) + struct.pack(">H", len(data) + 2) + data
