"""The room list and the room pages."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from chatapp import access, config
from chatapp.actions import history, room_list, rooms
from chatapp.errors import (
    BadRequest,
    ChatError,
    NameEmpty,
    NameHasControlCharacters,
    NameTooLong,
    RoomArchived,
    RoomNameTaken,
    RoomNotFound,
)
from chatapp.identity import signed_in_guest, signed_in_person
from chatapp.models import Person, Room, RoomKind, User
from chatapp.models.membership import ROOMS_PAGE
from chatapp.models.user import PEOPLE_PAGE
from chatapp.names import clean_name
from chatapp.web.forms import shown_again
from chatapp.web.pages import PAGE_OF, cut, data, number_argument, page, wants_json, whole_number
from chatapp.web.room_pages import about_room, changed, room_page

blueprint = Blueprint("rooms", __name__)
LAST_ROOM = "last_room"  # a cookie: it outlives the sign-in, and holds only a number (behaviour 66)


@blueprint.get("/")
def home() -> Response:
    """To the room one was in last, else to the list."""
    try:
        room_id = whole_number(request.cookies.get(LAST_ROOM, ""), LAST_ROOM)
        access.readable_room(signed_in_person(), room_id)
    except (BadRequest, RoomNotFound):
        return redirect(url_for("rooms.index"))
    return redirect(url_for("rooms.show", room_id=room_id))


@blueprint.get("/rooms")
def index() -> Response:
    """The rooms one may see. With `?name=` the room of that name, else a page that asks before it makes one."""
    actor, name = signed_in_person(), request.args.get("name", "")
    if name.strip():
        return _to_named_room(actor, name)
    entries, more = cut(room_list.list_rooms(actor, limit=ROOMS_PAGE + 1), ROOMS_PAGE)
    if wants_json():
        return data({"rooms": [entry.as_json() for entry in entries]})
    return page("rooms/index.html", rooms=entries, name="", more=more)


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
    if PAGE_OF in request.headers:  # a script asks, and may do so before anybody goes there: then it says so itself
        return response
    days = timedelta(days=config.current().sign_in_max_days)
    # Not HttpOnly: one goes from room to room without another page, and the script then says which was the last.
    response.set_cookie(LAST_ROOM, str(room_id), max_age=days, secure=request.is_secure, samesite="Lax")
    return response


@blueprint.get("/rooms/<int:room_id>/changes")
def changes(room_id: int) -> Response:
    since = number_argument("since") or 0
    limit = number_argument("limit")
    limit = history.PAGE_MAX_MESSAGES if limit is None else limit
    found = history.read_changes(signed_in_person(), room_id, since, epoch=request.args.get("epoch"), limit=limit)
    # Of people too, where no socket tells: the page asks for them when it knows an older version.
    return data({**found.as_json(), "people_version": signed_in_guest().people_version})


@blueprint.post("/rooms/<int:room_id>/rename")
def rename(room_id: int) -> Response:
    actor, name = signed_in_person(), request.form.get("name", "")
    try:
        room = rooms.rename_room(actor, room_id, name)
    except (NameEmpty, NameTooLong, NameHasControlCharacters, RoomNameTaken, RoomArchived) as error:
        return shown_again(error, "rooms/members.html", **about_room(actor, room_id, name=name))
    return changed(room)


@blueprint.post("/rooms/<int:room_id>/archive")
def archive(room_id: int) -> Response:
    return changed(rooms.archive_room(signed_in_person(), room_id))


@blueprint.post("/rooms/<int:room_id>/restore")
def restore(room_id: int) -> Response:
    return changed(rooms.restore_room(signed_in_person(), room_id))


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


def _kind(fields: MultiDict[str, str]) -> str:
    return fields.get("kind", RoomKind.OPEN)


def _new_room(name: str, kind: str, chosen: set[int]) -> dict[str, Any]:
    text = request.values.get("q", "").strip()
    found, more = cut(User.named_like(text, limit=PEOPLE_PAGE + 1), PEOPLE_PAGE)
    # Who is chosen stays on the page, whatever else is looked for: unticked, they would be left out in silence.
    shown = {user.id: user for user in [*User.active(chosen), *found]}
    shown.pop(signed_in_person().id, None)
    return {"name": name, "kind": kind, "people": list(shown.values()), "chosen": chosen, "q": text, "more": more}
