"""In which language the person at the other end reads."""

from flask import g, has_request_context, request

from chatapp.words import all_forms, best_locale, translate


def reader_locale() -> str:
    """The best of our languages for this request, as the browser asks for it, or what `reads_in` was told."""
    if has_request_context():
        return best_locale(request.headers.get("Accept-Language", ""))
    return best_locale(g.get("reader_locale", ""))


def reads_in(locale: str) -> None:
    """Who is answered here came by another way than a request, and reads this language."""
    g.reader_locale = locale


def say(key: str, **values: object) -> str:
    """A sentence of the catalogue in the reader's language."""
    return translate(reader_locale(), key, **values)


def say_forms(name: str, key: str, **values: object) -> dict[str, str]:
    """The same in every plural form, as attributes of an element whose script counts: `data-<name>-<form>`."""
    return {f"data-{name}-{form}": words for form, words in all_forms(reader_locale(), key, **values).items()}
