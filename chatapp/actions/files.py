"""Reading which files a room has."""

from chatapp import access
from chatapp.errors import BadRequest
from chatapp.media_types import KINDS
from chatapp.models import Person
from chatapp.models.filed import Filed, Place, files_in

PAGE_FILES = 50


def read_files(actor: Person, room_id: int, *, kind: str | None = None, before: Place | None = None) -> list[Filed]:
    """A page of the room's files, the newest first, and one more where there are more; of one kind or of all.

    `before` is the place of the last file of the page before. Raises RoomNotFound, BadRequest (kind).
    """
    if kind is not None and kind not in KINDS:
        raise BadRequest(field="kind")
    room = access.readable_room(actor, room_id)
    return files_in(room.id, kind, before=before, limit=PAGE_FILES + 1)
