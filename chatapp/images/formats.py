"""The pictures that people send, by their types."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chatapp.images.exif import LYING, UPRIGHT
from chatapp.images.gif import cleaned_gif, size_of_gif
from chatapp.images.heif import cleaned_heif
from chatapp.images.jpeg import cleaned_jpeg, orientation_of_jpeg, size_of_jpeg
from chatapp.images.pieces import Bytes, Damaged
from chatapp.images.png import cleaned_png, orientation_of_png, size_of_png
from chatapp.images.webp import cleaned_webp, orientation_of_webp, size_of_webp

SIZE_BYTES = 131_072  # in which a picture has said its size: cameras put up to 64 KiB of EXIF data before it


@dataclass(frozen=True)
class Format:
    """What can be read of a format without decoding a picture: its pieces without metadata, its size, its turn.

    Without a `name` none is decoded either: not every browser shows it.
    """

    name: str
    cleaned: Callable[[Bytes], Iterator[bytes]]
    size: Callable[[bytes], tuple[int, int] | None]
    orientation: Callable[[bytes], int] = lambda _: UPRIGHT


FORMATS = {
    "image/png": Format("PNG", cleaned_png, size_of_png, orientation_of_png),
    "image/jpeg": Format("JPEG", cleaned_jpeg, size_of_jpeg, orientation_of_jpeg),
    "image/gif": Format("GIF", cleaned_gif, size_of_gif),
    "image/heic": Format("", cleaned_heif, lambda _: None),
    "image/heif": Format("", cleaned_heif, lambda _: None),
    "image/avif": Format("", cleaned_heif, lambda _: None),
    "image/webp": Format("WEBP", cleaned_webp, size_of_webp, orientation_of_webp),
}


def size_of(head: bytes, media_type: str) -> tuple[int, int] | None:
    """Width and height of a picture as it is seen, when it begins with `head` and says so there; it may lie."""
    known = FORMATS.get(media_type)
    if known is None:
        return None
    try:
        size, orientation = known.size(head), known.orientation(head)
    except (Damaged, struct.error):
        return None
    if size is None or 0 in size:
        return None
    return size[::-1] if orientation in LYING else size
