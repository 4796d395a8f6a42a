"""What a file is, by its first bytes: its name and what a browser says of it may be wrong, or a trap."""

import re
from collections.abc import Callable

from chatapp.characters import CONTROL_IN_TEXT

HEAD_BYTES = 4096  # of a file are looked at
UNKNOWN = "application/octet-stream"
TEXT = "text/plain"
THUMBNAIL = "image/webp"

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
FILMS = ("video/mp4", "video/quicktime", "video/3gpp")
# Cameras write into them where they were taken, also into those that are only to be downloaded.
PERSONAL = (*PICTURES, "image/heic", "image/heif", "image/avif", "image/tiff", *FILMS)
VIDEOS = ("video/mp4", "video/webm")
AUDIO = ("audio/mpeg", "audio/ogg", "audio/mp4")
# Only these are shown in the browser; everything else is a download, HTML, SVG and PDF too.
PLAYED = frozenset({*PICTURES, *VIDEOS, *AUDIO})
SHOWN = PLAYED | {TEXT}

_KINDS = {"picture": PICTURES, "video": VIDEOS, "audio": AUDIO}
KINDS = (*_KINDS, "file")

# Brands of the ISO container, in which pictures of phones, sound and films all come.
_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"heim": "image/heic",
    b"heis": "image/heic",
    b"hevc": "image/heic",
    b"hevx": "image/heic",
    b"mif1": "image/heif",
    b"msf1": "image/heif",
    b"3gp4": "video/3gpp",
    b"3gp5": "video/3gpp",
    b"3gp6": "video/3gpp",
    b"3g2a": "video/3gpp",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
}
# How HTML, SVG and XML begin, as browsers tell them from a text (https://mimesniff.spec.whatwg.org).
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?[\t\n\x0b\x0c\r ]*<(?:!doctype|!--|\?xml|(?:html|head|title|body|style|script|svg|math|iframe"
    rb"|object|embed|form|img|link|meta|base|h1|div|font|table|a|b|br|p)(?=[\s/>:]|\Z))",
    re.IGNORECASE,
)
_FILM_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"MSNV")


def media_type_of(head: bytes, *, is_whole: bool = False) -> str:
    """The type of a file that begins with `head`, HEAD_BYTES of it or the whole; UNKNOWN for most."""
    for begins, media_type in _BEGINNINGS:
        if begins(head):
            return media_type
    if head[4:8] == b"ftyp":
        return _of_brand(head[8:12])
    # A page is text, too, and is not to be shown even as that.
    return TEXT if _is_text(head, is_whole=is_whole) and not _MARKUP.match(head) else UNKNOWN


def kind_of(media_type: str) -> str:
    """How a file of this type is shown: as a picture, a video, audio, or as a file to be downloaded."""
    return next((kind for kind, types in _KINDS.items() if media_type in types), "file")


def types_of(kind: str) -> tuple[str, ...]:
    """The types that are shown in this way; none for `file`, which is every other."""
    return _KINDS.get(kind, ())


def _of_brand(brand: bytes) -> str:
    return "video/mp4" if brand in _FILM_BRANDS else _BRANDS.get(brand, UNKNOWN)


def _begins(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(starts)


def _is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _is_webm(head: bytes) -> bool:
    # Matroska begins in the same way, and browsers play it only under its own name.
    return head.startswith(b"\x1a\x45\xdf\xa3") and b"\x42\x82\x84webm" in head[:64]


def _is_bare_mp3(head: bytes) -> bool:
    # A frame without a tag before it: layer III, and neither the rate nor the frequency that are reserved.
    if len(head) < 3 or head[0] != 0xFF or head[1] not in (0xFA, 0xFB, 0xF2, 0xF3):
        return False
    return head[2] >> 4 not in (0, 15) and (head[2] >> 2) & 3 != 3


def _is_text(head: bytes, *, is_whole: bool) -> bool:
    try:
        text = head.decode()
    except UnicodeDecodeError as error:
        # The last character may be cut in two.
        if is_whole or error.start < len(head) - 3 or error.reason != "unexpected end of data":
            return False
        text = head[: error.start].decode()
    return bool(text) and CONTROL_IN_TEXT.search(text.replace("\r", "")) is None


_BEGINNINGS: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (_begins(b"\x89PNG\r\n\x1a\n"), "image/png"),
    (_begins(b"\xff\xd8\xff"), "image/jpeg"),
    (_begins(b"GIF87a", b"GIF89a"), "image/gif"),
    (_is_webp, "image/webp"),
    # Raw pictures of most cameras begin so, too.
    (_begins(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), "image/tiff"),
    (_is_webm, "video/webm"),
    (_begins(b"OggS\0"), "audio/ogg"),
    (_begins(b"ID3\x02", b"ID3\x03", b"ID3\x04"), "audio/mpeg"),
    (_is_bare_mp3, "audio/mpeg"),
    (_begins(b"%PDF-"), "application/pdf"),
    (_begins(b"PK\x03\x04"), "application/zip"),
)
