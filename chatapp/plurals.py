"""Which form a number takes in a language: the rules for cardinal numbers of the Unicode CLDR (supplemental plurals).

Whole numbers alone, since nothing else is counted here; the forms bear the names that `Intl.PluralRules` gives them in
a browser. A language that is missing has one form for every number until its rule stands here.
"""

from collections.abc import Callable

Rule = Callable[[int], str]


def plural_form(locale: str, count: int) -> str:
    """The form of `count` in this language: one, two, few, many or other."""
    return _rule(locale)[1](abs(count))


def plural_forms(locale: str) -> frozenset[str]:
    """The forms there are in this language."""
    return frozenset(_rule(locale)[0])


def _rule(locale: str) -> tuple[tuple[str, ...], Rule]:
    return _BY_LANGUAGE.get(locale.partition("-")[0], _NONE)


def _one(n: int) -> str:
    return "one" if n == 1 else "other"


def _french(n: int) -> str:
    return "one" if n < 2 else _romance(n)


def _romance(n: int) -> str:
    return "many" if n and n % 1_000_000 == 0 else _one(n)


def _czech(n: int) -> str:
    return "few" if 2 <= n <= 4 else _one(n)


def _polish(n: int) -> str:
    return "one" if n == 1 else "few" if _is_few(n) else "many"


def _russian(n: int) -> str:
    return "one" if n % 10 == 1 and n % 100 != 11 else "few" if _is_few(n) else "many"


def _is_few(n: int) -> bool:
    return 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14


def _arabic(n: int) -> str:
    if n <= 2:
        return ("zero", "one", "two")[n]
    return "few" if 3 <= n % 100 <= 10 else "many" if n % 100 >= 11 else "other"


_NONE: tuple[tuple[str, ...], Rule] = (("other",), lambda _: "other")
_RULES: dict[str, tuple[tuple[str, ...], Rule]] = {
    "id ja ko ms th vi zh": _NONE,
    "da de el en et fi hu nb nl no sv tr": (("one", "other"), _one),
    "es it": (("one", "many", "other"), _romance),
    "fr pt": (("one", "many", "other"), _french),
    # Of fractions the last form is left: a whole number never takes it.
    "cs sk": (("one", "few", "other"), _czech),
    "pl": (("one", "few", "many", "other"), _polish),
    "be ru uk": (("one", "few", "many", "other"), _russian),
    "ar": (("zero", "one", "two", "few", "many", "other"), _arabic),
}
_BY_LANGUAGE = {language: rule for languages, rule in _RULES.items() for language in languages.split()}
