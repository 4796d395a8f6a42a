"""TIFF files, raw pictures among them, with all that they can tell."""

import struct

from chatapp.images.directories import EXIF, GPS, KINDS
from tests.pictures import CAMERA, GPS_DATE, XMP

BYTES, TEXT, SHORT, LONG, RATIONAL, ANY = 1, 2, 3, 4, 5, 7
GREY, SENSOR = 1, 32803
PIXELS = bytes([10, 60, 110, 160])  # two by two
PIXELS_AT = 8

Tags = dict[int, tuple[int, bytes]]


def tiff(order: str = "<", colours: int = GREY) -> bytes:
    """A TIFF of four pixels, from a camera, or from its sensor."""
    short, long = (lambda number: struct.pack(f"{order}H", number)), (lambda number: struct.pack(f"{order}I", number))
    camera, when = CAMERA.encode() + b"\0", GPS_DATE.encode() + b" 10:11:12\0"
    shown = {number: (SHORT, short(2)) for number in (256, 257, 278)} | {258: (SHORT, short(8)), 277: (SHORT, short(1))}
    shown |= {259: (SHORT, short(1)), 262: (SHORT, short(colours)), 273: (LONG, long(PIXELS_AT)), 279: (LONG, long(4))}
    told = {270: (TEXT, b"secret comment\0"), 271: (TEXT, camera), 306: (TEXT, when), 315: (TEXT, b"Ed\0")}
    exif = {36867: (TEXT, when), 37500: (ANY, b"note of " + camera), 37510: (ANY, b"secret comment")}
    gps = {1: (TEXT, b"N\0"), 2: (RATIONAL, struct.pack(f"{order}6I", 52, 1, 31, 1, 7, 1)), 29: (TEXT, when[:11])}
    main: Tags = shown | told | {700: (BYTES, XMP), EXIF: (LONG, bytes(4)), GPS: (LONG, bytes(4))}
    start = PIXELS_AT + len(PIXELS)
    exif_at = start + len(directory(main, start, order))
    gps_at = exif_at + len(directory(exif, exif_at, order))
    main |= {EXIF: (LONG, long(exif_at)), GPS: (LONG, long(gps_at))}
    header = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, start)
    parts = (directory(main, start, order), directory(exif, exif_at, order), directory(gps, gps_at, order))
    return header + PIXELS + b"".join(parts)


def directory(tags: Tags, place: int, order: str, following: int = 0) -> bytes:
    """A directory that stands at `place`, and the values behind it."""
    entries, values, after = b"", b"", place + 2 + 12 * len(tags) + 4
    for tag, (kind, value) in sorted(tags.items()):
        field = value.ljust(4, b"\0")
        if len(value) > 4:
            field = struct.pack(f"{order}I", after + len(values))
            values += value + b"\0" * (len(value) % 2)
        entries += struct.pack(f"{order}HHI", tag, kind, len(value) // KINDS[kind]) + field
    return struct.pack(f"{order}H", len(tags)) + entries + struct.pack(f"{order}I", following) + values
