"""That somebody's account has ended is told to everybody who is still there, and to nobody else."""

import pytest
from flask import Flask

from chatapp.actions import people
from tests.sockets.wire import RawSocket, connect, open_room
from tests.support import Browser, Cast
from tests.together import eventually


@pytest.fixture
def charlie(app: Flask, cast: Cast) -> RawSocket:
    """Charlie is not in the closed room."""
    return connect(Browser(app, cast.charlie))


def test_everybody_hears_that_somebody_is_gone_and_back_and_nothing_of_their_rooms(
    app: Flask, cast: Cast, alice: RawSocket, charlie: RawSocket
) -> None:  # behaviour 43
    open_room(alice, cast.closed_room)
    for version, (verb, is_deactivated) in enumerate(((people.deactivate, True), (people.reactivate, False)), 1):
        with app.app_context():
            verb(cast.dana, cast.bob.id)
        stands = {"version": version, "prev": version - 1}
        told = [{"id": cast.bob.id, "name": "Bob", "is_deactivated": is_deactivated, **stands}]
        assert alice.received("person:changed") == told
        assert charlie.received("person:changed") == told


def test_who_is_gone_hears_nothing_of_it(app: Flask, cast: Cast, bob: RawSocket) -> None:  # behaviour 43
    open_room(bob, cast.closed_room)
    with app.app_context():
        people.deactivate(cast.dana, cast.bob.id)
    eventually(lambda: not bob.is_connected)
    assert [told["name"] for told in bob._client.queue] == []  # noqa: SLF001
