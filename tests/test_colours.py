"""Colours that carry words have enough contrast, in the light and in the dark: WCAG 2.2, 1.4.3."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text("utf-8")
BASE = (ROOT / "templates" / "base.html").read_text("utf-8")
ENOUGH = 4.5
SCHEMES = ("light", "dark")
HEX = "#[0-9a-f]{6}"
# One value for both schemes, or one for each.
COLOUR = re.compile(rf"--([\w-]+): (?:({HEX}|var\(--[\w-]+\))|light-dark\(({HEX}), ({HEX})\));")
WORDS_ON = [
    *((f"code-{part}", "sunken") for part in ("keyword", "string", "number", "name", "comment", "added", "removed")),
    *((ink, ground) for ink in ("ink", "ink-quiet", "accent", "danger") for ground in ("paper", "surface", "hover")),
    *((ink, ground) for ink in ("ink", "accent-strong") for ground in ("accent-soft", "sunken")),
    ("ink", "mark"),
    ("ink", "warn-soft"),
    ("ink", "good-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("danger", "danger-soft"),
]


def colours(scheme: str) -> dict[str, str]:
    found = COLOUR.findall(TOKENS)
    return {name: both or (light if scheme == "light" else dark) for name, both, light, dark in found}


def luminance(name: str, scheme: str) -> float:
    value = colours(scheme)[name]
    if value.startswith("var"):
        return luminance(value[6:-1], scheme)
    parts = [int(value[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "ground"), WORDS_ON)
def test_words_are_told_from_their_ground(ink: str, ground: str, scheme: str) -> None:
    darker, lighter = sorted((luminance(ink, scheme), luminance(ground, scheme)))
    assert (lighter + 0.05) / (darker + 0.05) >= ENOUGH


@pytest.mark.parametrize("number", range(8))
def test_the_initials_on_a_picture_are_told_from_its_colour(number: int) -> None:  # behaviour 44
    assert 1.05 / (luminance(f"hue-{number}", "light") + 0.05) >= ENOUGH  # white letters


def test_each_scheme_is_read_by_itself() -> None:
    assert colours("light")["ink"] != colours("dark")["ink"]


def test_no_colour_is_said_in_a_way_that_is_not_looked_at() -> None:
    said = [line for line in re.findall(rf"--[\w-]+: [^;]*{HEX}[^;]*;", TOKENS) if not COLOUR.fullmatch(line)]
    assert said == []


def test_a_colour_is_chosen_for_both_schemes_in_one_place() -> None:
    assert "prefers-color-scheme" not in TOKENS
    names = [name for name, *_ in COLOUR.findall(TOKENS)]
    assert [name for name in names if names.count(name) > 1 and name not in ("line", "ink-quiet")] == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_bars_of_a_browser_have_the_colour_of_the_page(scheme: str) -> None:
    assert f'("{scheme}", "{colours(scheme)["paper"]}")' in BASE
