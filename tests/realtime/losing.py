"""A worker whose words are lost, and what brings them back."""

from collections.abc import Callable

from flask import Flask

from chatapp.models import Company
from chatapp.models.changes import heads_of
from chatapp.realtime.announcements import Announcement
from chatapp.realtime.dispatch import dispatch
from tests.actions import questions
from tests.support import Cast

Lost = Callable[[Callable[[], object]], list[Announcement]]


def compare(app: Flask) -> None:
    """What the tick does, once."""
    with app.app_context():
        app.extensions["chatapp_tick"].compare()


def is_told(app: Flask) -> bool:
    """Whether every stream stands where its room, or the company's people, stand: some read what they miss a moment
    later, by themselves.
    """
    streams = app.extensions["chatapp_room_streams"]._streams  # noqa: SLF001
    with app.app_context():
        heads, people = heads_of(set(streams)), Company.present_people_version()
    if app.extensions["chatapp_people_stream"].version not in (None, people):
        return False
    for room_id, stream in list(streams.items()):
        with stream._lock:  # noqa: SLF001
            if stream.version != heads[room_id]:
                return False
    return True


def is_caught_up(app: Flask) -> bool:
    """Whether it does so after a comparison: one that meets a stream while it reads leaves the rest to the next."""
    compare(app)
    return is_told(app)


def told(app: Flask, announcement: Announcement) -> None:
    """What the bus does with what another worker said."""
    with app.app_context():
        dispatch(announcement)


def post(cast: Cast, *bodies: str, room_id: int | None = None) -> Callable[[], object]:
    return lambda: questions.say(cast.alice, room_id or cast.open_room, *bodies)
