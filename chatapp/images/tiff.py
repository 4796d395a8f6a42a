"""What TIFF files tell: those of scanners and of programs, and what cameras call raw, DNG too."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Literal

from chatapp.images.directories import GPS, Directory, directories
from chatapp.images.metadata import announced_metadata_in
from chatapp.images.pieces import Bytes, Damaged, Stretch, overwritten

DESCRIPTION, MAKE, MODEL, SOFTWARE, TIME, ARTIST, HOST, COPYRIGHT = 270, 271, 272, 305, 306, 315, 316, 33432
XMP, IPTC, PHOTOSHOP, MAKER_NOTE, COMMENT, PRIVATE = 700, 33723, 34377, 37500, 37510, 50740
TIMES = (TIME, 36867, 36868, 36880, 36881, 36882, 37520, 37521, 37522, 50971)
# Numbers of a camera, a lens, a picture; their owner; the file's former name.
NAMES = (42016, 42032, 42033, 42037, 50735, 50827, 269, 285)
WINDOWS = range(40091, 40096)  # title, comment, author, keywords, subject
TELLING = {DESCRIPTION, SOFTWARE, ARTIST, HOST, COPYRIGHT, XMP, IPTC, PHOTOSHOP, COMMENT, *TIMES, *NAMES, *WINDOWS}
# Without these nothing develops a raw picture: what they mean depends on the camera.
OF_CAMERA = {MAKE, MODEL, MAKER_NOTE, PRIVATE}
COLOURS, RAW_COLOURS = 262, (32803, 34892)  # what its pixels are: those of a sensor


def cleaned_tiff(picture: Bytes) -> Iterator[bytes]:
    """The picture as it was, of the same length, with nothing in place of what it tells of place, time and people.

    What it tells of its camera goes too, except from raw pictures. Raises Damaged.
    """
    stretches = _telling(picture, tuple(directories(picture)))
    yield from overwritten(picture, (*stretches, *announced_metadata_in(picture)))


def telling_in_tiff(picture: Bytes) -> Iterator[Stretch]:
    """Where it tells such things, as far as it can be read."""
    found: list[Directory] = []
    with suppress(Damaged):
        for directory in directories(picture):
            found.append(directory)  # noqa: PERF402 - those before the damage count
    yield from _telling(picture, tuple(found))


def _telling(picture: Bytes, found: tuple[Directory, ...]) -> Iterator[Stretch]:
    tags = TELLING if _is_raw(picture, found) else TELLING | OF_CAMERA
    for directory in found:
        if directory.tag == GPS:
            # Its entries too: it has none then.
            yield Stretch(directory.start, directory.stop)
        for entry in directory.entries:
            if directory.tag == GPS or entry.tag in tags:
                yield Stretch(entry.start, entry.stop)


def _is_raw(picture: Bytes, found: tuple[Directory, ...]) -> bool:
    colours = [entry for directory in found for entry in directory.entries if entry.tag == COLOURS]
    numbers = [bytes(picture[entry.start : entry.start + 2]) for entry in colours]
    order: Literal["little", "big"] = "little" if picture[0:2] == b"II" else "big"
    return picture[8:10] == b"CR" or any(int.from_bytes(each, order) in RAW_COLOURS for each in numbers)
