"""The pictures and films that people send, by their types."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chatapp.images.exif import LYING, UPRIGHT
from chatapp.images.films import cleaned_film, telling_in_film
from chatapp.images.gif import cleaned_gif, size_of_gif, telling_in_gif
from chatapp.images.heif import cleaned_heif, telling_in_heif
from chatapp.images.jpeg import cleaned_jpeg, orientation_of_jpeg, size_of_jpeg, telling_in_jpeg
from chatapp.images.metadata import metadata_in
from chatapp.images.pieces import Bytes, Damaged, Stretch, overwritten
from chatapp.images.png import cleaned_png, orientation_of_png, size_of_png, telling_in_png
from chatapp.images.tiff import cleaned_tiff, telling_in_tiff
from chatapp.images.webp import cleaned_webp, orientation_of_webp, size_of_webp, telling_in_webp


@dataclass(frozen=True)
class Format:
    """What can be read of a format without decoding a picture: its pieces without metadata, where these stand, its
    size, its turn.

    Without a `name` none is decoded either: not every browser shows it.
    """

    name: str
    cleaned: Callable[[Bytes], Iterator[bytes]]
    telling: Callable[[Bytes], Iterator[Stretch]]
    size: Callable[[bytes], tuple[int, int] | None] = lambda _: None
    orientation: Callable[[bytes], int] = lambda _: UPRIGHT


_HEIF = Format("", cleaned_heif, telling_in_heif)
_FILM = Format("", cleaned_film, telling_in_film)


FORMATS = {
    "image/png": Format("PNG", cleaned_png, telling_in_png, size_of_png, orientation_of_png),
    "image/jpeg": Format("JPEG", cleaned_jpeg, telling_in_jpeg, size_of_jpeg, orientation_of_jpeg),
    "image/gif": Format("GIF", cleaned_gif, telling_in_gif, size_of_gif),
    "image/webp": Format("WEBP", cleaned_webp, telling_in_webp, size_of_webp, orientation_of_webp),
    "image/heic": _HEIF,
    "image/heif": _HEIF,
    "image/avif": _HEIF,
    "image/tiff": Format("", cleaned_tiff, telling_in_tiff),
    "video/mp4": _FILM,
    "video/quicktime": _FILM,
    "video/3gpp": _FILM,
}


def blanked(picture: Bytes, media_type: str) -> Iterator[bytes]:
    """The picture, of the same length, with zeros for whatever looks like metadata: where it is not what its beginning
    says, or nobody could read it to its end."""
    return overwritten(picture, (*FORMATS[media_type].telling(picture), *metadata_in(picture)))


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
