"""Reacting to what was said."""

from chatapp.actions.reactions import add_reaction, remove_reaction
from chatapp.events import JsonObject, ReactionAdd, ReactionRemove
from chatapp.models import Person
from chatapp.sockets.acks import answers


def register() -> None:
    """Answer browsers that put an emoji on a message, or take it off."""
    answers(ReactionAdd, reaction_add)
    answers(ReactionRemove, reaction_remove)


def reaction_add(actor: Person, command: ReactionAdd) -> JsonObject:
    return {"version": add_reaction(actor, command.message_id, command.emoji)}


def reaction_remove(actor: Person, command: ReactionRemove) -> JsonObject:
    return {"version": remove_reaction(actor, command.message_id, command.emoji)}
