"""The room list and the room pages."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from chatapp import access, config
from chatapp.actions import history, memberships, room_list, rooms
from chatapp.errors import ChatError, RoomNotFound
from chatapp.fragments import page_message, room_fact
from chatapp.identity import signed_in_person
from chatapp.models import Membership, Person, Room, RoomKind, User
from chatapp.names import clean_name
from chatapp.web.forms import shown_again
from chatapp.web.pages import data, number_argument, page, wants_json, whole_number

blueprint = Blueprint("rooms", __name__)
_SIDES = {"before": history.read_before, "after": history.read_after, "around": history.read_around}
LAST_ROOM = "last_room"  # the session's key for the room to come back to


@blueprint.get("/")
def home() -> Response:
    """To the room one was in last, else to the list."""
    room_id = session.get(LAST_ROOM)
    try:
        access.readable_room(signed_in_person(), int(room_id or 0))
    except RoomNotFound:
        return redirect(url_for("rooms.index"))
    return redirect(url_for("rooms.show", room_id=room_id))


@blueprint.get("/rooms")
def index() -> Response:
    """The rooms one may see. With `?name=` the room of that name, else a page that asks before it makes one."""
    actor, name = signed_in_person(), request.args.get("name", "")
    if name.strip():
        return _to_named_room(actor, name)
    entries = room_list.list_rooms(actor)
    if wants_json():
        return data({"rooms": [entry.as_json() for entry in entries]})
    return page("rooms/index.html", rooms=entries, name="")


@blueprint.get("/rooms/new")
def new() -> Response:
    chosen = {whole_number(each, "members") for each in request.args.getlist("members")}
    return page("rooms/new.html", errors={}, **_new_room(request.args.get("name", ""), _kind(request.args), chosen))


@blueprint.post("/rooms")
def create() -> Response:
    actor, kind, name = signed_in_person(), _kind(request.form), request.form.get("name", "")
    members = {whole_number(each, "members") for each in request.form.getlist("members")}
    try:
        room, is_new = _made(actor, kind, name, members)
    except ChatError as error:
        return shown_again(error, "rooms/new.html", **_new_room(name, kind, members))
    if wants_json():
        titled = room_list.titled(actor, room)
        return data({"id": room.id, "name": titled.name, "kind": room.kind}, 201 if is_new else 200)
    return redirect(url_for("rooms.show", room_id=room.id), 303)


@blueprint.get("/rooms/<int:room_id>")
def show(room_id: int) -> Response:
    actor = signed_in_person()
    response = room_page(actor, room_id)
    session[LAST_ROOM] = room_id
    return response


@blueprint.get("/rooms/<int:room_id>/changes")
def changes(room_id: int) -> Response:
    since = number_argument("since") or 0
    limit = number_argument("limit")
    limit = history.PAGE_MAX_MESSAGES if limit is None else limit
    return data(history.read_changes(signed_in_person(), room_id, since, limit=limit).as_json())


@blueprint.post("/rooms/<int:room_id>/rename")
def rename(room_id: int) -> Response:
    return changed(rooms.rename_room(signed_in_person(), room_id, request.form.get("name", "")))


@blueprint.post("/rooms/<int:room_id>/archive")
def archive(room_id: int) -> Response:
    return changed(rooms.archive_room(signed_in_person(), room_id))


@blueprint.post("/rooms/<int:room_id>/restore")
def restore(room_id: int) -> Response:
    return changed(rooms.restore_room(signed_in_person(), room_id))


def room_page(actor: Person, room_id: int, status: int = 200, *, body: str = "", error: str | None = None) -> Response:
    """A room's page; `body` is what was typed, kept after a refusal that `error` explains."""
    room = access.readable_room(actor, room_id)
    # The head before the messages: what is said in between is then sent again, rather than missed.
    titled = room_list.titled(actor, room)
    shown = read_page(actor, room_id)
    if not shown.said:
        # Paged past the end: better the newest than an empty log.
        shown = history.read_newest(actor, room_id)
    return page(
        "rooms/show.html",
        status,
        room=titled,
        epoch=history.current_epoch(),
        messages=[page_message(said) for said in shown.said],
        has_older=shown.has_older,
        has_newer=shown.has_newer,
        is_member=Membership.current(room_id, actor.id) is not None,
        can_post=access.may_post(actor, room),
        read=memberships.read_state(actor, room_id),
        members_count=Membership.count(room_id),
        message_max_chars=config.current().message_max_chars,
        client_id=str(uuid4()),
        body=body,
        error=error,
    )


def read_page(actor: Person, room_id: int, limit: int = history.PAGE_MESSAGES) -> history.Page:
    """The messages that the query string asks for: `before`, `after` or `around` a number, else the newest."""
    for name, read in _SIDES.items():
        if (number := number_argument(name)) is not None:
            return read(actor, room_id, number, limit=limit)
    return history.read_newest(actor, room_id, limit=limit)


def _to_named_room(actor: Person, name: str) -> Response:
    clean_name(name, max_chars=config.current().name_max_chars)
    room = room_list.find_room(actor, name)
    if wants_json():
        entries = [entry for entry in room_list.list_rooms(actor) if room and entry.id == room.id]
        return data({"rooms": [entry.as_json() for entry in entries]})
    if room is None:
        return redirect(url_for("rooms.new", name=name.strip()))
    return redirect(url_for("rooms.show", room_id=room.id))


def _made(actor: Person, kind: str, name: str, members: set[int]) -> tuple[Room, bool]:
    if kind == RoomKind.DIRECT:
        return rooms.open_direct_room(actor, members)
    return rooms.create_room(actor, name, kind, members), True


def changed(room: Room) -> Response:
    """The answer after a room was changed."""
    if wants_json():
        return data(room_fact(room).as_json())
    return redirect(url_for("rooms.show", room_id=room.id), 303)


def _kind(fields: MultiDict[str, str]) -> str:
    return fields.get("kind", RoomKind.OPEN)


def _new_room(name: str, kind: str, chosen: set[int]) -> dict[str, Any]:
    people = [user for user in User.named_like() if user.id != signed_in_person().id]
    return {"name": name, "kind": kind, "people": people, "chosen": chosen}
