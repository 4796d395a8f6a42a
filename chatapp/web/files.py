"""The page of a room's files."""

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from chatapp import access
from chatapp.actions import room_list
from chatapp.actions.files import PAGE_FILES, read_files
from chatapp.events import JsonObject, PersonFact
from chatapp.fragments import iso, upload_fact
from chatapp.identity import signed_in_person
from chatapp.media_types import KINDS
from chatapp.models.filed import Filed
from chatapp.web.pages import cut, data, number_argument, page, wants_json

blueprint = Blueprint("files", __name__)


@blueprint.get("/rooms/<int:room_id>/files")
def index(room_id: int) -> Response | BaseResponse:
    """The files of the room's messages, the newest first: all, or with `?kind=` those of one kind."""
    actor, kind = signed_in_person(), request.args.get("kind") or None
    found, more = cut(read_files(actor, room_id, kind=kind, before=number_argument("before")), PAGE_FILES)
    if wants_json():
        return data({"items": [_as_json(each) for each in found], "more": more})
    room = room_list.titled(actor, access.readable_room(actor, room_id))
    files = [(each, upload_fact(each.upload)) for each in found]
    return page("uploads/index.html", room=room, files=files, more=more, kind=kind, kinds=KINDS)


def _as_json(filed: Filed) -> JsonObject:
    author = PersonFact(filed.author.id, filed.author.name).as_json()
    about = {"number": filed.number, "author": author, "created_at": iso(filed.upload.created_at)}
    return {**vars(upload_fact(filed.upload)), **about}
