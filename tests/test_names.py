"""Names of people and rooms, and mail addresses."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.characters import BIDI_CONTROL, CONTROL, is_blank
from chatapp.errors import ChatError, EmailInvalid, NameEmpty, NameHasControlCharacters, NameTooLong
from chatapp.names import clean_email, clean_name, initials, name_key


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("General", "General"),
        ("  All \t Talk\u3000here \n", "All Talk here"),
        ("마케팅 팀", "마케팅 팀"),
        ("فريق", "فريق"),
        ("R&D <b>", "R&D <b>"),
        ("👩\u200d💻 devs", "👩\u200d💻 devs"),
        ("ﬁ Å", "ﬁ Å"),
        ("a" * 80, "a" * 80),
    ],
)
def test_a_name_is_trimmed_and_otherwise_stays_as_typed(raw: str, name: str) -> None:
    assert clean_name(raw) == name


@pytest.mark.parametrize("raw", ["", "   ", "\n", "\u200b", "\u3164", "\u2800 \u00ad", "\u202e"])
def test_a_name_in_which_nothing_can_be_seen_is_refused(raw: str) -> None:
    with pytest.raises(NameEmpty):
        clean_name(raw)


@pytest.mark.parametrize("character", ["\0", "\x1b", "\n", "\r", "\x85", "\u2028", "\u202e", "\u2066", "\ud800"])
def test_a_name_with_control_characters_line_breaks_or_turned_writing_is_refused(character: str) -> None:
    with pytest.raises(NameHasControlCharacters):
        clean_name(f"a{character}b")


def test_a_name_over_the_limit_is_refused_with_the_limit() -> None:
    with pytest.raises(NameTooLong) as refused:
        clean_name("a" * 81)
    assert refused.value.values == {"max_chars": 80}


def test_spaces_that_go_do_not_count() -> None:
    assert clean_name("a" + " " * 100 + "b", max_chars=3) == "a b"


@given(st.text())
def test_a_clean_name_is_clean_whatever_came_in(raw: str) -> None:
    try:
        name = clean_name(raw)
    except ChatError:
        return
    assert 1 <= len(name) <= 80
    assert not is_blank(name)
    assert not CONTROL.search(name)
    assert not BIDI_CONTROL.search(name)
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("General", "GENERAL"),
        ("Straße", "STRASSE"),
        ("\uff27eneral", "general"),
        ("ﬁnance", "Finance"),
        ("e\u0301quipe", "équipe"),
        ("\u1112\u1161\u11ab", "한"),
        ("ﾃｽﾄ", "テスト"),
        ("①", "1"),
        ("gen\u200beral", "general"),
        ("a\u00a0b", "a  b"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ],
)
def test_names_that_look_alike_have_one_key(one: str, other: str) -> None:  # behaviour 61
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("ab", "a b"), ("한", "하"), ("resume", "résumé"), ("o", "ö")])
def test_other_names_have_other_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text())
def test_the_key_of_a_key_is_the_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(st.text())
def test_neither_composition_nor_case_changes_the_key(name: str) -> None:
    forms = ["NFC", "NFD", "NFKC", "NFKD"]
    assert {name_key(unicodedata.normalize(form, name)) for form in forms} == {name_key(name)}
    assert name_key(name.casefold()) == name_key(name)


@pytest.mark.parametrize(
    ("raw", "email"),
    [
        ("a@x.org", "a@x.org"),
        (" Alice@Example.ORG\n", "alice@example.org"),
        ("o'neil+chat@mail.example.org", "o'neil+chat@mail.example.org"),
        ("홍길동@예시.한국", "홍길동@예시.한국"),
        ("root@localhost", "root@localhost"),
        ("a" * 242 + "@example.org", "a" * 242 + "@example.org"),
    ],
)
def test_an_address_is_trimmed_and_in_small_letters(raw: str, email: str) -> None:
    assert clean_email(raw) == email


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "a",
        "@",
        "a@",
        "@b",
        "a@b@c",
        "a b@c",
        "a@b c",
        "a\n@b",
        "a\0@b",
        "a\u200b@b",
        "a\u202e@b",
        "a\ud800@b",
        "<a@b>",
        "a@b, c@d",
        "a@b;c",
        '"a"@b',
        "a" * 243 + "@example.org",
    ],
)
def test_what_is_no_address_is_refused(raw: str) -> None:
    with pytest.raises(EmailInvalid):
        clean_email(raw)


@given(st.text() | st.builds("{}@{}".format, st.text(), st.text()))
def test_a_clean_address_is_clean_whatever_came_in(raw: str) -> None:
    try:
        email = clean_email(raw)
    except EmailInvalid:
        return
    assert email.count("@") == 1
    assert clean_email(email) == email


@pytest.mark.parametrize(
    ("name", "letters"), [("Alice", "A"), ("alice van der berg", "AV"), ("김 민준", "김민"), ("ß", "SS")]
)
def test_what_stands_for_a_name_is_how_its_first_two_words_begin(name: str, letters: str) -> None:
    assert initials(name) == letters
