from collections.abc import Callable

import pytest
from flask import Flask

from chatapp.realtime.announcements import Announcement
from tests.realtime.bus_workers import heard, secret, worker
from tests.realtime.clock import Clock
from tests.realtime.losing import Lost
from tests.sockets.conftest import alice, bob, charlie, nobody_else

__all__ = ["alice", "bob", "charlie", "heard", "lost", "nobody_else", "secret", "worker"]


@pytest.fixture
def lost(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Lost:
    """Does something as another worker whose every word is lost; gives what it would have said."""

    def act(change: Callable[[], object]) -> list[Announcement]:
        unheard: list[Announcement] = []
        with monkeypatch.context() as patched, app.app_context():
            patched.setattr("chatapp.realtime.outbox.dispatch", unheard.append)
            change()
        return unheard

    return act


@pytest.fixture
def clock() -> Clock:
    """A clock that goes when it is told."""
    return Clock()
