"""A worker whose words are lost, and what brings them back."""

from collections.abc import Callable

from flask import Flask

from chatapp.realtime.announcements import Announcement
from chatapp.realtime.dispatch import dispatch
from tests.actions import questions
from tests.support import Cast

Lost = Callable[[Callable[[], object]], list[Announcement]]


def compare(app: Flask) -> None:
    """What the tick does, once."""
    with app.app_context():
        app.extensions["chatapp_tick"].compare()


def told(app: Flask, announcement: Announcement) -> None:
    """What the bus does with what another worker said."""
    with app.app_context():
        dispatch(announcement)


def post(cast: Cast, *bodies: str, room_id: int | None = None) -> Callable[[], object]:
    return lambda: questions.say(cast.alice, room_id or cast.open_room, *bodies)
