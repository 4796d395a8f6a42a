"""What somebody says that a file shows, for those who do not see it."""

from chatapp.characters import BIDI_CONTROL, CONTROL, LINE_SEPARATOR, is_blank
from chatapp.upload_errors import UploadAltTooLong

MAX_CHARS = 500  # a sentence or two: what is longer belongs into the message


def check_alt_text(raw: str) -> str | None:
    """`raw` in one line, without what cannot be seen; None for nothing. Raises UploadAltTooLong (> MAX_CHARS)."""
    text = raw
    for pattern in (CONTROL, BIDI_CONTROL, LINE_SEPARATOR):
        text = pattern.sub(" ", text)
    text = " ".join(text.split())
    if len(text) > MAX_CHARS:
        raise UploadAltTooLong(max_chars=MAX_CHARS)
    return None if is_blank(text) else text
