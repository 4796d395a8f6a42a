"""What can be seen."""

import pytest

from chatapp.characters import is_blank


@pytest.mark.parametrize("text", ["", " \n\t", "\u00a0\u3000\u2028", "\u200b\u200c\u200d\u2060\ufeff", "\u202e\u2066"])
def test_spaces_and_format_characters_are_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("filler", "\u115f\u1160\u3164\uffa0\u034f\u17b4\u180b\u2800\ufe0f\U000e0100")
def test_letters_and_marks_that_draw_nothing_are_blank(filler: str) -> None:
    assert is_blank(filler * 3)


@pytest.mark.parametrize("text", ["a", " . ", "\u200b가", "👩\u200d💻", "\u0301", "é"])
def test_anything_drawn_is_not_blank(text: str) -> None:
    assert not is_blank(text)
