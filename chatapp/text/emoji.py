"""Which messages are nothing but a few emoji: they are shown larger.

Counted as people see them: a family, a flag or a thumb with its skin is one. A digit, `#`, `*` or a bare `©` is none,
though Unicode calls them emoji: they become one with what follows them (U+FE0F, or the frame of a key).
"""

import regex

MAX_EMOJI = 6
MAX_CHARS = 120  # the longest emoji have a dozen; what is longer is a joke on whoever reads it

_PART = r"\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?"
_JOINED = rf"{_PART}(?:\u200D{_PART}){{1,8}}"
_WITH_SKIN = r"\p{Emoji_Modifier_Base}\uFE0F?\p{Emoji_Modifier}"
_ALONE = r"(?!\p{Regional_Indicator})\p{Emoji_Presentation}\uFE0F?|(?![0-9#*])\p{Emoji}\uFE0F"
_REGION = r"(?:[\U000E0020-\U000E007E]{1,8}\U000E007F)?"  # what makes a black flag that of Scotland
_FLAG = r"\p{Regional_Indicator}{2}"
_KEY = r"[0-9#*]\uFE0F?\u20E3"
_EMOJI = rf"(?:{_JOINED}|{_WITH_SKIN}|(?:{_ALONE}){_REGION}|{_FLAG}|{_KEY})"
_FEW = regex.compile(rf"\s*(?:{_EMOJI}\s*){{1,{MAX_EMOJI}}}")


def is_few_emoji(text: str) -> bool:
    """Whether `text` is one to six emoji, with or without spaces between them, and nothing else."""
    return len(text) <= MAX_CHARS and _FEW.fullmatch(text) is not None
