"""Films as phones take them, of a few bytes."""

import struct

from tests.pictures import CAMERA, GPS_DATE, XMP

XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
FRAMES = bytes(range(256)) * 8
PLACE = b"+52.5186+013.3761+034.000/"


def box(name: bytes, data: bytes = b"", *, is_long: bool = False) -> bytes:
    """A box, of the kind that may have more than 4 GB when it is long."""
    if is_long:
        return struct.pack(">I4sQ", 1, name, 16 + len(data)) + data
    return struct.pack(">I4s", 8 + len(data), name) + data


def film(brand: bytes = b"isom", *, is_telling: bool = True, is_long: bool = False) -> bytes:
    """A film, with all that a phone knows of place, time and itself, or without it."""

    def told(name: bytes, data: bytes) -> bytes:
        return box(name, data, is_long=is_long) if is_telling else b""

    place = box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0x15C7) + PLACE)
    keys = box(b"keys", bytes(4) + b"com.apple.quicktime.make") + box(b"ilst", CAMERA.encode())
    track = box(b"tkhd", bytes(84)) + told(b"udta", box(b"name", b"secret comment")) + box(b"mdia", bytes(20))
    inside = box(b"mvhd", bytes(100)) + box(b"trak", track)
    inside += told(b"udta", place + box(b"date", GPS_DATE.encode())) + told(b"meta", bytes(4) + keys)
    parts = [box(b"ftyp", brand + bytes(4) + brand), box(b"moov", inside), told(b"uuid", XMP_UUID + XMP)]
    return b"".join([*parts, told(b"free", b"secret comment"), box(b"mdat", FRAMES)])
