from collections.abc import Iterator

import pytest
from flask import Flask

from chatapp.extensions import socketio
from chatapp.realtime.connections import connections
from tests.sockets.wire import RawSocket, connect
from tests.support import Browser, Cast


@pytest.fixture(autouse=True)
def nobody_else() -> Iterator[None]:
    """No socket of another test is still there."""
    _close_all()
    yield
    _close_all()


def _close_all() -> None:
    # Rooms count from 1 again in the next test: a socket that was left in one would seem to follow another.
    if socketio.server is not None:
        for sid, _ in list(socketio.server.manager.get_participants("/", None)):
            socketio.server.manager.disconnect(sid, "/")
    connections.__init__()  # type: ignore[misc]


@pytest.fixture
def alice(app: Flask, cast: Cast) -> RawSocket:
    """Alice's socket."""
    return connect(Browser(app, cast.alice))


@pytest.fixture
def bob(app: Flask, cast: Cast) -> RawSocket:
    """Bob's socket."""
    return connect(Browser(app, cast.bob))


@pytest.fixture
def charlie(app: Flask, cast: Cast) -> RawSocket:
    """The socket of one who is in no room."""
    return connect(Browser(app, cast.charlie))
