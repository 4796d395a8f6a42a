"""Colours that carry words have enough contrast, in the light and in the dark: WCAG 2.2, 1.4.3."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parent.parent / "static" / "css" / "tokens.css").read_text("utf-8")
ENOUGH = 4.5
WORDS_ON = [
    *((f"code-{part}", "sunken") for part in ("keyword", "string", "number", "name", "comment", "added", "removed")),
    *((ink, ground) for ink in ("ink", "ink-quiet", "accent", "danger") for ground in ("paper", "surface", "hover")),
    ("ink", "mark"),
    ("ink", "sunken"),
    ("on-accent", "accent"),
    ("danger", "danger-soft"),
]  # fmt: skip


def colours(scheme: str) -> dict[str, str]:
    light, dark = TOKENS.split("prefers-color-scheme: dark")
    text = light if scheme == "light" else light + dark.split("@media")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6}|var\(--[\w-]+\));", text))


def luminance(name: str, scheme: str) -> float:
    value = colours(scheme)[name]
    if value.startswith("var"):
        return luminance(value[6:-1], scheme)
    parts = [int(value[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), WORDS_ON)
def test_words_are_told_from_their_ground(ink: str, ground: str, scheme: str) -> None:
    darker, lighter = sorted((luminance(ink, scheme), luminance(ground, scheme)))
    assert (lighter + 0.05) / (darker + 0.05) >= ENOUGH


@pytest.mark.parametrize("number", range(8))
def test_the_initials_on_a_picture_are_told_from_its_colour(number: int) -> None:  # behaviour 44
    assert 1.05 / (luminance(f"hue-{number}", "light") + 0.05) >= ENOUGH  # white letters


def test_each_scheme_is_read_by_itself() -> None:
    assert colours("light")["ink"] != colours("dark")["ink"]
