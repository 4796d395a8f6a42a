"""Every sentence the server says, in the reader's language: `locales/<language>.json`, loaded once.

A sentence is text with `{placeholders}`, or where its number matters an object of plural forms that is chosen by
`count`: `{"one": "{count} message", "other": "{count} messages"}`.
"""

import json
from functools import cache, lru_cache
from pathlib import Path

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from chatapp.plurals import plural_form

FOLDER = Path(__file__).parent.parent / "locales"
DEFAULT_LOCALE = "en"
# Languages, as Unicode CLDR has them.
RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"}

Sentence = str | dict[str, str]
Catalogue = dict[str, Sentence]


def translate(locale: str, key: str, /, **values: object) -> str:
    """The sentence `key` in the language `locale`, with `values` in its placeholders.

    Raises KeyError for an unknown locale or key and for a missing value: a page that shows `rooms.title` instead of
    words is a bug that nobody reports.
    """
    sentence = catalogue(locale)[key]
    if isinstance(sentence, dict):
        count = values["count"]
        form = plural_form(locale, count) if isinstance(count, int) else "other"
        sentence = sentence.get(form, sentence["other"])
    return sentence.format_map(values)


def all_forms(locale: str, key: str, /, **values: object) -> dict[str, str]:
    """The sentence `key` in every plural form that its catalogue has, with `{count}` left for a script to fill in."""
    sentence = catalogue(locale)[key]
    forms = sentence if isinstance(sentence, dict) else {"other": sentence}
    return {form: words.format_map({"count": "{count}", **values}) for form, words in forms.items()}


def catalogue(locale: str) -> Catalogue:
    """All sentences of one language by their keys. Raises KeyError for a language we do not have."""
    return catalogues()[locale]


@cache
def locales() -> tuple[str, ...]:
    """The languages there are catalogues for, the default first."""
    return tuple(sorted(catalogues(), key=lambda locale: (locale != DEFAULT_LOCALE, locale)))


def direction(locale: str) -> str:
    """Which way a page in this language runs, as HTML calls it: `ltr` or `rtl`."""
    return "rtl" if locale.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


@lru_cache(maxsize=256)  # bounded: the header is whatever a stranger sends
def best_locale(accept_language: str) -> str:
    """The language of ours that fits a browser's `Accept-Language` best; English when none does."""
    wanted = parse_accept_header(accept_language, LanguageAccept)
    return wanted.best_match(locales(), default=DEFAULT_LOCALE)


@cache
def catalogues() -> dict[str, Catalogue]:
    """All sentences by language, read once."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")}
