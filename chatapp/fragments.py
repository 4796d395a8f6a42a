"""One partial, rendered once, for the page and for the wire alike."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from flask import current_app
from jinja2.runtime import Context

from chatapp import text
from chatapp.events import AuthorFact, Down, MessageFact, PersonFact, ReactionFact, ReplyFact, RoomFact, UploadFact
from chatapp.media_types import kind_of
from chatapp.models import Room, Upload
from chatapp.models.message import Quoted, Said
from chatapp.models.opening import Opening
from chatapp.models.reaction import Reacted

NAMED_PEOPLE = 10  # of those who chose an emoji; the others are counted, as nobody reads a longer list
MAY_MOVE = ("image/gif", "image/webp")
EXCERPT_CHARS = 160  # of a message, in a reply to it: two lines


def message_fact(said: Said, *, prev: int | None = None) -> MessageFact:
    """A message as it goes to everybody; its `html` is the whole `messages/_message.html`.

    `prev` is the version before it in the stream it is sent in; the version just below when not given.
    """
    fact = page_message(said, prev)
    return replace(fact, html=_rendered(fact))


def page_message(said: Said, prev: int | None = None) -> MessageFact:
    """The same for a page, which includes the partial itself; its `html` is the body alone."""
    message = said.message
    return MessageFact(
        event=_last_event(said),
        room_id=message.room_id,
        version=message.version,
        prev=message.version - 1 if prev is None else prev,
        id=message.id,
        number=message.number,
        client_id=message.client_id,
        author=AuthorFact(message.author_id, said.author_name, said.is_author_deactivated),
        body=message.body,
        html=message.html,
        created_at=iso(message.created_at),
        edited_at=iso(message.edited_at) if message.edited_at else None,
        deleted_at=iso(message.deleted_at) if message.deleted_at else None,
        reply_to=message.reply_to,
        reply=reply_fact(said.quoted) if said.quoted else None,
        uploads=tuple(upload_fact(upload) for upload in said.uploads),
        reactions=tuple(_reaction_fact(reacted) for reacted in said.reactions),
    )


def upload_fact(upload: Upload) -> UploadFact:
    """A file as it goes to everybody who may see its message."""
    # The name is for people; whatever stands there, the number alone leads to the file.
    url = f"/uploads/{upload.id}/{quote(upload.name, safe='')}"
    return UploadFact(
        id=upload.id,
        name=upload.name,
        media_type=upload.media_type,
        kind=kind_of(upload.media_type),
        size=upload.size,
        width=upload.width,
        height=upload.height,
        # Of one that was looked at before that was asked, its type says that it may be. Of PNG hardly any is.
        is_animated=upload.media_type in MAY_MOVE if upload.is_animated is None else upload.is_animated,
        alt=upload.alt,
        url=url,
        is_held=upload.is_held,
        is_infected=upload.is_infected,
        thumbnail=f"{url}?thumbnail=1" if upload.thumbnail_key else None,
    )


def reply_fact(quoted: Quoted) -> ReplyFact:
    """A message as the replies to it show it."""
    return ReplyFact(
        number=quoted.number,
        version=quoted.version,
        author=PersonFact(quoted.author.id, quoted.author.name),
        excerpt=text.excerpt(quoted.html, EXCERPT_CHARS) or text.cut(", ".join(quoted.file_names), EXCERPT_CHARS),
        deleted_at=iso(quoted.deleted_at) if quoted.deleted_at else None,
    )


def _last_event(said: Said) -> Down:
    message = said.message
    if message.deleted_at:
        return Down.MESSAGE_DELETED
    if message.version in (message.reacted_version, *(upload.version for upload in said.uploads)):
        return Down.MESSAGE_CHANGED
    return Down.MESSAGE_EDITED if message.edited_at else Down.MESSAGE_POSTED


def _reaction_fact(reacted: Reacted) -> ReactionFact:
    return ReactionFact(
        emoji=reacted.emoji,
        count=len(reacted.people),
        user_ids=tuple(person.id for person in reacted.people),
        people=tuple(PersonFact(person.id, person.name) for person in reacted.people[:NAMED_PEOPLE]),
    )


def _rendered(fact: MessageFact) -> str:
    # Without the request and any globals: what is the same for everybody must not know who asks. Putting the globals
    # together would take longer than the rendering, too: a page of history is two hundred of these.
    template = current_app.jinja_env.get_template("messages/_message.html")
    context = Context(template.environment, {"message": fact}, template.name, template.blocks)
    return "".join(template.root_render_func(context)).strip()


def room_fact(room: Room | Opening) -> RoomFact:
    """A room as it goes to its members. A direct conversation has no name: each reader calls it after the others."""
    return RoomFact(id=room.id, name=room.name, kind=room.kind, is_archived=room.is_archived)


def iso(moment: datetime) -> str:
    """A moment as the wire has it: ISO 8601 in UTC, to the millisecond."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
