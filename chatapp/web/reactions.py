"""Reacting to what was said, by a plain form."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from chatapp import access
from chatapp.actions.reactions import add_reaction, remove_reaction, toggle_reaction
from chatapp.errors import BadRequest
from chatapp.identity import signed_in_person
from chatapp.web.room_pages import message_changed

blueprint = Blueprint("reactions", __name__)

# An emoji under a message is a button that knows no reader: it says `toggle`.
_CHANGES = {"add": add_reaction, "remove": remove_reaction, "toggle": toggle_reaction}


@blueprint.post("/messages/<int:message_id>/reactions")
def change(message_id: int) -> Response:
    actor, wanted = signed_in_person(), request.form.get("do", "add")
    if wanted not in _CHANGES:
        raise BadRequest(field="do")
    version = _CHANGES[wanted](actor, message_id, request.form.get("emoji", ""))
    return message_changed(access.writable_message(actor, message_id), version)
