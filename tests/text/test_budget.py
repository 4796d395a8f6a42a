"""Rendering stands on the event loop: whatever is typed, it stops the others for some milliseconds at most."""

import sys
import time
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp.text import render
from chatapp.text.budget import MAX_WORK, TooMuchWork, new_budget
from chatapp.text.markdown import build_markdown

MAX_CHARS = 16_000
MAX_CALLS = 200_000  # about 20 ms; without the budget `[` alone makes millions
CATASTROPHE = 1.0  # seconds; the slowest takes 0.03 here. Only a blow-up, not a slow machine, gets there

REPEATED = [
    *"a*_~`[]()<>!&|#-+=:;\\/\"'@.,?^{}$% \t\n1한é😀\u200b\u202e",
    *(
        "![",
        "](",
        "[](",
        "[a](",
        "[a](b",
        "[a](b)",
        "[a][",
        "[[a]](",
        "![a](b) ",
        "[`",
        "`[",
        "*[",
        "*[a](b)*",
        "[a](<",
    ),
    *("a**b", "*a ", "**a ", "_a ", "**a _b ", "*_", "_*", "**_*", "*a_ ", "~~a", "~~", "a`b", "``a`", "`` "),
    *("> ", "- ", "* * ", "1. ", "- a\n", ">\n", "> a\n", "-\n", "# ", "#\n", "a\n=\n", "=\n", "---\n", "***\n"),
    *(
        "a\n",
        "a\n\n",
        "    a\n",
        "  \n",
        "\\\n",
        "```\n",
        "~~~\n",
        "|a",
        "|-|\n",
        "a|b\n-|-\n",
        "|a|b\n",
        "[a]: b\n",
        "[a]:",
    ),
    *("http://a.", "http://a.b/ ", "http://a.com\n", "http://a.b/(", "http://a.b/[", "https://a.b?", "http://", "://"),
    *("<http://a.b>", "<a@b.c>", "<http:", "<a", "<!--", "</a>", "mailto:", "www.", "www.a.b ", "www.a.b/(", "//a.b "),
    *(
        "a@",
        "a@b.c ",
        "a@b.com",
        "a.b@",
        "&amp;",
        "&#0;",
        "&a",
        "(((",
        ")))",
        '!"',
        "\\*",
        "'\"(",
        "[^1]",
        "%41",
        "xn--a.",
    ),
    *("`[a\u200b|aa`b", "'\"[a]", "[a]([a](", "[](&nbsp;'mailto:\\*", "&#0;awww.> ", "<a[](", "- > 1. "),
]
COMPOSED = {
    "lists in lists": "".join("  " * depth + "- a\n" for depth in range(125)),
    "quotes in quotes": "".join(">" * depth + " a\n" for depth in range(178)),
    "a deep quote with lazy lines": ">" * 17 + " a\n" + "b\n" * 7900,
    "brackets that never close": "[" * 700 + "a*" * 700,
    "brackets that all close": "[" * 8000 + "]" * 8000,
    "a link with deep brackets": "[a](" + "(" * 7990 + ")" * 7990,
    "stars around a letter": "*" * 8000 + "a" + "*" * 7999,
    "backticks of every length": "".join("`" * length + "a" for length in range(178)),
    "an endless address": "http://a.b/" + "a" * 15_980,
    "a wide table": "|a" * 4000 + "\n" + "|-" * 4000,
    "a table of short rows": "|a" * 60 + "\n" + "|-" * 60 + "\n" + "|a\n" * 5000,
    "a table of lines": "a|b\n-|-\n" + "a\n" * 7990,
    "definitions": "".join(f"[a{number}]: b\n" for number in range(1400)),
    "opened, never closed": "**a _b " * 2000,
    "code that is all numbers": "```py\n" + "1+" * 1990 + "1\n```",
    "many blocks of code": "```py\na=1;b=2\n```\n" * 900,
    "unclosed links and quotes": "[a]([a](" * 100 + "'\"[a]" * 4000,
}
EVERYTHING = {repr(pattern): pattern * (MAX_CHARS // len(pattern)) for pattern in REPEATED} | COMPOSED


def calls_while_rendering(body: str) -> int:
    """How many functions run while `body` is rendered: work that is the same on every machine."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        render(body)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("body", EVERYTHING.values(), ids=EVERYTHING.keys())
def test_no_pattern_makes_much_work_or_takes_long(body: str) -> None:
    body = body[:MAX_CHARS]
    assert calls_while_rendering(body) < MAX_CALLS
    started = time.process_time()
    render(body)
    assert time.process_time() - started < CATASTROPHE


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(REPEATED), st.sampled_from([1, 20, 700, 4000])), min_size=1, max_size=4))
def test_no_mixture_of_patterns_makes_much_work(parts: list[tuple[str, int]]) -> None:
    body = "".join(pattern * times for pattern, times in parts)[:MAX_CHARS]
    assert calls_while_rendering(body * (MAX_CHARS // len(body))) < 2 * MAX_CALLS


@pytest.mark.parametrize("piece", ["a **b** [c](https://d.example) ", "- a\n", "> a\n", "http://a.example/ ", "`a` "])
def test_the_price_of_a_text_grows_with_its_length_and_not_faster(piece: str) -> None:
    assert price(piece * 80) <= 9 * price(piece * 10)


def test_who_goes_over_the_budget_is_stopped_there() -> None:
    with pytest.raises(TooMuchWork):
        price("*a* " * MAX_WORK)


def price(body: str) -> int:
    budget = new_budget()
    build_markdown().parse(body, budget)
    return int(budget["work"])
