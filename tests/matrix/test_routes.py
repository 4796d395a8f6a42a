"""Every route, for everybody."""

from uuid import uuid4

import pytest
from flask import Flask

from tests.matrix.asking import (
    ask,
    form_elsewhere,
    form_in_room,
    outcome,
    person_called,
    room_of,
    values_elsewhere,
    values_in_room,
)
from tests.matrix.table import ELSEWHERE, IN_A_ROOM, PEOPLE, ROUTES, Row, rows
from tests.support import Browser, Cast


@pytest.fixture(autouse=True)
def browser_client(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine that is set up: `/ready` asks for it."""
    monkeypatch.setitem(app.extensions, "chatapp_has_browser_client", True)


def test_every_route_stands_in_the_table(app: Flask) -> None:
    served = {
        (method, rule.rule) for rule in app.url_map.iter_rules() for method in rule.methods or () if method in METHODS
    }
    assert served == {(row.method, row.name) for row in ROUTES}


METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}  # HEAD and OPTIONS come with every GET


@pytest.mark.parametrize("row", IN_A_ROOM, ids=str)
def test_in_rooms_everybody_gets_what_the_table_says(app: Flask, cast: Cast, row: Row) -> None:
    given = {}
    for name in PEOPLE:
        room_id = room_of(app, cast, row.kind, has_file=row.is_about_files)
        browser = Browser(app, person_called(name, cast))
        response = ask(browser, row.method, row.name, values_in_room(app, cast, name, room_id), form_in_room(cast))
        given[name] = outcome(response)
    assert given == row.outcomes


@pytest.mark.parametrize("row", rows(ELSEWHERE), ids=str)
def test_elsewhere_everybody_gets_what_the_table_says(app: Flask, cast: Cast, row: Row) -> None:
    given = {}
    signed_in = {name: Browser(app, person_called(name, cast)) for name in PEOPLE}
    for name, browser in signed_in.items():
        person = person_called(name, cast)
        form = form_elsewhere(person)
        if row.name.startswith("/join"):
            form["email"] = f"{uuid4().hex}@example.org"
        given[name] = outcome(ask(browser, row.method, row.name, values_elsewhere(app, cast, person, row.kind), form))
    assert given == row.outcomes
