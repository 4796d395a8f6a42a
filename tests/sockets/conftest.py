from collections.abc import Iterator

import pytest
from flask import Flask

from chatapp.realtime.connections import connections
from tests.sockets.wire import RawSocket, connect
from tests.support import Browser, Cast


@pytest.fixture(autouse=True)
def nobody_else() -> Iterator[None]:
    """No socket of another test is still there."""
    connections.__init__()  # type: ignore[misc]
    yield
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
