"""The catalogues say the same things in every language, and everything that is said stands in them."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter

import pytest
from flask import Flask

from chatapp import errors, upload_errors, words
from chatapp.errors import ChatError
from chatapp.plurals import plural_forms
from tests.web.html import page_of

ROOT = Path(__file__).parent.parent
SAID = re.compile(r'\b(?:t|say|t_forms)\(\s*(?:"[\w-]+",\s*(?="))?"([^"]*)"\s*(?:~\s*[\w.]+\s*(?:~\s*"([^"]*)")?)?')
# What follows a name or a number must fit behind a vowel and behind a consonant alike: 님이, 명을, "{name}" 에.
PARTICLE = re.compile(r"\}(?:은|는|이|가|을|를|과|와|으로|로|아|야|이나|나|이라|라|이랑|랑)(?![가-힣])")
SAID_IN_FULL = re.compile(r"[^.?!…]+\.")
POLITE = re.compile(r"(?:니다|세요|해요)\.$")
QUOTED_KEY = re.compile(r"""["']([a-z_]+\.[a-z_]+)["']""")


def sources(folder: str, pattern: str) -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted((ROOT / folder).rglob(pattern)))


def said() -> list[re.Pattern[str]]:
    """What templates and Python ask for: a key, or one with a part that is chosen at run time."""
    found = SAID.finditer(sources("templates", "*.html") + sources("chatapp", "*.py"))
    return [
        re.compile(re.escape(each[1]) + ("[a-z]+" if "~" in each[0] else "") + re.escape(each[2] or ""))
        for each in found
    ]


def error_keys() -> set[str]:
    named = [*vars(errors).values(), *vars(upload_errors).values()]
    return {f"error.{each.code}" for each in named if isinstance(each, type) and each is not ChatError}


def forms(sentence: words.Sentence) -> list[str]:
    return list(sentence.values()) if isinstance(sentence, dict) else [sentence]


def placeholders(sentence: words.Sentence) -> set[str]:
    return {name for form in forms(sentence) for _, name, _, _ in Formatter().parse(form) if name is not None}


def test_there_are_english_and_korean_and_english_is_the_default() -> None:
    assert words.locales()[0] == "en"
    assert "ko" in words.locales()


@pytest.fixture
def add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """`add(language)`: a folder of catalogues with a third one, one file more."""

    def add(language: str) -> None:
        shutil.copytree(words.FOLDER, tmp_path, dirs_exist_ok=True)
        forms = {form: f"{{count}} {form}" for form in plural_forms(language)}
        catalogue = words.catalogue("en") | {"rooms.members_count": forms}
        (tmp_path / f"{language}.json").write_text(json.dumps(catalogue), "utf-8")
        monkeypatch.setattr(words, "FOLDER", tmp_path)
        forget()

    yield add
    monkeypatch.undo()
    forget()


def forget() -> None:
    for kept in (words.catalogues, words.locales, words.best_locale):
        kept.cache_clear()


def test_another_language_is_one_file(add: Callable[[str], None]) -> None:
    add("ru")
    assert words.locales() == ("en", "ko", "ru")
    assert words.best_locale("ru-RU,ru;q=0.9,en;q=0.5") == "ru"
    said = [words.translate("ru", "rooms.members_count", count=count) for count in (1, 3, 5, 21)]
    assert said == ["1 one", "3 few", "5 many", "21 one"]
    forms = words.all_forms("ru", "rooms.members_count")
    assert forms == {form: f"{{count}} {form}" for form in ("one", "few", "many", "other")}


@pytest.mark.parametrize(("language", "direction"), [("ru", "ltr"), ("ar", "rtl")])
def test_another_language_turns_its_pages_its_own_way(
    app: Flask, add: Callable[[str], None], language: str, direction: str
) -> None:
    add(language)
    page = page_of(app.test_client().get("/login", headers={"Accept-Language": language}))
    assert (page.one("html")["lang"], page.one("html")["dir"]) == (language, direction)


@pytest.mark.parametrize("locale", words.locales())
def test_every_catalogue_has_the_same_keys_with_the_same_placeholders(locale: str) -> None:
    english, other = words.catalogue("en"), words.catalogue(locale)
    assert {key: placeholders(english[key]) for key in english} == {key: placeholders(other[key]) for key in other}


