"""Saying something."""

import re
from contextlib import suppress
from dataclasses import dataclass

from chatapp import access, config, db, text
from chatapp.actions import history
from chatapp.actions.changes import changing, checked_client_id
from chatapp.actions.file_store import remove_bytes
from chatapp.actions.posting import post_in_line
from chatapp.counters import counters, timed
from chatapp.errors import BadRequest, MessageEditedSince, NotAMember, RepliedDeleted, RoomArchived, RoomNotFound
from chatapp.models import Membership, Message, MessageEdit, Person, Reaction, Room, Upload
from chatapp.models.message import Quoted, Said, quoted_in, said_by, said_with_client_id
from chatapp.models.posting import Draft
from chatapp.models.upload import uploads_of
from chatapp.realtime import broadcasts
from chatapp.upload_errors import TooManyUploads, UploadInfected, UploadNotFound

_EPOCH = re.compile(r"[\w-]{1,64}", re.ASCII)

# The same message may have come before, and is then no reason to refuse anything.
_OR_IS_THERE = (db.Conflict, RepliedDeleted, RoomArchived, NotAMember, RoomNotFound, UploadInfected, UploadNotFound)


@dataclass(frozen=True, kw_only=True)
class Posted:
    """Where a message stands. `mismatch`: it was posted before under this client id, with another text or files.

    Never of one that was deleted meanwhile: nothing is left to compare with, and a retry must not bring it back.
    """

    id: int
    number: int
    version: int
    duplicate: bool = False
    mismatch: bool = False


@dataclass(frozen=True)
class _Written:
    """A message that can be posted."""

    client_id: str
    body: str
    html: str
    reply_to: int | None
    upload_ids: tuple[int, ...]
    alts: tuple[str | None, ...]

    @property
    def is_text_alone(self) -> bool:
        """True without files and when it answers nothing."""
        return self.reply_to is None and not self.upload_ids

    def as_draft(self, actor: Person, epoch: str | None) -> Draft:
        """The same for posting together with others."""
        return Draft(author_id=actor.id, client_id=self.client_id, body=self.body, html=self.html, epoch=epoch)


@timed(counters.posting)
def post_message(
    actor: Person,
    room_id: int,
    body: str,
    *,
    client_id: str | None = None,
    reply_to: int | None = None,
    upload_ids: tuple[int, ...] = (),
    upload_alts: tuple[str, ...] = (),
    epoch: str | None = None,
) -> Posted:
    """Post a message as `actor` and tell everyone in the room. Posting one client_id again gives the first message.

    `reply_to` is the number of the message in the same room that it answers, `upload_ids` are files that `actor` sent
    to the room; with one, the text may be empty. `upload_alts` say what each of them shows. `epoch` says in which one
    it was written: after a restore the ids may be others'.
    Raises BadRequest (a client_id that is no UUID, a reply to nothing, more or fewer alts than files), RepliedDeleted,
    CursorAhead (another epoch), MessageEmpty, MessageTooLong, MessageHasControlCharacters, TooManyUploads,
    UploadAltTooLong, UploadInfected, UploadNotFound, RoomNotFound, NotAMember, RoomArchived, Unavailable.
    """
    if len(upload_ids) > (most := config.current().message_max_uploads):
        raise TooManyUploads(max_count=most)
    client_id, alts = checked_client_id(client_id), _checked_alts(upload_alts, len(upload_ids))
    body = _checked_body(body, may_be_empty=bool(upload_ids))
    written = _Written(client_id, body, text.render(body), reply_to, upload_ids, alts)
    try:
        return _post_together(actor, room_id, written, epoch) or _post(actor, room_id, written, epoch)
    except _OR_IS_THERE as error:
        # Rolled back, so neither version nor number is used up.
        return _posted_before(actor, room_id, written, error)


