"""Pictures that people send, and some that nobody should."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms

from chatapp.images.png import SIGNATURE, chunk

CAMERA = "SecretCam"
GPS_DATE = "2031:07:09"
# What no answer may hold: who made it, with what, where.
SECRETS = (CAMERA.encode(), GPS_DATE.encode(), b"xmpmeta", b"secret comment")
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><exif:GPSLatitude>52,31N</exif:GPSLatitude></x:xmpmeta>"
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480), *, turned: int = 6) -> bytes:
    """A picture as a phone takes it: `size` as stored, turned, and with all that it knows of place and time."""
    file, image = BytesIO(), Image.linear_gradient("L").resize(size).convert("RGB")
    options: dict[str, Any] = {"comment": b"secret comment"}
    if kind != "GIF":
        options = {"exif": _exif(turned), "icc_profile": SRGB, "xmp": XMP, "comment": "secret comment"}
    image.save(file, kind, **options)
    return file.getvalue()


def with_large_head(data: bytes, size: int = 2 * 2**20) -> bytes:
    """A JPEG with `size` bytes of a colour profile, and one further picture, behind its EXIF data and before its
    frame: as cameras and programs write them."""
    frame = min(found for marker in (0xC0, 0xC2) if (found := data.find(bytes([0xFF, marker]))) > 0)
    part = 65_000
    numbers = range(-(-size // part))
    profile = [
        segment(0xE2, b"ICC_PROFILE\0" + bytes([1 + n, len(numbers)]) + b"\xff\xc0" * (part // 2)) for n in numbers
    ]
    return data[:frame] + b"".join(profile) + segment(0xE2, b"MPF\0" + bytes(2_000)) + data[frame:]


def _exif(turned: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = turned, CAMERA
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 7.0), 29: GPS_DATE})
    return exif


def animation(frames: int = 3, *, kind: str = "GIF") -> bytes:
    """A picture that moves, for ever."""
    file = BytesIO()
    images = [Image.new("RGB", (50, 40), (60 * number, 0, 0)) for number in range(frames)]
    said: dict[str, Any] = {"comment": b"secret comment"} if kind == "GIF" else {}
    images[0].save(file, kind, save_all=True, append_images=images[1:], duration=100, loop=0, **said)
    return file.getvalue()


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of few bytes that is whole, and all black: more pixels than anybody has memory for, where `width` and
    `height` say so. What refuses it is how many these are, and nothing else."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", _rows(width, height)) + chunk(b"IEND", b"")


def _rows(width: int, height: int) -> bytes:
    """Rows of a filter and a bit for each pixel, compressed as they are made."""
    packer, row = zlib.compressobj(9), bytes(1 + -(-width // 8))
    return b"".join((*(packer.compress(row) for _ in range(height)), packer.flush()))


def burner(side: int = 12_000, rounds: int = 14) -> bytes:
    """A JPEG of half a megabyte that comes in hundreds of scans, each over all its millions of blocks."""
    blocks = (side // 8) ** 2
    parts = [
        segment(0xFE, b"secret comment"),
        segment(0xDB, bytes(1) + bytes([1]) * 64),
        segment(0xC2, struct.pack(">BHHBBBB", 8, side, side, 1, 1, 0x11, 0)),
        # One code of one bit each: "as the block before", and "nothing in the next 16,384 blocks and more".
        *(segment(0xC4, bytes([number, 1, *bytes(15), symbol])) for number, symbol in ((0x00, 0x00), (0x10, 0xE0))),
        _scan(0, 0, 0x00, bytes(blocks // 8 + 1)),
    ]
    skipping = "0" + f"{0x2AAA:014b}"  # 27,306 blocks
    bits = skipping * (blocks // 27_306 + 1)
    skips = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    for low in range(rounds - 1, -1, -1):
        high = 0 if low == rounds - 1 else low + 1
        parts += [_scan(place, place, high << 4 | low, skips) for place in range(1, 64)]
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xd9"


def segment(marker: int, data: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def _scan(start: int, stop: int, bits: int, data: bytes) -> bytes:
    return segment(0xDA, bytes([1, 1, 0x00, start, stop, bits])) + data


def opened(data: bytes) -> Image.Image:
    """The picture that these bytes are, all of it."""
    image = Image.open(BytesIO(data))
    image.load()
    return image
