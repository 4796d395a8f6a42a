"""Who is in a room: seeing it, coming, going, bringing people in and taking them out; and what one has read."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from chatapp import access
from chatapp.actions import memberships
from chatapp.errors import PersonNotFound, RoomArchived
from chatapp.identity import signed_in_person
from chatapp.models import Membership, Room
from chatapp.web.forms import shown_again
from chatapp.web.pages import data, form_number, page, wants_json
from chatapp.web.room_pages import about_room, changed

blueprint = Blueprint("members", __name__)


@blueprint.get("/rooms/<int:room_id>/members")
def index(room_id: int) -> Response:
    actor, text = signed_in_person(), request.args.get("q", "").strip()
    access.readable_room(actor, room_id)
    if wants_json():
        found = Membership.people_in(room_id, text)
        return data({"members": [{"id": user.id, "name": user.name} for user in found]})
    return page("rooms/members.html", errors={}, **about_room(actor, room_id, text=text))


@blueprint.post("/rooms/<int:room_id>/members")
def add(room_id: int) -> Response:
    actor = signed_in_person()
    try:
        room = memberships.add_member(actor, room_id, form_number("user_id"))
    except (PersonNotFound, RoomArchived) as error:
        return shown_again(error, "rooms/members.html", **about_room(actor, room_id))
    return _shown(room)


@blueprint.post("/rooms/<int:room_id>/members/<int:user_id>/remove")
def remove(room_id: int, user_id: int) -> Response:
    actor = signed_in_person()
    memberships.remove_member(actor, room_id, user_id)
    if user_id == actor.id:
        return _gone(room_id)
    return _shown(access.readable_room(actor, room_id))


@blueprint.post("/rooms/<int:room_id>/join")
def join(room_id: int) -> Response:
    return changed(memberships.join_room(signed_in_person(), room_id))


@blueprint.post("/rooms/<int:room_id>/leave")
def leave(room_id: int) -> Response:
    memberships.leave_room(signed_in_person(), room_id)
    return _gone(room_id)


@blueprint.post("/rooms/<int:room_id>/read")
def read(room_id: int) -> Response:
    number, generation = form_number("number"), form_number("generation", default="0")
    fact = memberships.mark_read(signed_in_person(), room_id, number, generation=generation)
    if wants_json():
        return data({"last_read_number": fact.last_read_number, "generation": fact.generation})
    return redirect(url_for("rooms.show", room_id=room_id), 303)


@blueprint.post("/rooms/read")
def read_all() -> Response:
    facts = memberships.mark_all_read(signed_in_person())
    if wants_json():
        return data({"rooms": [fact.as_json() for fact in facts]})
    return redirect(url_for("rooms.index"), 303)


def _shown(room: Room) -> Response:
    return changed(room) if wants_json() else redirect(url_for("members.index", room_id=room.id), 303)


def _gone(room_id: int) -> Response:
    return data({"id": room_id}) if wants_json() else redirect(url_for("rooms.index"), 303)


@blueprint.post("/rooms/<int:room_id>/mark-unread")
def mark_unread(room_id: int) -> Response:
    number, generation = form_number("number"), form_number("generation", default="0")
    fact = memberships.mark_unread(signed_in_person(), room_id, number, generation=generation)
    if wants_json():
        return data({"last_read_number": fact.last_read_number, "generation": fact.generation})
    return redirect(url_for("rooms.index"), 303)
