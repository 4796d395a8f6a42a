"""What a file is called after it came, and how a browser is told."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.file_names import MAX_BYTES, MAX_CHARS, clean_file_name, disposition


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("report.pdf", "report.pdf"),
        ("회의록 2026.hwp", "회의록 2026.hwp"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\eve\\plan.txt", "plan.txt"),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie: x=1.txt"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ('say "hi".txt', 'say "hi".txt'),
        (".env", ".env"),
        ("no-ending", "no-ending"),
        ("  spaced   out .txt ", "spaced out .txt"),
        ("cafe\u0301.txt", "caf\u00e9.txt"),
        ("\x00", "file"),
        ("", "file"),
        ("..", "file"),
        ("\u200b\u3164", "file"),
        ("folder/", "file"),
    ],
)
def test_a_name_is_kept_without_what_could_harm(raw: str, name: str) -> None:
    assert clean_file_name(raw) == name


@pytest.mark.parametrize("raw", ["x" * 500 + ".tar.gz", "회" * 300 + ".hwp", "😀" * 200, "x." + "y" * 500])
def test_a_long_name_is_cut_and_keeps_its_ending(raw: str) -> None:
    name = clean_file_name(raw)
    assert len(name) <= MAX_CHARS
    assert len(name.encode()) <= MAX_BYTES
    ending = raw.rpartition(".")[2]
    assert name.endswith(ending) or len(ending) > 20


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_whatever_a_file_is_called_its_name_can_stand_in_an_address_and_in_a_header(raw: str) -> None:
    name = clean_file_name(raw)
    assert name.strip(".")
    assert not re.search(r"[/\\\x00-\x1f\x7f\u202a-\u202e]", name)
    assert clean_file_name(name) == name
    header = disposition(name, is_shown=False)
    assert re.fullmatch(r"attachment; filename=\"[A-Za-z0-9 ._()+-]*\"; filename\*=UTF-8''[\w.%~-]*", header, re.ASCII)
    assert unquote(header.partition("''")[2]) == name


def test_what_is_shown_says_so_and_keeps_its_name() -> None:
    assert disposition("a.png", is_shown=True) == "inline; filename=\"a.png\"; filename*=UTF-8''a.png"
    assert disposition("회.txt", is_shown=False) == ("attachment; filename=\"_.txt\"; filename*=UTF-8''%ED%9A%8C.txt")
