"""History, permalinks, and posting by a plain form."""

from dataclasses import asdict

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from chatapp import access
from chatapp.actions import history
from chatapp.actions.messages import post_message
from chatapp.errors import (
    ChatError,
    MessageEmpty,
    MessageHasControlCharacters,
    MessageTooLong,
    NotAMember,
    RoomArchived,
)
from chatapp.fragments import message_fact
from chatapp.identity import signed_in_person
from chatapp.web.errors import sentence
from chatapp.web.pages import data, number_argument, wants_json
from chatapp.web.room_pages import read_page, room_page

blueprint = Blueprint("messages", __name__)


@blueprint.get("/rooms/<int:room_id>/messages")
def index(room_id: int) -> Response:
    """A page of history, oldest first; for a browser without a script the room's page shows it."""
    if not wants_json():
        return room_page(signed_in_person(), room_id)
    limit = number_argument("limit")
    shown = read_page(signed_in_person(), room_id, history.PAGE_MESSAGES if limit is None else limit)
    more = shown.has_newer if "after" in request.args else shown.has_older
    return data({"items": [message_fact(said).as_json() for said in shown.said], "more": more})


@blueprint.post("/rooms/<int:room_id>/messages")
def create(room_id: int) -> Response:
    actor, body = signed_in_person(), request.form.get("body", "")
    try:
        posted = post_message(actor, room_id, body, client_id=request.form.get("client_id"))
        if posted.mismatch and not wants_json():
            # The form was gone back to and filled in anew: another message, which must not be lost.
            posted = post_message(actor, room_id, body)
    except (MessageEmpty, MessageTooLong, MessageHasControlCharacters, NotAMember, RoomArchived) as error:
        return _kept(error, room_id, body)
    if wants_json():
        return data(asdict(posted), 201)
    return redirect(url_for("rooms.show", room_id=room_id, _anchor=f"message-{posted.number}"), 303)


@blueprint.get("/rooms/<int:room_id>/messages/<int:number>")
def show(room_id: int, number: int) -> Response:
    """The permalink of a message: its place in the room, with history both ways."""
    said = access.readable_message(signed_in_person(), room_id, number)
    if wants_json():
        return data(message_fact(said).as_json())
    return redirect(url_for("rooms.show", room_id=room_id, around=number, _anchor=f"message-{number}"))


def _kept(error: ChatError, room_id: int, body: str) -> Response:
    if wants_json():
        raise error
    return room_page(signed_in_person(), room_id, error.status, body=body, error=sentence(error))