def edit_message(actor: Person, message_id: int, body: str, *, version: int | None = None) -> int:
    """The version of the message with its new text; the former one stays readable for the room's members.

    `version` is the one of the message that the new text was written against: an edit that comes late must not undo a
    newer one. The same text again changes nothing.
    Raises MessageEditedSince, as `post_message` for the text, and as `access.own_message`.
    """
    may_be_empty = not body.strip() and access.own_message(actor, message_id).upload_count > 0
    body = _checked_body(body, may_be_empty=may_be_empty)
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
    """The version of the message as a tombstone; no text of it is left, and no file of it can be fetched any more.

    Raises as `access.deletable_message`.
    """
    room_id = access.deletable_message(actor, message_id).room_id
    with changing(room_id) as head:
        message = access.deletable_message(actor, message_id)
        MessageEdit.forget(message.id)
        Reaction.forget(message.id)
        doomed = Upload.doom_of(message.id) if message.upload_count else []
        message.body, message.html, message.upload_count = "", "", 0
        message.deleted_at, message.version, message.reacted_version = db.now(), head.version, None
        broadcasts.message_changed(said_by(message))
        db.after_commit(db.sweep_journal)
    # Not before the room's next writer: a bucket may take its time.
    remove_bytes(doomed)
    return head.version


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


def _checked_body(body: str, *, may_be_empty: bool) -> str:
    if may_be_empty and not body.strip():
        return ""
    return text.check_body(body, max_chars=config.current().message_max_chars)


def _checked_alts(upload_alts: tuple[str, ...], count: int) -> tuple[str | None, ...]:
    if upload_alts and len(upload_alts) != count:
        raise BadRequest(field="upload_alts")
    return tuple(text.check_alt_text(each) for each in upload_alts) or (None,) * count


def _post_together(actor: Person, room_id: int, written: _Written, epoch: str | None) -> Posted | None:
    # An epoch that is none is not for the statement, in which others post as well: it is refused by itself.
    if not written.is_text_alone or not (epoch is None or _EPOCH.fullmatch(epoch)):
        return None
    place = post_in_line(actor, room_id, written.as_draft(actor, epoch))
    return Posted(id=place.id, number=place.number, version=place.version) if place else None


def _post(actor: Person, room_id: int, written: _Written, epoch: str | None) -> Posted:
    history.check_epoch(epoch)
    with db.room_transaction(room_id) as session:
        # Version first: it is the room's lock, and orders us behind whoever posts.
        head = Room.next_number(room_id)
        if head is None:
            raise RoomNotFound
        access.writable_room(actor, room_id)
        quoted = None if written.reply_to is None else _quoted(room_id, written.reply_to)
        message = Message(
            room_id=room_id,
            number=head.last_number,
            version=head.version,
            author_id=actor.id,
            client_id=written.client_id,
            body=written.body,
            html=written.html,
            reply_to=written.reply_to,
            upload_count=len(written.upload_ids),
        )
        session.add(message)
        session.flush()
        uploads = _attached(message, written)
        Membership.advance_read(room_id, actor.id, head.last_number)
        broadcasts.message_changed(Said(message, actor.name, quoted=quoted, uploads=uploads))
        return Posted(id=message.id, number=message.number, version=message.version)


def _attached(message: Message, written: _Written) -> tuple[Upload, ...]:
    for position, (upload_id, alt) in enumerate(zip(written.upload_ids, written.alts, strict=True)):
        if not Upload.attach(upload_id, message, position, alt):
            raise UploadInfected if Upload.is_refused(upload_id, message.author_id) else UploadNotFound
    return uploads_of([message.id]).get(message.id, ()) if written.upload_ids else ()


def _posted_before(actor: Person, room_id: int, written: _Written, error: Exception) -> Posted:
    first = said_with_client_id(room_id, actor.id, written.client_id)
    if first is None:
        # A refusal stands; a conflict of any other kind is a fault of ours.
        raise error
    return Posted(
        id=first.id,
        number=first.number,
        version=first.version,
        duplicate=True,
        mismatch=first.deleted_at is None and _is_another(first, written),
    )


def _is_another(first: Message, written: _Written) -> bool:
    return _first_text(first) != written.body or _has_other_files(first, written.upload_ids)


def _has_other_files(first: Message, upload_ids: tuple[int, ...]) -> bool:
    attached = {upload.id for upload in uploads_of([first.id] if upload_ids else []).get(first.id, ())}
    return not attached.issuperset(upload_ids)


def _first_text(message: Message) -> str:
    # As it was posted: a late retry of what was edited since is no other text, and must not undo the edit.
    former = MessageEdit.of(message.id)
    return former[0].body if former else message.body


def _quoted(room_id: int, number: int) -> Quoted:
    # Behind the room's lock: nobody deletes it before this is told.
    quoted = quoted_in(room_id, [number]).get(number)
    if quoted is None:
        raise BadRequest(field="reply_to")
    if quoted.deleted_at is not None:
        raise RepliedDeleted
    return quoted
