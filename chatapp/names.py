"""What people and rooms may be called, and which two names are the same name."""

import re
import unicodedata
from functools import lru_cache

from chatapp.characters import BIDI_CONTROL, CONTROL, LINE_SEPARATOR, is_blank
from chatapp.errors import EmailInvalid, NameEmpty, NameHasControlCharacters, NameTooLong

MAX_NAME_CHARS = 80
MAX_EMAIL_CHARS = 254  # RFC 5321: a path of 256 with its angle brackets
EMAIL = re.compile(r"[^\ud800-\udfff@<>,;\"]+@[^\ud800-\udfff@<>,;\"]+")


def clean_name(raw: str, *, max_chars: int = MAX_NAME_CHARS) -> str:
    """`raw` as it is stored: trimmed, with single spaces, otherwise as it was typed.

    Raises NameEmpty (also for only invisible characters), NameTooLong (more than `max_chars` characters) and
    NameHasControlCharacters (control characters and line breaks inside, and what turns the writing direction).
    """
    trimmed = raw.replace("\t", " ").strip()
    if is_blank(trimmed):
        raise NameEmpty
    if any(pattern.search(trimmed) for pattern in (CONTROL, LINE_SEPARATOR, BIDI_CONTROL)):
        raise NameHasControlCharacters
    name = " ".join(trimmed.split())
    if len(name) > max_chars:
        raise NameTooLong(max_chars=max_chars)
    return name


def name_key(name: str) -> str:
    """Equal for names that people would take for the same: whatever the case, width or composition of their letters.

    Invisible characters do not count either, and the key of a key is the key.
    """
    visible = "".join(character for character in name if character.isspace() or not is_blank(character))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())
    key = " ".join(folded.split())
    # Folding can undo the normal form, and the normal form can bring capitals back: go on until nothing changes.
    return key if key == name else name_key(key)


@lru_cache(maxsize=1024)  # names: each message shows its author's
def initials(name: str) -> str:
    """What stands for a person where there is no room for the name: the first letters of its first two words."""
    return "".join(word[0] for word in name.split()[:2]).upper()


def clean_email(raw: str) -> str:
    """`raw` as it is stored and compared: trimmed, in small letters. Raises EmailInvalid.

    Only the shape is looked at, not whether mail arrives there: one `@` with something on both sides, no spaces,
    invisible or control characters, and none of the punctuation that stands around addresses in lists.
    """
    email = raw.strip().lower()
    if len(email) > MAX_EMAIL_CHARS or EMAIL.fullmatch(email) is None or any(map(is_blank, email)):
        raise EmailInvalid
    return email
