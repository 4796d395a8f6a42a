"""The one thing of a picture's EXIF data that must stay: how it is turned."""

import struct

UPRIGHT = 1
TURNED = range(2, 9)  # 5 to 8 exchange width and height
LYING = range(5, 9)

_ORIENTATION = 0x0112
_SHORT = 3
_ENTRY_BYTES = 12
_BYTE_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}


def orientation_in(tiff: bytes) -> int:
    """How a picture with this EXIF data is turned, 1 to 8; UPRIGHT where it does not say."""
    order = _BYTE_ORDERS.get(tiff[:4])
    if order is None:
        return UPRIGHT
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for place in range(start + 2, start + 2 + count * _ENTRY_BYTES, _ENTRY_BYTES):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, place)
            if tag == _ORIENTATION and kind == _SHORT:
                return value if value in TURNED else UPRIGHT
    except struct.error:  # it ends in the middle
        pass
    return UPRIGHT


def orientation_alone(orientation: int) -> bytes:
    """EXIF data that says how the picture is turned, and nothing else."""
    return struct.pack("<4sIHHHIHHI", b"II*\0", 8, 1, _ORIENTATION, _SHORT, 1, orientation, 0, 0)
