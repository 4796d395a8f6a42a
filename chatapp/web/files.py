"""The page of a room's files."""

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from chatapp import access
from chatapp.actions import room_list
from chatapp.actions.files import PAGE_FILES, read_files
from chatapp.errors import BadRequest
from chatapp.events import JsonObject, PersonFact
from chatapp.fragments import iso, upload_fact
from chatapp.identity import signed_in_person
from chatapp.media_types import KINDS
from chatapp.models.filed import Filed, Place
from chatapp.web.pages import cut, data, number_argument, page, wants_json

blueprint = Blueprint("files", __name__)


@blueprint.get("/rooms/<int:room_id>/files")
def index(room_id: int) -> Response | BaseResponse:
    """The files of the room's messages, the newest first: all, or with `?kind=` those of one kind."""
    actor, kind = signed_in_person(), request.args.get("kind") or None
    found, more = cut(read_files(actor, room_id, kind=kind, before=_place_asked_for()), PAGE_FILES)
    if wants_json():
        return data({"items": [_as_json(each) for each in found], "more": more})
    room = room_list.titled(actor, access.readable_room(actor, room_id))
    files = [(each, upload_fact(each.upload)) for each in found]
    return page("uploads/index.html", room=room, files=files, more=more, kind=kind, kinds=KINDS)


def _place_asked_for() -> Place | None:
    """`?before_message=`, and of its own files those before `position`: none of them where that is not said.

    Raises BadRequest for `?before=`, which was the id of a file once: taken for another number it would skip some.
    """
    if "before" in request.args:
        raise BadRequest(field="before")
    message_id = number_argument("before_message")
    return None if message_id is None else Place(message_id, number_argument("position") or 0)


def _as_json(filed: Filed) -> JsonObject:
    author = PersonFact(filed.author.id, filed.author.name).as_json()
    place: JsonObject = {"message_id": filed.place.message_id, "position": filed.place.position}
    about = {"number": filed.number, "author": author, "created_at": iso(filed.upload.created_at)}
    return {**vars(upload_fact(filed.upload)), **place, **about}
