"""A form that was refused: shown again, with what was typed and what is wrong."""

from werkzeug.wrappers import Response

from chatapp.errors import ChatError
from chatapp.web.errors import answer, sentence, when_to_retry
from chatapp.web.pages import page, wants_json

_FIELD_OF = {
    "room_name_taken": "name",
    "wrong_password": "current",
    "direct_room_needs_people": "members",
    "direct_room_too_large": "members",
    "person_not_found": "members",
}


def shown_again(error: ChatError, template: str, **context: object) -> Response:
    """The form's page with the sentence beside its field, or the JSON error for a program."""
    if wants_json():
        return answer(error)
    refused = page(template, error.status, errors={_field(error): sentence(error)}, **context)
    return when_to_retry(refused, error)


def _field(error: ChatError) -> str:
    named = error.values.get("field")
    return str(named) if named else _FIELD_OF.get(error.code, error.code.partition("_")[0])
