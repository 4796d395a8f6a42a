"""Whether what a person chose is one emoji, and the one way in which that is written."""

import regex

from chatapp.errors import NotAnEmoji

EMOJI_MAX_CHARS = 16  # characters (code points); the longest in use, a couple of two skin colours that kisses, has ten

_SELECTOR, _JOINER = "\N{VARIATION SELECTOR-16}", "\N{ZERO WIDTH JOINER}"
_SKIN = r"\p{Emoji_Modifier}"
_TAGS = "[\U000e0020-\U000e007e]+\U000e007f"  # after a black flag: the part of a country
_ELEMENT = rf"(?=\p{{Emoji}})\p{{Extended_Pictographic}}(?:{_SKIN}|{_TAGS})?"
_FLAG = r"\p{Regional_Indicator}{2}"
_KEYCAP = "[0-9#*]\u20e3"
# Every form of it is one grapheme cluster: nobody reacts with a sentence, or with what covers its neighbours.
_EMOJI = regex.compile(f"{_FLAG}|{_KEYCAP}|{_ELEMENT}(?:{_JOINER}{_ELEMENT})*")
# What was a letter or a sign before there were emoji stays black and white without the selector behind it; all others
# are pictures by themselves.
_SIGN = r"(?=\p{Emoji})(?!\p{Emoji_Presentation})\p{Extended_Pictographic}"
_PLAIN_SIGN = regex.compile(f"(^[0-9#*]|{_SIGN})(?!{_SKIN})")


def check_emoji(chosen: str) -> str:
    """`chosen` as it is stored, when it is one emoji: each is written in one way, so that its reactions count together.

    Raises NotAnEmoji, also for one longer than any in use.
    """
    bare = chosen.strip()[: EMOJI_MAX_CHARS + 1].replace(_SELECTOR, "")
    written: str = _PLAIN_SIGN.sub(rf"\1{_SELECTOR}", bare)
    if len(chosen.strip()) > EMOJI_MAX_CHARS or len(written) > EMOJI_MAX_CHARS or not _EMOJI.fullmatch(bare):
        raise NotAnEmoji
    return written
