"""What Markdown becomes in a message."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatapp.text import excerpt, plain_preview, render
from chatapp.text.html import render_markup
from tests.text.safe_html import SafeHtml


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("hello", '<p dir="auto">hello</p>\n'),
        ("a\nb", '<p dir="auto">a<br>\nb</p>\n'),
        ("a\n\nb", '<p dir="auto">a</p>\n<p dir="auto">b</p>\n'),
        ("*a* **b** ~~c~~ `d`", '<p dir="auto"><em>a</em> <strong>b</strong> <s>c</s> <code>d</code></p>\n'),
        ("\\*a\\*", '<p dir="auto">*a*</p>\n'),
        ("<b>a</b> & c", '<p dir="auto">&lt;b&gt;a&lt;/b&gt; &amp; c</p>\n'),
        ("# a *b*", '<p dir="auto"><strong>a <em>b</em></strong></p>\n'),
        ("> a", '<blockquote dir="auto">\n<p dir="auto">a</p>\n</blockquote>\n'),
        ("- a\n- b", '<ul>\n<li dir="auto">a</li>\n<li dir="auto">b</li>\n</ul>\n'),
        ("7. a", '<ol start="7">\n<li dir="auto">a</li>\n</ol>\n'),
        ("---", "<hr>\n"),
        ("    a <b>", '<pre dir="ltr" tabindex="0"><code>a &lt;b&gt;\n</code></pre>\n'),
        ("```\na\n```", '<pre dir="ltr" tabindex="0"><code>a\n</code></pre>\n'),
        ("```C++ x\na\n```", '<pre dir="ltr" tabindex="0"><code class="language-c++">a\n</code></pre>\n'),
        ('```x"onclick=1\na\n```', '<pre dir="ltr" tabindex="0"><code>a\n</code></pre>\n'),
        (f"```{'a' * 21}\na\n```", '<pre dir="ltr" tabindex="0"><code>a\n</code></pre>\n'),
        ("`*a* www.example.com`", '<p dir="auto"><code>*a* www.example.com</code></p>\n'),
    ],
)
def test_markdown_becomes(body: str, expected: str) -> None:
    assert render(body) == expected


def test_a_table_is_a_table_without_styles() -> None:
    assert render("|a|b|\n|-|-:|\n|1|2|") == (
        '<table tabindex="0">\n<thead>\n<tr>\n<th dir="auto">a</th>\n<th dir="auto">b</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr>\n<td dir="auto">1</td>\n<td dir="auto">2</td>\n</tr>\n</tbody>\n</table>\n'
    )


@pytest.mark.parametrize(
    "body", ["#", ">", "-", "1.", "[14:03]: hello", "[a]: https://a.example", "[]()", "```", "&zwj;"]
)
def test_what_was_typed_never_vanishes(body: str) -> None:
    assert SafeHtml(render(body)).text == body + "\n"


def test_nesting_that_the_parser_would_cut_off_is_shown_as_typed() -> None:
    body = "".join("  " * depth + f"- item {depth}\n" for depth in range(15))
    assert "item 14" in render(body)
    assert "<li" not in render(body)


def test_six_levels_of_lists_are_still_lists() -> None:
    assert render("".join("  " * depth + "- a\n" for depth in range(6))).count("<li") == 6


def test_a_message_that_costs_too_much_is_shown_as_typed() -> None:
    body = "*a* <b>\n" * 2000 + "\nend"
    text = render(body)
    assert text.startswith('<p dir="auto">*a* &lt;b&gt;<br>\n*a*')
    assert text.endswith('<p dir="auto">end</p>\n')


def test_ordinary_long_messages_keep_their_markup() -> None:
    prose = "The quick fox - *isn't* it? Well-known: yes, (maybe) 12:30. See `that`.\n" * 220
    code = "```py\n" + "rows = [each[0] for each in table if each > 1]\n" * 330 + "```"
    assert len(prose) > 15_000
    assert "<em>" in render(prose)
    assert "<pre" in render(code)


def test_a_lone_half_of_a_character_is_replaced() -> None:
    assert render("a\ud800b") == '<p dir="auto">a\ufffdb</p>\n'


plain_lines = st.text(st.characters(exclude_characters="\n")) | st.from_regex(
    r"[A-Za-z가-힣][ -~가-힣]*", fullmatch=True
)


@settings(max_examples=500)
@given(plain_lines)
@example("a 1) #b > +c - d = {e} | f://")
@example("see Www.example.com")
@example("quotes \" and ' and )")
def test_the_short_way_for_plain_lines_gives_what_the_long_way_gives(body: str) -> None:
    # Everything that can turn a line into something else must be left to the long way.
    assert render(body) == render_markup(body)


@pytest.mark.parametrize(
    ("body", "limit", "expected"),
    [
        ("a **b**\n\n- c\n- [d](https://a.example)", 50, "a b c d"),
        ("<x> & y", 50, "<x> & y"),
        ("word " * 50, 11, "word word…"),
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("a \u202eb", 50, "a b"),
        ("```\ncode\n```", 50, "code"),
        ("![picture](https://a.example/b.png)", 50, "picture"),
        ("#", 50, "#"),
    ],
)
def test_a_preview_is_one_plain_line(body: str, limit: int, expected: str) -> None:
    assert plain_preview(body, limit) == expected


@given(st.text(), st.integers(min_value=1, max_value=40))
def test_a_preview_is_never_longer_than_its_limit_and_never_breaks(body: str, limit: int) -> None:
    preview = plain_preview(body, limit)
    assert len(preview) <= limit
    assert preview.splitlines() in ([], [preview])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("**bold** and\n`code` <b>", "bold and code <b>"),
        ("> what you said\n\nI *agree*", "I agree"),
        ("> only\n> quoted", "only quoted"),
        ("word " * 10, "word word word word…"),
        ("", ""),
    ],
)
def test_an_excerpt_is_plain_text_without_what_the_message_quotes(body: str, expected: str) -> None:
    assert excerpt(render(body) if body else "", 20) == expected


@given(st.text(max_size=60), st.integers(0, 200))
def test_an_excerpt_of_a_part_of_the_html_holds_no_markup(body: str, length: int) -> None:
    assert len(excerpt(render(f"**{body}** [a](https://example.org) x")[:length], 40)) <= 40
    assert "<strong" not in excerpt(render(f"**{body}**")[:length], 40)
