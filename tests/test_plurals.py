"""A number takes the form that its language has for it, the same as in a browser."""

import json
import subprocess

import pytest

from chatapp.plurals import plural_form, plural_forms

COUNTS = [*range(130), 1_000, 1_001, 1_000_000]
LANGUAGES = [
    "ar",
    "be",
    "cs",
    "de",
    "en",
    "es",
    "fr",
    "it",
    "ja",
    "ko",
    "nl",
    "pl",
    "pt",
    "ru",
    "sk",
    "sv",
    "tr",
    "uk",
    "zh",
]
ASK = """
const [languages, counts] = JSON.parse(process.argv[1]);
const formsOf = (rules) => counts.map((count) => rules.select(count));
const all = languages.map((language) => [language, formsOf(new Intl.PluralRules(language))]);
console.log(JSON.stringify(Object.fromEntries(all)));
"""


@pytest.fixture(scope="module")
def of_browsers(node_path: str) -> dict[str, list[str]]:
    """The forms of the counts in each language, as Intl.PluralRules has them."""
    asked = json.dumps([LANGUAGES, COUNTS])
    told = subprocess.run([node_path, "-e", ASK, asked], capture_output=True, text=True, check=True).stdout
    forms: dict[str, list[str]] = json.loads(told)
    return forms


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_has_the_form_that_a_browser_gives_it(language: str, of_browsers: dict[str, list[str]]) -> None:
    forms = [plural_form(language, count) for count in COUNTS]
    assert forms == of_browsers[language]
    assert set(forms) | {"other"} == plural_forms(language)


def test_a_language_without_a_rule_has_one_form() -> None:
    assert plural_forms("xx") == {"other"}
    assert plural_form("xx", 1) == "other"
