"""In which language the person at the other end reads."""

from flask import request

from chatapp.words import best_locale, translate


def reader_locale() -> str:
    """The best of our languages for this request, as the browser asks for it."""
    return best_locale(request.headers.get("Accept-Language", ""))


def say(key: str, **values: object) -> str:
    """A sentence of the catalogue in the reader's language."""
    return translate(reader_locale(), key, **values)
