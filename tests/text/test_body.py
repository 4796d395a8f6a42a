"""What may be a message, and how it is stored."""

import pytest

from chatapp.errors import MessageEmpty, MessageHasControlCharacters, MessageTooLong
from chatapp.text import check_body


@pytest.mark.parametrize(
    "body", ["", "  ", "\n\n", "\t", "\u200b\u200d\ufeff", "\u3164\u1160", "\u00a0\u2003", "\u2800"]
)
def test_a_body_in_which_nothing_can_be_seen_is_empty(body: str) -> None:
    with pytest.raises(MessageEmpty):
        check_body(body, max_chars=100)


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\x9b", "\ud800"])
def test_control_characters_and_halves_of_characters_are_refused(character: str) -> None:
    with pytest.raises(MessageHasControlCharacters):
        check_body(f"a{character}b", max_chars=100)


def test_line_breaks_and_tabs_stay() -> None:
    assert check_body("a\n\tb", max_chars=100) == "a\n\tb"


def test_every_kind_of_line_end_becomes_a_line_feed() -> None:
    assert check_body("a\r\nb\rc\n", max_chars=100) == "a\nb\nc"


def test_line_breaks_at_the_end_go_and_leading_spaces_stay() -> None:
    assert check_body("    code\n\n\n", max_chars=100) == "    code"


def test_nothing_else_is_altered() -> None:
    decomposed = "\u1112\u1161\u11ab \u202eabc\u202c e\u0301 \ufb01 👩\u200d💻"
    assert check_body(decomposed, max_chars=100) == decomposed


def test_the_limit_counts_characters_and_is_still_allowed() -> None:
    assert check_body("😀" * 100, max_chars=100) == "😀" * 100


def test_one_character_over_the_limit_is_refused_with_the_limit() -> None:
    with pytest.raises(MessageTooLong) as refused:
        check_body("a" * 101, max_chars=100)
    assert refused.value.values == {"max_chars": 100}


def test_line_ends_do_not_count_twice_and_those_at_the_end_not_at_all() -> None:
    assert check_body("a\r\n" * 50, max_chars=99) == ("a\n" * 50).rstrip()
