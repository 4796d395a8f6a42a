"""What looks like metadata, wherever in a file it stands: for what is damaged, or made as nobody here knows."""

import re
import struct
from collections.abc import Iterator

from chatapp.images.directories import KINDS, LAYOUTS, Directory, directories
from chatapp.images.pieces import Bytes, Damaged, Stretch

SEGMENT_BYTES = 65_527  # of EXIF data in a JPEG, at most, behind the word
MOST_PLAUSIBLE = 300  # entries of the first directory; other bytes that begin alike are no EXIF data

_EXIF = re.compile(rb"Exif\0\0")
_TIFF = re.compile(b"|".join(map(re.escape, LAYOUTS)))
# To its end, or where it has none, to that of the file.
_XMP = re.compile(
    rb"<\?xpacket begin.*?(?:<\?xpacket end[^>]{0,30}>|\Z)"
    rb"|<\w{0,20}:?xmpmeta\b.*?(?:</\w{0,20}:?xmpmeta\s*>|\Z)"
    rb"|<rdf:RDF\b.*?(?:</rdf:RDF\s*>|\Z)",
    re.DOTALL,
)
_IPTC = re.compile(rb"8BIM\x04\x04\0\0")


def metadata_in(picture: Bytes) -> Iterator[Stretch]:
    """EXIF data, XMP and IPTC, each by what it begins with."""
    yield from announced_metadata_in(picture)
    yield from _bare_exif(picture)


def announced_metadata_in(picture: Bytes) -> Iterator[Stretch]:
    """The same, but of EXIF data only what says so: of small pictures inside of a larger file."""
    yield from _announced_exif(picture)
    for found in _XMP.finditer(picture):  # type: ignore[call-overload]
        yield Stretch(found.start(), found.end())
    for found in _IPTC.finditer(picture):  # type: ignore[call-overload]
        length = int.from_bytes(picture[found.end() : found.end() + 4], "big")
        yield Stretch(found.end() + 4, found.end() + 4 + length)


def _announced_exif(picture: Bytes) -> Iterator[Stretch]:
    place = 0
    while found := _EXIF.search(picture, place):  # type: ignore[call-overload]
        start = found.end()
        place = start + min(SEGMENT_BYTES, _length_of_exif(picture, start))
        yield Stretch(start, place)


def _length_of_exif(picture: Bytes, start: int) -> int:
    try:
        found = list(directories(picture, start))
    except Damaged:  # it breaks off: nobody knows where it would have ended
        return SEGMENT_BYTES
    ends = [each.stop for each in found] + [entry.stop for each in found for entry in each.entries]
    return max(ends, default=start) - start


def _bare_exif(picture: Bytes) -> Iterator[Stretch]:
    # Not at 0: that is a TIFF itself.
    place = 1
    while found := _TIFF.search(picture, place):  # type: ignore[call-overload]
        place = found.end()
        if not _is_short(picture, found.start()):
            continue
        for number, directory in enumerate(_readable(picture, found.start())):
            if not number and not _is_plausible(directory):
                break
            yield Stretch(directory.start, directory.stop)
            yield from (Stretch(each.start, each.stop) for each in directory.entries)


def _is_short(picture: Bytes, start: int) -> bool:
    # Before any entry is read: a file may be nothing but beginnings.
    layout = LAYOUTS[bytes(picture[start : start + 4])]
    try:
        (place,) = layout.read(picture, start + layout.first, layout.number)
        (count,) = layout.read(picture, start + place, layout.count)
    except struct.error:
        return False
    return 0 < count <= MOST_PLAUSIBLE


def _readable(picture: Bytes, start: int) -> Iterator[Directory]:
    try:
        yield from directories(picture, start)
    except Damaged:
        return


def _is_plausible(first: Directory) -> bool:
    return bool(first.entries) and all(each.kind in KINDS for each in first.entries)
