"""Who is here, and who is typing: shown while it lasts, never stored."""

from chatapp import access
from chatapp.models import Person
from chatapp.realtime.live import live


def begin_typing(actor: Person, room_id: int) -> None:
    """Show to those who have the room open that `actor` types, for five seconds. Raises as `access.writable_room`."""
    typists = live().typists
    # Asked once a second at most, however fast a browser says it.
    if not typists.has_just_begun(room_id, actor):
        access.writable_room(actor, room_id)
        typists.begin(room_id, actor)
        live().pulse.soon()


def end_typing(actor: Person, room_id: int) -> None:
    """Show it no longer. Raises as `access.writable_room`."""
    access.writable_room(actor, room_id)
    live().typists.end(room_id, actor)
    live().pulse.soon()


def people_here() -> frozenset[int]:
    """The ids of those who have a connection at any worker, or had one some seconds ago."""
    return frozenset(live().presence.people())
