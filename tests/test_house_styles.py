"""Sheets take their sizes of text from the tokens, and there is no token that is missing or needless.

That colours, spaces and sizes are chosen in one file, `tests/test_house_pages.py` holds.
"""

import re

import pytest

from tests.test_house import files, read
from tests.test_house_pages import SHEETS, declarations, scripts, templates

USED = re.compile(r"var\(\s*(--[\w-]+)")
DEFINED = re.compile(r"(?<![\w-])(--[\w-]+)\s*:")
READ = re.compile(r"""(?:var\(|(?:setProperty|getPropertyValue)\(["'])\s*(--[\w-]+)""")
SET = re.compile(r'setProperty\(\s*"(--[\w-]+)"')
CHOSEN_BY_SCRIPT = re.compile(r"\.style\.(?!setProperty\()\w+|setProperty\(\s*[\"'](?!--)[\w-]+")
# A token, a part of the text around it, or that text's own.
TEXT_SIZE = re.compile(r"var\(--text[\w-]*\)(?: / var\(--line-height\) var\(--font\))?|(?:\d*\.)?\d+em|inherit")


def sheets() -> dict[str, str]:
    """The styles by their paths, without what is said about them."""
    return {path: re.sub(r"/\*.*?\*/", "", read(path), flags=re.DOTALL) for path in files(SHEETS)}


def text_sizes(sheet: str) -> list[str]:
    """The declarations of a sheet that choose a size of text themselves."""
    sizes = [each for each in declarations(sheet) if each.partition(":")[0].strip() in ("font-size", "font")]
    return [each for each in sizes if not TEXT_SIZE.fullmatch(each.partition(":")[2].strip())]


def test_text_has_the_sizes_of_the_tokens() -> None:
    chosen = {path: text_sizes(text) for path, text in sheets().items() if not path.endswith("tokens.css")}
    assert {path: each for path, each in chosen.items() if each} == {}


@pytest.mark.parametrize("spoilt", ["3px", "14px", "1rem", "larger", "90%", "2vw", "calc(var(--text) + 1px)"])
def test_another_size_of_text_is_found(spoilt: str) -> None:
    sheet = "@layer base { .a { font-size: 0.9em; font: inherit; line-height: 3px; } .b { font-size: %s } }"
    assert text_sizes(sheet % "var(--text-small)") == []
    assert text_sizes(sheet % spoilt) == [f"font-size: {spoilt}"]


def test_every_token_that_is_used_is_there() -> None:
    there = {name for text in sheets().values() for name in DEFINED.findall(text)}
    there |= {name for text in scripts().values() for name in SET.findall(text)}
    missing = {path: set(USED.findall(text)) - there for path, text in sheets().items()}
    assert {path: names for path, names in missing.items() if names} == {}


def test_every_token_that_is_there_is_used() -> None:
    texts = (*sheets().values(), *templates().values(), *scripts().values())
    used = {name for text in texts for name in READ.findall(text)}
    needless = {path: set(DEFINED.findall(text)) - used for path, text in sheets().items()}
    assert {path: names for path, names in needless.items() if names} == {}


def test_a_word_that_only_looks_like_a_token_is_no_use_of_it() -> None:
    assert READ.findall('class="message--pending" "--space" /* --gap */ { --gap: 1px; }') == []
    assert READ.findall("var(--a) setProperty(\"--b\", c) getPropertyValue('--d')") == ["--a", "--b", "--d"]


def test_scripts_give_measures_and_no_look() -> None:
    texts = {path: text for path, text in scripts().items() if path != "static/js/helpers/grow.js"}  # a box's height
    chosen = {path: CHOSEN_BY_SCRIPT.findall(text) for path, text in texts.items()}
    assert {path: each for path, each in chosen.items() if each} == {}
    assert len(CHOSEN_BY_SCRIPT.findall("a.style.color = b; a.style.cssText = c; setProperty('color', d)")) == 3
    assert CHOSEN_BY_SCRIPT.findall('const { style } = a; a.style.setProperty("--top", b)') == []
