"""Saying something."""

from dataclasses import asdict

from chatapp.actions.messages import delete_message, edit_message, post_message
from chatapp.events import JsonObject, MessageDelete, MessageEditCommand, MessagePost
from chatapp.models import Person
from chatapp.sockets.acks import answers


def register() -> None:
    """Answer what browsers say."""
    answers(MessagePost, message_post)
    answers(MessageEditCommand, message_edit)
    answers(MessageDelete, message_delete)


def message_post(actor: Person, command: MessagePost) -> JsonObject:
    posted = post_message(
        actor,
        command.room_id,
        command.body,
        client_id=command.client_id,
        reply_to=command.reply_to,
        upload_ids=command.upload_ids,
        upload_alts=command.upload_alts,
        epoch=command.epoch,
    )
    return asdict(posted)


def message_edit(actor: Person, command: MessageEditCommand) -> JsonObject:
    return {"version": edit_message(actor, command.message_id, command.body, version=command.version)}


def message_delete(actor: Person, command: MessageDelete) -> JsonObject:
    return {"version": delete_message(actor, command.message_id)}
