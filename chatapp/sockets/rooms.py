"""Opening, closing and reading rooms."""

from flask import current_app

from chatapp import access, config, db
from chatapp.actions import history, memberships
from chatapp.events import JsonObject, RoomClose, RoomMarkUnread, RoomOpen, RoomRead
from chatapp.fragments import room_fact
from chatapp.models import Membership, Person
from chatapp.models.opening import Opening
from chatapp.realtime import delivery
from chatapp.realtime.room_streams import streams
from chatapp.sockets.acks import answers, this_connection


def register() -> None:
    """Answer what browsers ask of rooms."""
    answers(RoomOpen, room_open)
    answers(RoomClose, room_close)
    answers(RoomRead, room_read)
    answers(RoomMarkUnread, room_mark_unread)


def room_open(actor: Person, command: RoomOpen) -> JsonObject:
    room = access.opening(actor, command.room_id)
    delivery.open_room(this_connection().sid, command.room_id)
    try:
        if streams().has_told_after(room.id, room.version):
            room = _read_again(actor, room.id)
        return {**_opened(actor, room, command), **_worker()}
    except BaseException:
        # Among others: the right was taken away between the two looks. Out first, since asking may fail too.
        delivery.close_room(this_connection().sid, command.room_id, is_member=False)
        # Where the database went away in between, this session would refuse to ask anything more.
        db.session().rollback()
        _close(actor, command.room_id)
        raise


def room_close(actor: Person, command: RoomClose) -> JsonObject:
    _close(actor, command.room_id)
    return {}


def room_read(actor: Person, command: RoomRead) -> JsonObject:
    fact = memberships.mark_read(actor, command.room_id, command.number, generation=command.generation)
    return {"last_read_number": fact.last_read_number, "generation": fact.generation}


def room_mark_unread(actor: Person, command: RoomMarkUnread) -> JsonObject:
    fact = memberships.mark_unread(actor, command.room_id, command.number, generation=command.generation)
    return {"last_read_number": fact.last_read_number, "generation": fact.generation}


def _close(actor: Person, room_id: int) -> None:
    is_member = Membership.current(room_id, actor.id) is not None
    delivery.close_room(this_connection().sid, room_id, is_member=is_member)


def _read_again(actor: Person, room_id: int) -> Opening:
    # Joined, now read: what was told between the look and the joining fell through.
    streams().follow([room_id])
    db.read_anew()
    return access.opening(actor, room_id)


def _opened(actor: Person, room: Opening, command: RoomOpen) -> JsonObject:
    opened = {
        "version": room.version,
        "epoch": room.epoch,
        "room": room_fact(room).as_json(),
        "first_number": room.first_number,
        "last_number": room.last_number,
        "last_read_number": room.last_read_number,
        "generation": room.generation,
        # Where this server's scripts are: a page with others is of an earlier release.
        "assets": current_app.extensions["chatapp_static_prefix"],
    }
    if command.since is None or command.epoch not in (None, room.epoch):
        return opened
    changes = history.changes_in(actor, room, command.since, epoch=room.epoch).as_json()
    return {**opened, **{key: changes[key] for key in ("items", "up_to", "more")}}


def _worker() -> JsonObject:
    settings = config.current()
    return {"worker": settings.worker_number} if settings.tell_worker else {}
