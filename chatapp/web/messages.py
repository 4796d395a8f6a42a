"""History, permalinks, and posting by a plain form."""

from dataclasses import asdict
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from chatapp import access, config
from chatapp.actions import history
from chatapp.actions.messages import Posted, delete_message, edit_message, post_message
from chatapp.errors import (
    ChatError,
    CursorAhead,
    MessageDeleted,
    MessageEditedSince,
    MessageEmpty,
    MessageHasControlCharacters,
    MessageTooLong,
    NotAMember,
    RepliedDeleted,
    RoomArchived,
    TooManyRequests,
)
from chatapp.fragments import iso, message_fact, page_message
from chatapp.identity import signed_in_person
from chatapp.models import Message, MessageEdit, Person
from chatapp.throttle import throttle
from chatapp.upload_errors import (
    FormTooLarge,
    StorageFull,
    StorageUnavailable,
    TooManyUnsent,
    TooManyUploads,
    UploadAltTooLong,
    UploadInfected,
    UploadLengthWrong,
    UploadNotFound,
    UploadQuotaFull,
    UploadShareFull,
    UploadTooLarge,
    UploadTooLargeToScan,
)
from chatapp.web.errors import sentence, when_to_retry
from chatapp.web.forms import shown_again
from chatapp.web.pages import data, form_number, number_argument, page, refuse_another_epoch, wait_for, wants_json
from chatapp.web.room_pages import Written, message_changed, read_page, room_page
from chatapp.web.uploads import received_alts, received_files

blueprint = Blueprint("messages", __name__)

# Refusals after which the text comes back with the reason: it would be lost on an error's page.
_TEXT_KEPT = (
    *(CursorAhead, MessageDeleted, MessageEditedSince, MessageEmpty, MessageHasControlCharacters, MessageTooLong),
    *(NotAMember, RepliedDeleted, RoomArchived, TooManyRequests),
    *(FormTooLarge, StorageFull, StorageUnavailable, TooManyUnsent, TooManyUploads),
    *(UploadNotFound, UploadQuotaFull, UploadShareFull),
    *(UploadAltTooLong, UploadInfected, UploadLengthWrong, UploadTooLarge, UploadTooLargeToScan),
)


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
    reply_to = form_number("reply_to") if request.form.get("reply_to") else None
    try:
        wait_for(throttle().post(actor.id))
        refuse_another_epoch()
        posted = _posted(actor, room_id, body, reply_to)
    except _TEXT_KEPT as error:
        written = Written(body=body, file_alts=request.form.get("file_alts", ""), reply_to=reply_to)
        return _kept(error, room_id, written)
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


@blueprint.get("/messages/<int:message_id>/edit")
def edit_form(message_id: int) -> Response:
    """The form for a browser without a script."""
    message = access.own_message(signed_in_person(), message_id)
    return page("messages/edit.html", errors={}, **_edit_form(message, message.body, message.version))


@blueprint.post("/messages/<int:message_id>/edit")
def edit(message_id: int) -> Response:
    actor, body = signed_in_person(), request.form.get("body", "")
    written_against = form_number("version") if request.form.get("version") else None
    try:
        wait_for(throttle().change(actor.id))
        version = edit_message(actor, message_id, body, version=written_against)
    except _TEXT_KEPT as error:
        if wants_json():
            raise
        message = access.authored_message(actor, message_id)
        # It goes on as an edit of what was there then, unless it is told just now that there is a newer text.
        against = None if isinstance(error, MessageEditedSince) else written_against
        return shown_again(error, "messages/edit.html", **_edit_form(message, body, against or message.version))
    return message_changed(access.own_message(actor, message_id), version)


@blueprint.post("/messages/<int:message_id>/delete")
def delete(message_id: int) -> Response:
    actor = signed_in_person()
    message = access.deletable_message(actor, message_id)
    return message_changed(message, delete_message(actor, message_id))


@blueprint.get("/rooms/<int:room_id>/messages/<int:number>/edits")
def edits(room_id: int, number: int) -> Response:
    """What the message said before; nothing once it is deleted."""
    said = access.readable_message(signed_in_person(), room_id, number)
    former = MessageEdit.of(said.message.id)
    if wants_json():
        items = [{"body": each.body, "html": each.html, "written_at": iso(each.written_at)} for each in former]
        return data({"items": items})
    return page("messages/edits.html", message=page_message(said), edits=former)


def _posted(actor: Person, room_id: int, body: str, reply_to: int | None) -> Posted:
    client_id = request.form.get("client_id")
    ids = received_files(actor, room_id, client_id)
    alts = received_alts(len(ids))
    post = partial(post_message, actor, room_id, body, reply_to=reply_to, upload_ids=ids, upload_alts=alts)
    posted = post(client_id=client_id)
    if wants_json():
        return posted
    if client_id and posted.mismatch:
        # The form was gone back to and filled in anew: another message, which must not be lost. Its id follows from
        # both, so that a double click is still one message.
        posted = post(client_id=str(uuid5(UUID(client_id), f"{ids} {body}")))
    if posted.duplicate and access.readable_message(actor, room_id, posted.number).message.deleted_at:
        # Sent again, or filled in anew: nobody can tell. So the text comes back, and whoever wrote it decides.
        raise MessageDeleted
    return posted


def _edit_form(message: Message, body: str, version: int) -> dict[str, Any]:
    most = config.current().message_max_chars
    return {"message": message, "body": body, "version": version, "message_max_chars": most}


def _kept(error: ChatError, room_id: int, written: Written) -> Response:
    if wants_json():
        raise error
    again = room_page(signed_in_person(), room_id, error.status, written=written, error=sentence(error))
    return when_to_retry(again, error)
