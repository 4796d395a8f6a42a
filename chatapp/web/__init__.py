"""The way in by HTTP: HTML for people, the same data as JSON for programs. A route reads, calls one action, answers."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

from chatapp.events import ID_MAX
from chatapp.web import (
    account,
    admin,
    auth,
    errors,
    files,
    form_files,
    health,
    help,
    members,
    messages,
    pages,
    people,
    reactions,
    rooms,
    uploads,
)


def init_app(app: Flask) -> None:
    """Give `app` its pages."""
    app.url_map.converters["int"] = Number
    app.request_class = form_files.FormRequest
    # Before the first who reads the request, which is the guard of the forms.
    app.url_value_preprocessor(uploads.lift_limit)
    pages.init_app(app)
    errors.init_app(app)
    for module in (auth, rooms, members, messages, reactions, uploads, files, people, admin, account, help, health):
        app.register_blueprint(module.blueprint)


class Number(IntegerConverter):
    """`<int:...>` in a path, up to what the database can hold: asked for a larger one it would fail."""

    regex = "[0-9]{1,19}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=ID_MAX)
