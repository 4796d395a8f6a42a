"""What a file may be called, and how an answer says so to a browser."""

import re
import unicodedata
from urllib.parse import quote

from chatapp.characters import BIDI_CONTROL, CONTROL, LINE_SEPARATOR, is_blank

MAX_CHARS = 150
MAX_BYTES = 240  # in UTF-8: most file systems take 255, and a browser adds " (1)"
MAX_ENDING_CHARS = 20
NAMELESS = "file"

_FOLDERS = re.compile(r".*[/\\]", re.DOTALL)
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 ._()+-]")


def clean_file_name(raw: str) -> str:
    """`raw` as it is stored and shown: the name without folders, control characters and what turns the writing around.

    One that is too long is cut in the middle, so that its ending stays; one that is nothing becomes "file".
    """
    name = _FOLDERS.sub("", unicodedata.normalize("NFC", raw))
    for pattern in (CONTROL, BIDI_CONTROL, LINE_SEPARATOR):
        name = pattern.sub("", name)
    name = " ".join(name.split())
    # Only dots would be a folder, in the address as well.
    return _cut(name) if name.strip(".") and not is_blank(name) else NAMELESS


def disposition(name: str, *, is_shown: bool) -> str:
    """The header that says under which name a file is saved, and whether it is shown first (RFC 6266, RFC 8187)."""
    plain = _NOT_PLAIN.sub("_", name)
    return f"{'inline' if is_shown else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _cut(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > MAX_ENDING_CHARS:
        stem, dot, ending = name, "", ""
    room = MAX_CHARS - len(dot + ending)
    stem = stem[:room]
    while len((stem + dot + ending).encode()) > MAX_BYTES:
        stem = stem[:-1]
    return stem + dot + ending
