"""What a HEIC or AVIF file is made of: boxes, one of which says what its items are and where their bytes lie."""

import struct
from collections.abc import Iterator
from contextlib import suppress

from chatapp.images.boxes import Box, boxes
from chatapp.images.films import telling_in_movies
from chatapp.images.pieces import Bytes, Damaged, Stretch, overwritten

# Items that tell of the picture, and show nothing of it: how it is turned stands elsewhere.
# In their place stands an EXIF of no entries, since some decoders read it, and a text of spaces.
NOTHING = {b"Exif": (b"\0\0\0\0II*\0\x08", b"\0"), b"mime": (b"", b" ")}
IN_FILE, IN_ITEM_DATA = 0, 1


class Reader:
    """Numbers of a box, one after the other. Raises struct.error behind its end."""

    def __init__(self, picture: Bytes, box: Box) -> None:
        self._data = picture[box.start : box.stop]
        self._place = 0
        self.version = self.number(4) >> 24

    def number(self, size: int) -> int:
        """The next number, of so many bytes."""
        return int.from_bytes(self.take(size), "big")

    def take(self, size: int) -> bytes:
        """The next bytes."""
        (taken,) = struct.unpack_from(f"{size}s", self._data, self._place)
        self._place += size
        return bytes(taken)


def cleaned_heif(picture: Bytes) -> Iterator[bytes]:
    """The picture as it was, of the same length, with nothing in place of what it tells of place, time and camera.

    Raises Damaged where it does not say what it is made of.
    """
    try:
        stretches = (*_telling(picture), *telling_in_movies(picture))
    except struct.error as error:
        raise Damaged from error
    yield from overwritten(picture, stretches)


def telling_in_heif(picture: Bytes) -> Iterator[Stretch]:
    """Where it tells such things, as far as it can be read."""
    with suppress(Damaged, struct.error):
        yield from _telling(picture)
    with suppress(Damaged):
        yield from telling_in_movies(picture)


def _telling(picture: Bytes) -> Iterator[Stretch]:
    outermost = list(boxes(picture, 0, len(picture)))
    # A row of pictures may be a film.
    if not any(box.name in (b"meta", b"moov") for box in outermost):
        raise Damaged
    for meta in (box for box in outermost if box.name == b"meta"):
        # A version and flags stand before its boxes.
        inside = {box.name: box for box in boxes(picture, meta.start + 4, meta.stop)}
        if b"iinf" not in inside or b"iloc" not in inside:
            raise Damaged
        told = {item_id: kind for item_id, kind in _kinds(picture, inside[b"iinf"]) if kind in NOTHING}
        item_data = inside[b"idat"].start if b"idat" in inside else 0
        yield from _places(Reader(picture, inside[b"iloc"]), told, item_data, len(picture))


def _kinds(picture: Bytes, iinf: Box) -> Iterator[tuple[int, bytes]]:
    count_bytes = 2 if Reader(picture, iinf).version == 0 else 4
    for box in boxes(picture, iinf.start + 4 + count_bytes, iinf.stop):
        entry = Reader(picture, box)
        # Older ones have no kind.
        if entry.version in (2, 3):
            item_id, _protection = entry.number(2 if entry.version == 2 else 4), entry.number(2)
            yield item_id, entry.take(4)


def _places(iloc: Reader, told: dict[int, bytes], item_data: int, length: int) -> Iterator[Stretch]:
    sizes = iloc.number(2)
    offset_bytes, length_bytes, base_bytes = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_bytes = sizes & 15 if iloc.version else 0
    id_bytes = 2 if iloc.version < 2 else 4
    for _ in range(iloc.number(id_bytes)):
        item_id = iloc.number(id_bytes)
        method = iloc.number(2) & 15 if iloc.version else IN_FILE
        _reference, base = iloc.number(2), iloc.number(base_bytes)
        for _ in range(iloc.number(2)):
            _index, offset, size = iloc.number(index_bytes), iloc.number(offset_bytes), iloc.number(length_bytes)
            if item_id in told:
                if method not in (IN_FILE, IN_ITEM_DATA) or not size:
                    raise Damaged
                start = base + offset + (item_data if method == IN_ITEM_DATA else 0)
                yield Stretch(min(start, length), min(start + size, length), *NOTHING[told[item_id]])
