"""Every socket event, for everybody."""

import pytest
from flask import Flask

from chatapp.events import Up
from tests.matrix.asking import knock, payload_in, person_called, room_of
from tests.matrix.table import COMMANDS, PEOPLE, Row
from tests.support import Browser, Cast


def test_every_event_stands_in_the_table() -> None:
    assert {row.name for row in COMMANDS} == set(Up)


@pytest.mark.parametrize("row", COMMANDS, ids=str)
def test_on_a_socket_everybody_gets_what_the_table_says(app: Flask, cast: Cast, row: Row) -> None:
    given = {}
    for name in PEOPLE:
        room_id = room_of(app, cast, row.kind)
        given[name] = knock(Browser(app, person_called(name, cast)), row.name, payload_in(app, room_id))
    assert given == row.outcomes
