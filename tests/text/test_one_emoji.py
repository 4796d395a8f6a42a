"""One emoji, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.errors import NotAnEmoji
from chatapp.text import check_emoji
from chatapp.text.one_emoji import EMOJI_MAX_CHARS

SELECTOR = "\ufe0f"
EMOJI = {
    "a picture": "👍",
    "with a skin colour": "👍🏽",
    "a hand that was a sign": "✌🏿",
    "a heart": "❤️",
    "a heart on fire": "❤️‍🔥",
    "a family": "👨‍👩‍👧‍👦",
    "a kiss of two skin colours": "👩🏻‍❤️‍💋‍👨🏿",
    "a detective": "🕵️‍♂️",
    "a flag": "🇰🇷",
    "a flag of a part of a country": "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "a rainbow flag": "🏳️‍🌈",
    "a keycap": "1️⃣",
    "another keycap": "#️⃣",
    "a sign": "©️",
    "of a later year": "\U0001fae9",
}
NO_EMOJI = {
    "nothing": "",
    "a space": " ",
    "a letter": "a",
    "a syllable": "안",
    "a digit": "1",
    "a digit with a selector": "1\ufe0f",
    "a star of the keyboard": "*",
    "a word": ":+1:",
    "a smiley": ":-)",
    "two": "👍👍",
    "two with a space": "👍 👍",
    "one and a letter": "👍a",
    "three letters of flags": "🇰🇷🇰",
    "half a flag": "🇰",
    "a joiner alone": "\u200d",
    "a joiner at the end": "👍\u200d",
    "a joiner at the start": "\u200d👍",
    "two joiners": "👩\u200d\u200d🚀",
    "a selector alone": SELECTOR,
    "a text style": "❤\ufe0e",
    "a skin colour alone": "🏽",
    "with marks that cover the neighbours": "👍\u0300\u0301",
    "right to left": "\u202e👍",
    "HTML": "<b>",
    "NUL": "👍\x00",
    "half a surrogate pair": "\ud83d",
    "longer than any in use": "👩" + "\u200d👩" * EMOJI_MAX_CHARS,
    "much longer": "👍" * 100_000,
    "unendingly selected": "👍" + SELECTOR * EMOJI_MAX_CHARS,
}


@pytest.mark.parametrize("emoji", EMOJI.values(), ids=EMOJI.keys())
def test_an_emoji_is_taken_as_it_is(emoji: str) -> None:
    assert check_emoji(emoji) == emoji


@pytest.mark.parametrize("emoji", EMOJI.values(), ids=EMOJI.keys())
def test_each_is_written_in_one_way(emoji: str) -> None:
    for written in (emoji.replace(SELECTOR, ""), f" {emoji}\n", emoji + SELECTOR):
        assert check_emoji(written) == emoji


@pytest.mark.parametrize("chosen", NO_EMOJI.values(), ids=NO_EMOJI.keys())
def test_anything_else_is_none(chosen: str) -> None:
    with pytest.raises(NotAnEmoji):
        check_emoji(chosen)


@given(st.text(st.sampled_from("👍❤🏽\u200d\ufe0f🇰#1\u20e3🏴\U000e0067\U000e007fa"), max_size=EMOJI_MAX_CHARS + 2))
def test_what_is_taken_stays_as_it_is_and_fits(chosen: str) -> None:
    try:
        written = check_emoji(chosen)
    except NotAnEmoji:
        return
    assert check_emoji(written) == written
    assert len(written) <= EMOJI_MAX_CHARS
