"""Saying something."""

from dataclasses import asdict

from chatapp.actions.messages import post_message
from chatapp.events import JsonObject, MessagePost
from chatapp.models import Person
from chatapp.sockets.acks import answers


def register() -> None:
    """Answer what browsers say."""
    answers(MessagePost, message_post)


def message_post(actor: Person, command: MessagePost) -> JsonObject:
    posted = post_message(actor, command.room_id, command.body, client_id=command.client_id, reply_to=command.reply_to)
    return asdict(posted)
