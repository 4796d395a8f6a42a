"""What single characters mean to us: which can be seen, and which nobody types on purpose."""

import re
import unicodedata

# C0 (tab and line feed too), DEL, C1, and halves of a surrogate pair, which no encoding can carry.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
CONTROL_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
SURROGATE = re.compile("[\ud800-\udfff]")
LINE_SEPARATOR = re.compile("[\u2028\u2029]")

# Embeddings, overrides and isolates change the order of what stands after them, outside the name too.
BIDI_CONTROL = re.compile("[\u202a-\u202e\u2066-\u2069]")

INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
# Unicode calls these letters, marks or symbols, and yet nothing is drawn: fillers of Hangul and Khmer,
# the grapheme joiner, the variation selectors and the empty Braille cell.
INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def is_blank(text: str) -> bool:
    """Whether nothing in `text` can be seen: no characters, only spaces, or only invisible characters."""
    return all(_is_invisible(character) for character in text)


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in INVISIBLE_CATEGORIES or INVISIBLE.match(character) is not None
