"""Typing, as long as it lasts."""

from chatapp.actions.presence import begin_typing, end_typing
from chatapp.events import JsonObject, TypingStart, TypingStop
from chatapp.models import Person
from chatapp.sockets.acks import answers


def register() -> None:
    """Answer what browsers say while somebody types."""
    answers(TypingStart, typing_start)
    answers(TypingStop, typing_stop)


def typing_start(actor: Person, command: TypingStart) -> JsonObject:
    begin_typing(actor, command.room_id)
    return {}


def typing_stop(actor: Person, command: TypingStop) -> JsonObject:
    end_typing(actor, command.room_id)
    return {}
