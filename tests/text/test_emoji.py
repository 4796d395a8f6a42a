"""A few emoji and nothing else are shown larger: counted as people see them, and a digit is none. (behaviour 37)"""

import pytest

from chatapp.text import plain_preview, render
from chatapp.text.emoji import MAX_EMOJI, is_few_emoji
from tests.text.safe_html import SafeHtml

LONGEST = "\U0001f468\U0001f3ff\u200d\u2764\ufe0f\u200d\U0001f48b\u200d\U0001f468\U0001f3fb"  # a kiss, with skins


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f600",
        "\U0001f600" * MAX_EMOJI,
        "\U0001f600 \U0001f389  \U0001f600",
        " \U0001f600\n\U0001f389",
        "\U0001f44d\U0001f3fd",  # a thumb with a skin
        "\u261d\U0001f3fb",
        "\u261d\ufe0f\U0001f3fb",
        "\u2764\ufe0f",
        "\u2764\ufe0f\u200d\U0001f525",
        "\u2764\u200d\U0001f525",  # as some keyboards write it, without U+FE0F
        "\u00a9\ufe0f",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",  # a family is one
        "\U0001f3f3\ufe0f\u200d\U0001f308",
        "\U0001f1f0\U0001f1f7",  # a flag is one
        "\U0001f1f0\U0001f1f7\U0001f1e9\U0001f1ea" * 3,
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # Scotland
        "1\ufe0f\u20e3",
        "#\u20e3 *\ufe0f\u20e3",
        LONGEST * MAX_EMOJI,
    ],
)
def test_these_are_shown_larger(text: str) -> None:
    assert is_few_emoji(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n ",
        "1",
        "12",
        "1 2 3",
        "#",
        "*",
        "1\ufe0f",
        "\u00a9",  # a bare sign is text
        "\u00ae \u2122",
        "\u2764",
        "\u2600\ufe0e",  # asked for as text
        "\U0001f600!",
        "ok \U0001f44d",
        "\U0001f600" * (MAX_EMOJI + 1),
        "\U0001f1f0",  # half a flag
        "\U0001f600\u200d",
        "\u200d",
        "\ufe0f",
        "\U0001f600\u0301",
        "`\U0001f600`",
        "\U0001f600" + "\u200d\U0001f600" * 30,
        "\ud83d\ude00",
    ],
)
def test_these_are_not(text: str) -> None:
    assert not is_few_emoji(text)


@pytest.mark.parametrize("text", ["\U0001f600", "*\ufe0f\u20e3 1\ufe0f\u20e3", "#\ufe0f\u20e3 \U0001f1f0\U0001f1f7"])
def test_they_stand_in_the_message_as_they_were_typed(text: str) -> None:
    # The star of a key is no list, and its `#` no heading.
    assert render(text) == f'<p class="few-emoji" dir="auto">{text}</p>\n'
    assert SafeHtml(render(text)).troubles == []
    assert plain_preview(text, 50) == text


def test_their_lines_stay_lines_and_the_spaces_around_them_go() -> None:
    assert render(" \U0001f600\n\U0001f600 ") == '<p class="few-emoji" dir="auto">\U0001f600<br>\n\U0001f600</p>\n'


def test_a_message_with_words_has_no_such_mark() -> None:
    assert "few-emoji" not in render("\U0001f600 hello")
    assert "few-emoji" not in render("1 2 3")
