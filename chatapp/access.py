"""Load with permission: to have the object is to be allowed. Nothing else in the house decides who may."""

from sqlalchemy import bindparam, select

from chatapp import db
from chatapp.errors import (
    AdminsOnly,
    MessageDeleted,
    MessageNotFound,
    NotAllowed,
    NotAMember,
    RoomArchived,
    RoomNotFound,
)
from chatapp.models import Membership, Message, Person, Room, Upload, User
from chatapp.models.membership import readable_by
from chatapp.models.message import Said, said_at
from chatapp.models.opening import Opening, opening_of
from chatapp.models.upload import FETCHED
from chatapp.upload_errors import UploadAttached, UploadNotFound

# Asked for nearly everything: building the query each time took as long as asking it.
_READABLE_ROOM = select(Room).where(Room.id == bindparam("room_id"), readable_by(bindparam("user_id")))


def readable_room(actor: Person, room_id: int) -> Room:
    """The room, for one who may read it. Raises RoomNotFound, also when it exists but is not theirs to see."""
    room = db.session().scalar(_READABLE_ROOM, {"room_id": room_id, "user_id": actor.id})
    if room is None:
        raise RoomNotFound
    return room


def opening(actor: Person, room_id: int) -> Opening:
    """The room as its page has to know it, for one who may read it. Raises RoomNotFound."""
    found = opening_of(room_id, actor.id)
    if found is None:
        raise RoomNotFound
    return found


def writable_room(actor: Person, room_id: int) -> Room:
    """The room, for a member who may post. Raises RoomNotFound, NotAMember, RoomArchived."""
    room = member_room(actor, room_id)
    if room.is_archived:
        raise RoomArchived
    return room


def member_room(actor: Person, room_id: int) -> Room:
    """The room, for one who is in it. Raises RoomNotFound, or NotAMember when it is open to read."""
    room = readable_room(actor, room_id)
    if Membership.current(room_id, actor.id) is None:
        raise NotAMember
    return room


def managed_room(actor: Person, room_id: int) -> Room:
    """The room, for one who may rename, archive and remove in it. Raises RoomNotFound, NotAMember, NotAllowed."""
    room = member_room(actor, room_id)
    if not manages(actor, room):
        raise NotAllowed
    return room


def manages(actor: Person, room: Room) -> bool:
    """True for a member who founded the room or is an administrator; for any member once the founder is gone."""
    if room.is_direct or Membership.current(room.id, actor.id) is None:
        return False
    return actor.is_admin or room.created_by_id == actor.id or not _founder_is_there(room)


def _founder_is_there(room: Room) -> bool:
    founder = db.session().get(User, room.created_by_id)
    is_active = founder is not None and not founder.is_deactivated
    return is_active and Membership.current(room.id, room.created_by_id) is not None


def may_post(actor: Person, room: Room) -> bool:
    """True when `writable_room` would give the room: for showing or hiding the composer."""
    return not room.is_archived and Membership.current(room.id, actor.id) is not None


def readable_message(actor: Person, room_id: int, number: int) -> Said:
    """A message, for one who may read its room. Raises RoomNotFound, MessageNotFound."""
    said = said_at(readable_room(actor, room_id).id, number)
    if said is None:
        raise MessageNotFound
    return said


def may_edit(actor: Person, room: Room, message: Message) -> bool:
    """True when `own_message` would give this message of the room: for showing or hiding the way to it."""
    return message.author_id == actor.id and message.deleted_at is None and may_post(actor, room)


def may_react(actor: Person, room: Room, message: Message) -> bool:
    """True when `writable_message` would give this message of the room."""
    return message.deleted_at is None and may_post(actor, room)


def may_delete(actor: Person, room: Room, message: Message) -> bool:
    """True when `deletable_message` would give this message of the room."""
    is_theirs = message.author_id == actor.id or actor.is_admin
    return is_theirs and message.deleted_at is None and may_post(actor, room)


def authored_message(actor: Person, message_id: int) -> Message:
    """A message that `actor` wrote in a room they may read, whatever became of either.

    Raises MessageNotFound, NotAllowed (somebody else's).
    """
    query = select(Message).join(Room, Room.id == Message.room_id)
    message = db.session().scalar(query.where(Message.id == message_id, readable_by(actor.id)))
    if message is None:
        raise MessageNotFound
    if message.author_id != actor.id:
        raise NotAllowed
    return message


def own_message(actor: Person, message_id: int) -> Message:
    """A message that `actor` wrote, in a room they may write in, for editing.

    Raises MessageNotFound, NotAMember, RoomArchived, NotAllowed (somebody else's), MessageDeleted.
    """
    message = writable_message(actor, message_id)
    if message.author_id != actor.id:
        raise NotAllowed
    return message


def deletable_message(actor: Person, message_id: int) -> Message:
    """One's own message, or for an administrator any in a room they are in. Raises as `own_message`."""
    message = writable_message(actor, message_id)
    if message.author_id != actor.id and not actor.is_admin:
        raise NotAllowed
    return message


def writable_message(actor: Person, message_id: int) -> Message:
    """A message in a room that `actor` may write in, for reacting to it.

    Raises MessageNotFound, NotAMember, RoomArchived, MessageDeleted.
    """
    message = db.session().get(Message, message_id, populate_existing=True)
    if message is None:
        raise MessageNotFound
    try:
        writable_room(actor, message.room_id)
    except RoomNotFound as error:
        # A message of a room that one may not see is like one that is not there.
        raise MessageNotFound from error
    if message.deleted_at is not None:
        raise MessageDeleted
    return message


def readable_upload(actor: Person, upload_id: int) -> Upload:
    """A file, for who may read its message; before it has one, or was looked at, for its author alone.

    Raises UploadNotFound.
    """
    upload = db.session().scalar(_READABLE_UPLOAD, {"upload_id": upload_id, "user_id": actor.id})
    if upload is None or (upload.author_id != actor.id and (upload.message_id is None or upload.is_held)):
        raise UploadNotFound
    return upload


_READABLE_UPLOAD = (
    select(Upload)
    .join(Room, Room.id == Upload.room_id)
    .where(Upload.id == bindparam("upload_id"), readable_by(bindparam("user_id")))
    .where(Upload.deleted_at.is_(None), Upload.state.in_(FETCHED))
    .execution_options(populate_existing=True)
)


def own_upload(actor: Person, upload_id: int) -> Upload:
    """A file that `actor` has not sent yet, for taking it back. Raises UploadNotFound, UploadAttached."""
    upload = db.session().get(Upload, upload_id, populate_existing=True)
    # Somebody else's is like one that is not there, whether or not one may see it.
    if upload is None or upload.author_id != actor.id or upload.deleted_at is not None:
        raise UploadNotFound
    if upload.message_id is not None:
        raise UploadAttached
    return upload


def administrator(actor: Person) -> Person:
    """`actor`, if they administer the company. Raises AdminsOnly."""
    if not actor.is_admin:
        raise AdminsOnly
    return actor
