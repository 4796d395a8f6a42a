"""Whether what a person typed may be a message."""

from chatapp.characters import CONTROL_IN_TEXT, is_blank
from chatapp.errors import MessageEmpty, MessageHasControlCharacters, MessageTooLong


def check_body(body: str, *, max_chars: int) -> str:
    """`body` as it is stored: line ends are `\\n`, those at its end are gone, all else is as it was typed.

    There is no Unicode normalisation: it would change code, names of files and some Korean and Japanese
    spellings, and the search folds both sides itself. Length is counted in characters (code points).
    Raises MessageEmpty (also for only invisible characters), MessageTooLong, MessageHasControlCharacters.
    """
    cleaned = body.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    if len(cleaned) > max_chars:
        raise MessageTooLong(max_chars=max_chars)
    if CONTROL_IN_TEXT.search(cleaned):
        raise MessageHasControlCharacters
    if is_blank(cleaned):
        raise MessageEmpty
    return cleaned
