"""Saying something."""

import re
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

from chatapp import access, config, db, text
from chatapp.actions.changes import changing
from chatapp.errors import BadRequest, MessageEditedSince, NotAMember, RepliedDeleted, RoomArchived, RoomNotFound
from chatapp.models import Membership, Message, MessageEdit, Person, Reaction, Room
from chatapp.models.message import Quoted, Said, quoted_in, said_by, said_with_client_id
from chatapp.realtime import broadcasts

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, kw_only=True)
class Posted:
    """Where a message stands. `mismatch`: it was posted before under this client id, with another text."""

    id: int
    number: int
    version: int
    duplicate: bool = False
    mismatch: bool = False


def post_message(
    actor: Person, room_id: int, body: str, *, client_id: str | None = None, reply_to: int | None = None
) -> Posted:
    """Post a message as `actor` and tell everyone in the room. Posting one client_id again gives the first message.

    `reply_to` is the number of the message in the same room that it answers.
    Raises BadRequest (a client_id that is no UUID, a reply to nothing), RepliedDeleted, MessageEmpty, MessageTooLong,
    MessageHasControlCharacters, RoomNotFound, NotAMember, RoomArchived, Unavailable.
    """
    client_id = _checked_client_id(client_id)
    body = text.check_body(body, max_chars=config.current().message_max_chars)
    html = text.render(body)
    try:
        return _post(actor, room_id, body, html, client_id, reply_to)
    except (db.Conflict, RepliedDeleted, RoomArchived, NotAMember, RoomNotFound) as error:
        # Rolled back, so neither version nor number is used up.
        return _posted_before(actor, room_id, body, client_id, error)


def edit_message(actor: Person, message_id: int, body: str, *, version: int | None = None) -> int:
    """The version of the message with its new text; the former one stays readable for the room's members.

    `version` is the one of the message that the new text was written against: an edit that comes late must not undo a
    newer one. The same text again changes nothing.
    Raises MessageEditedSince, as `post_message` for the text, and as `access.own_message`.
    """
    body = text.check_body(body, max_chars=config.current().message_max_chars)
    html = text.render(body)
    message = access.own_message(actor, message_id)
    if message.body != body:
        with suppress(_IsSoAlready), changing(message.room_id) as head:
            message = access.own_message(actor, message_id)
            _check_newest(message, body, version)
            _keep_former(message, head.version)
            message.body, message.html = body, html
            message.edited_at, message.version = db.now(), head.version
            broadcasts.message_changed(said_by(message))
    return message.version


def delete_message(actor: Person, message_id: int) -> int:
    """The version of the message as a tombstone; no text of it is left. Raises as `access.deletable_message`."""
    room_id = access.deletable_message(actor, message_id).room_id
    with changing(room_id) as head:
        message = access.deletable_message(actor, message_id)
        MessageEdit.forget(message.id)
        Reaction.forget(message.id)
        message.body = message.html = ""
        message.deleted_at, message.version, message.reacted_version = db.now(), head.version, None
        broadcasts.message_changed(said_by(message))
        db.after_commit(db.sweep_journal)
        return message.version


class _IsSoAlready(Exception):
    """The same edit came by another way: rolled back, so no version is used up."""


def _check_newest(message: Message, body: str, version: int | None) -> None:
    if message.body == body:
        raise _IsSoAlready
    # Not the message's own version: a reaction raises that one, and is no reason to refuse a text.
    if version is not None and MessageEdit.last_version(message.id) > version:
        raise MessageEditedSince


def _keep_former(message: Message, version: int) -> None:
    written_at = message.edited_at or message.created_at
    former = MessageEdit(
        message_id=message.id, version=version, body=message.body, html=message.html, written_at=written_at
    )
    db.session().add(former)


def _post(actor: Person, room_id: int, body: str, html: str, client_id: str, reply_to: int | None) -> Posted:
    with db.room_transaction(room_id) as session:
        # Version first: it is the room's lock, and orders us behind whoever posts.
        head = Room.next_number(room_id)
        if head is None:
            raise RoomNotFound
        access.writable_room(actor, room_id)
        quoted = None if reply_to is None else _quoted(room_id, reply_to)
        message = Message(
            room_id=room_id,
            number=head.last_number,
            version=head.version,
            author_id=actor.id,
            client_id=client_id,
            body=body,
            html=html,
            reply_to=reply_to,
        )
        session.add(message)
        session.flush()
        Membership.advance_read(room_id, actor.id, head.last_number)
        broadcasts.message_changed(Said(message, actor.name, quoted=quoted))
        return Posted(id=message.id, number=message.number, version=message.version)


def _posted_before(actor: Person, room_id: int, body: str, client_id: str, error: Exception) -> Posted:
    first = said_with_client_id(room_id, actor.id, client_id)
    if first is None:
        # A refusal stands; a conflict of any other kind is a fault of ours.
        raise error
    return Posted(
        id=first.id,
        number=first.number,
        version=first.version,
        duplicate=True,
        mismatch=_first_text(first) != body,
    )


def _first_text(message: Message) -> str:
    # As it was posted: a late retry of what was edited since is no other text, and must not undo the edit.
    former = MessageEdit.of(message.id)
    return former[0].body if former else message.body


def _checked_client_id(client_id: str | None) -> str:
    if client_id is None:
        return str(uuid4())
    if not _UUID.fullmatch(client_id.lower()):
        raise BadRequest(field="client_id")
    return client_id.lower()


def _quoted(room_id: int, number: int) -> Quoted:
    # Behind the room's lock: nobody deletes it before this is told.
    quoted = quoted_in(room_id, [number]).get(number)
    if quoted is None:
        raise BadRequest(field="reply_to")
    if quoted.deleted_at is not None:
        raise RepliedDeleted
    return quoted