@pytest.mark.parametrize("locale", words.locales())
def test_no_sentence_is_empty_and_plurals_are_chosen_by_count(locale: str) -> None:
    for key, sentence in words.catalogue(locale).items():
        assert all(form.strip() for form in forms(sentence)), key
        if isinstance(sentence, dict):
            assert "count" in placeholders(sentence), key
            assert set(sentence) == plural_forms(locale), key


def korean() -> dict[str, list[str]]:
    return {key: forms(sentence) for key, sentence in words.catalogue("ko").items()}


def test_korean_fits_behind_whatever_stands_in_its_gaps() -> None:
    assert [key for key, said in korean().items() if any(PARTICLE.search(each) for each in said)] == []


def test_korean_says_every_whole_sentence_politely() -> None:
    ends = {key: [end for each in said for end in SAID_IN_FULL.findall(each)] for key, said in korean().items()}
    assert [key for key, found in ends.items() if not all(POLITE.search(each) for each in found)] == []


@pytest.mark.parametrize(
    ("other", "usual"),
    [
        ("그림", "사진"),
        ("쓰신", "작성한"),
        ("들어오", "참여"),
        ("자리 비움", "오프라인"),
        ("끝내", "종료, 로그아웃, 폐기"),
        ("고르기", "선택, 설정"),
        ("오가기", "이동"),
        ("그런 이름", "일치하는"),
    ],
)
def test_korean_has_one_word_for_one_thing(other: str, usual: str) -> None:
    assert [key for key, said in korean().items() if any(other in each for each in said)] == [], f"say {usual}"


def test_every_sentence_that_is_said_stands_in_the_catalogue() -> None:
    keys = words.catalogue("en")
    assert [each.pattern for each in said() if not any(each.fullmatch(key) for key in keys)] == []


def test_every_error_has_its_sentence_and_every_error_sentence_its_error() -> None:
    assert {key for key in words.catalogue("en") if key.startswith("error.")} == error_keys()


def test_no_sentence_is_left_that_nobody_says() -> None:
    quoted = set(QUOTED_KEY.findall(sources("templates", "*.html") + sources("chatapp", "*.py")))
    patterns = said()
    unsaid = words.catalogue("en").keys() - quoted - error_keys()
    assert [key for key in sorted(unsaid) if not any(each.fullmatch(key) for each in patterns)] == []


def test_a_sentence_takes_its_values() -> None:
    assert words.translate("en", "error.slow_down", retry_after=3) == "That was too often. Try again in 3 s."
    assert (
        words.translate("ko", "error.slow_down", retry_after=3) == "요청이 너무 잦습니다. 3초 뒤에 다시 시도해 주세요."
    )


def test_a_value_is_never_read_as_a_sentence() -> None:
    assert "{name} {0}" in words.translate("en", "error.room_name_taken", name="{name} {0}")


@pytest.mark.parametrize(
    ("locale", "count", "sentence"),
    [
        ("en", 0, "0 members"),
        ("en", 1, "1 member"),
        ("en", 2, "2 members"),
        ("ko", 1, "멤버 1명"),
        ("ko", 2, "멤버 2명"),
    ],
)
def test_the_plural_follows_the_count(locale: str, count: int, sentence: str) -> None:
    assert words.translate(locale, "rooms.members_count", count=count) == sentence


@pytest.mark.parametrize(("locale", "key"), [("en", "no.such_key"), ("xx", "app.name"), ("en", "error.slow_down")])
def test_a_sentence_that_is_not_there_or_lacks_a_value_is_an_error(locale: str, key: str) -> None:
    with pytest.raises(KeyError):
        words.translate(locale, key)


@pytest.mark.parametrize(
    ("accept_language", "locale"),
    [
        ("", "en"),
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", "ko"),
        ("en-GB,en;q=0.9,ko;q=0.8", "en"),
        ("fr-FR,ko;q=0.5,en;q=0.4", "ko"),
        ("fr", "en"),
        ("*", "en"),
        ("ko;q=0", "en"),
        (";;q=x,\x00,=", "en"),
    ],
)
def test_the_reader_gets_the_language_that_fits_best(accept_language: str, locale: str) -> None:
    assert words.best_locale(accept_language) == locale
