"""A room one may not see answers exactly as one that does not exist."""

import pytest
from flask import Flask

from chatapp.actions.memberships import add_member, remove_member
from tests.matrix.asking import (
    MISSING,
    ask,
    form_in_room,
    payload_in,
    room_of,
    same_but_for_tokens,
    values_in_room,
)
from tests.matrix.table import COMMANDS, IN_A_ROOM, Row
from tests.support import Browser, Cast

CLOSED_ROUTES = [row for row in IN_A_ROOM if row.kind != "open"]
CLOSED_EVENTS = [row for row in COMMANDS if row.kind != "open"]


@pytest.mark.parametrize("row", CLOSED_ROUTES, ids=str)
def test_a_hidden_room_and_a_missing_one_look_the_same(app: Flask, cast: Cast, row: Row) -> None:  # behaviour 62
    form, hidden = form_in_room(cast), room_of(app, cast, row.kind, has_file=row.is_about_files)
    for person in (cast.charlie, cast.dana):
        browser = Browser(app, person)
        for json in (True, False):
            answers = []
            for room_id in (hidden, MISSING):
                values = values_in_room(app, cast, "charlie", room_id)
                answers.append(same_but_for_tokens(ask(browser, row.method, row.name, values, form, json=json)))
            assert answers[0] == answers[1]
            assert answers[0][0] == 404


@pytest.mark.parametrize("row", CLOSED_EVENTS, ids=str)
def test_a_hidden_room_and_a_missing_one_sound_the_same(app: Flask, cast: Cast, row: Row) -> None:
    hidden = room_of(app, cast, row.kind)
    for person in (cast.charlie, cast.dana):
        socket = Browser(app, person).connect()
        acks = [socket.request(row.name, payload_in(app, room_id)) for room_id in (hidden, MISSING)]
        assert acks[0] == acks[1]


@pytest.mark.parametrize("row", [row for row in CLOSED_ROUTES if row.kind == "closed"], ids=str)
def test_after_removal_every_route_of_the_room_is_refused(app: Flask, cast: Cast, row: Row) -> None:
    room_id = room_of(app, cast, "closed", has_file=row.is_about_files)
    for name, member in (("bob", cast.bob), ("dana", cast.dana)):
        browser = Browser(app, member)
        removed_again(app, cast, room_id, member.id)
        response = ask(browser, row.method, row.name, values_in_room(app, cast, name, room_id), form_in_room(cast))
        assert response.get_json()["error"] == row.outcomes["charlie"], name


@pytest.mark.parametrize(
    "row", [row for row in CLOSED_EVENTS if row.kind == "closed" and row.name != "room:close"], ids=str
)
def test_after_removal_every_event_of_the_room_is_refused(app: Flask, cast: Cast, row: Row) -> None:
    room_id = room_of(app, cast, "closed")
    socket = Browser(app, cast.bob).connect()
    assert socket.request("room:open", {"room_id": room_id})["ok"]
    removed_again(app, cast, room_id, cast.bob.id)
    assert socket.request(row.name, payload_in(app, room_id))["error"] == row.outcomes["charlie"]


def removed_again(app: Flask, cast: Cast, room_id: int, user_id: int) -> None:
    with app.app_context():
        add_member(cast.alice, room_id, user_id)
        remove_member(cast.alice, room_id, user_id)
