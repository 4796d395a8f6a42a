"""What every answer carries, by every route there is, for who may and for who may not."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from chatapp.web.security import HEADERS
from tests.matrix.asking import (
    ask,
    form_elsewhere,
    form_in_room,
    person_called,
    room_of,
    values_elsewhere,
    values_in_room,
)
from tests.matrix.table import ELSEWHERE, IN_A_ROOM, Row, rows
from tests.support import Browser, Cast

ASKING = ("alice", "charlie", "nobody")
OPEN_TO_ALL = {"/up", "/ready"}  # which say nothing of anybody


def check(response: TestResponse, row: Row) -> None:
    carried = dict(response.headers)
    assert dict(HEADERS).items() <= carried.items(), row
    assert "frame-ancestors 'none'" in carried["Content-Security-Policy"], row
    assert "Access-Control-Allow-Origin" not in carried, row
    directives = {each.strip() for each in carried.get("Cache-Control", "").split(",")}
    assert directives & {"no-store", "private"}, (row, carried)
    assert "public" not in directives, row
    if row.name not in OPEN_TO_ALL:
        assert "Cookie" in response.vary, row


@pytest.mark.asvs("14.3.2")
@pytest.mark.parametrize("row", IN_A_ROOM, ids=str)
def test_in_rooms_no_answer_is_kept_and_each_has_the_security_headers(app: Flask, cast: Cast, row: Row) -> None:
    for name in ASKING:
        room_id = room_of(app, cast, row.kind, has_file=row.is_about_files)
        browser = Browser(app, person_called(name, cast))
        values = values_in_room(app, cast, name, room_id)
        check(ask(browser, row.method, row.name, values, form_in_room(cast)), row)


@pytest.mark.asvs("14.3.2")
@pytest.mark.parametrize("row", rows(ELSEWHERE), ids=str)
def test_elsewhere_no_answer_is_kept_and_each_has_the_security_headers(app: Flask, cast: Cast, row: Row) -> None:
    for name in ASKING:
        person = person_called(name, cast)
        browser = Browser(app, person)
        check(
            ask(browser, row.method, row.name, values_elsewhere(app, cast, person, row.kind), form_elsewhere(person)),
            row,
        )


@pytest.mark.asvs("13.4.2")
def test_no_route_traces_and_there_is_no_console(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.dana)
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {name: 1 if str(rule).count(f"int:{name}>") else "x" for name in rule.arguments}
        path = adapter.build(rule.endpoint, values, method=next(iter(rule.methods or ())))
        for method in ("TRACE", "CONNECT", "PROPFIND"):
            assert browser.client.open(path, method=method).status_code == 405, (method, path)
    for path in ("/console", "/?__debugger__=yes&cmd=resource&f=debugger.js", "/metrics", "/.git/HEAD", "/.env"):
        answer = browser.client.get(path, follow_redirects=True)
        assert answer.status_code == 404 or "__debugger__" in path, path
        assert "Werkzeug" not in answer.get_data(as_text=True), path
