"""What one chooses for oneself."""

from enum import StrEnum
from typing import TypeVar

from chatapp import db
from chatapp.errors import BadRequest
from chatapp.models import Person, Preferences, User
from chatapp.models.preferences import Clock, SendKey, SingleKeys, Theme

Choice = TypeVar("Choice", bound=StrEnum)


def change_preferences(actor: Person, *, theme: str, send_key: str, clock: str, single_keys: str) -> Preferences:
    """What `actor` has chosen from now on. Nobody else is told: it shows on their own pages only.

    Raises BadRequest, whose `field` names what is none of the choices.
    """
    chosen = Preferences(
        theme=_choice(Theme, theme, "theme"),
        send_key=_choice(SendKey, send_key, "send_key"),
        clock=_choice(Clock, clock, "clock"),
        single_keys=_choice(SingleKeys, single_keys, "single_keys"),
    )
    with db.transaction() as session:
        session.get_one(User, actor.id).choose(chosen)
    return chosen


def _choice(choices: type[Choice], wanted: str, field: str) -> Choice:
    try:
        return choices(wanted)
    except ValueError as error:
        raise BadRequest(field=field) from error
