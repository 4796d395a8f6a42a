"""The two pages of a room, its log and what is to be known about it, and the answer after it was changed."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from chatapp import access, config, db
from chatapp.actions import history, memberships, room_list
from chatapp.actions.file_store import max_upload_bytes
from chatapp.events import MessageFact, ReplyFact
from chatapp.fragments import page_message, reply_fact, room_fact
from chatapp.models import Membership, Message, Person, Room, User
from chatapp.models.membership import MEMBERS_PAGE
from chatapp.models.user import PEOPLE_PAGE
from chatapp.web.pages import cut, data, is_by_script, number_argument, page, wants_json

_SIDES = {"before": history.read_before, "after": history.read_after, "around": history.read_around}


@dataclass(frozen=True, kw_only=True)
class Linked:
    """The message that the address of a page names, and what its reader may do with it."""

    message: MessageFact
    may_edit: bool
    may_delete: bool
    may_react: bool


@dataclass(frozen=True, kw_only=True)
class Written:
    """What was typed, of the text and of what its files show, and the number of the message that it answers."""

    body: str = ""
    file_alts: str = ""
    reply_to: int | None = None


def room_page(
    actor: Person, room_id: int, status: int = 200, *, written: Written | None = None, error: str | None = None
) -> Response:
    """A room's page; `written` is kept after a refusal that `error` explains."""
    written = written or Written(reply_to=number_argument("reply"))
    room = access.readable_room(actor, room_id)
    # The head before the messages: what is said in between is then sent again, rather than missed.
    titled = room_list.titled(actor, room)
    shown, unread_from = _shown(actor, room_id)
    return page(
        "rooms/show.html",
        status,
        room=titled,
        messages=[page_message(said) for said in shown.said],
        has_older=shown.has_older,
        has_newer=shown.has_newer,
        unread_from=unread_from,
        is_member=Membership.current(room_id, actor.id) is not None,
        can_post=access.may_post(actor, room),
        read=memberships.read_state(actor, room_id),
        linked=_linked(actor, room, shown),
        listed=None if is_by_script() else room_list.list_rooms(actor),
        members_count=Membership.count(room_id),
        client_id=str(uuid4()),
        email=db.session().get_one(User, actor.id).email,
        reply=_reply(actor, room_id, written.reply_to),
        error=error,
        **_typed(written),
        **_limits(),
    )


def _typed(written: Written) -> dict[str, str]:
    return {"body": written.body, "file_alts": written.file_alts}


def _limits() -> dict[str, int]:
    settings = config.current()
    limits = {"message_max_chars": settings.message_max_chars, "max_uploads": settings.message_max_uploads}
    return {**limits, "upload_max_bytes": max_upload_bytes()}


def _shown(actor: Person, room_id: int) -> tuple[history.Page, int | None]:
    """The page of the log that is asked for, else the one to begin with; and the number of the first unread message."""
    unread_from = memberships.first_unread(actor, room_id)
    if any(name in request.args for name in _SIDES) and (asked := read_page(actor, room_id)).said:
        return asked, unread_from
    # Also where one paged past the end: better there than in an empty log.
    return history.read_unread(actor, room_id, unread_from), unread_from


def _linked(actor: Person, room: Room, shown: history.Page) -> Linked | None:
    number = number_argument("around")
    said = next((said for said in shown.said if said.message.number == number), None)
    if said is None:
        return None
    return Linked(
        message=page_message(said),
        may_edit=access.may_edit(actor, room, said.message),
        may_delete=access.may_delete(actor, room, said.message),
        may_react=access.may_react(actor, room, said.message),
    )


def _reply(actor: Person, room_id: int, number: int | None) -> ReplyFact | None:
    quoted = history.read_quoted(actor, room_id, number) if number is not None else None
    return reply_fact(quoted) if quoted and not quoted.deleted_at else None


def read_page(actor: Person, room_id: int, limit: int = history.PAGE_MESSAGES) -> history.Page:
    """The messages that the query string asks for: `before`, `after` or `around` a number, else the newest."""
    for name, read in _SIDES.items():
        if (number := number_argument(name)) is not None:
            return read(actor, room_id, number, limit=limit)
    return history.read_newest(actor, room_id, limit=limit)


def about_room(actor: Person, room_id: int, *, text: str = "", name: str | None = None) -> dict[str, Any]:
    """What `rooms/members.html` shows. `text` narrows the people down, `name` is a refused new name, kept."""
    room = access.readable_room(actor, room_id)
    members, members_more = cut(Membership.people_in(room_id, text, limit=MEMBERS_PAGE + 1), MEMBERS_PAGE)
    people, people_more = cut(Membership.people_outside(room_id, text, limit=PEOPLE_PAGE + 1), PEOPLE_PAGE)
    return {
        "room": room_list.titled(actor, room),
        "name": room.name if name is None else name,
        "members": members,
        "members_more": members_more,
        "people": people,
        "people_more": people_more,
        "query": text,
        "is_member": Membership.current(room_id, actor.id) is not None,
        "can_manage": access.manages(actor, room),
    }


def changed(room: Room) -> Response:
    """The answer after a room was changed."""
    if wants_json():
        return data(room_fact(room).as_json())
    return redirect(url_for("rooms.show", room_id=room.id), 303)


def message_changed(message: Message, version: int) -> Response:
    """The answer after a message was changed."""
    if wants_json():
        return data({"version": version})
    anchor = f"message-{message.number}"
    return redirect(url_for("rooms.show", room_id=message.room_id, around=message.number, _anchor=anchor), 303)
