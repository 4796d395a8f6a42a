"""Reacting to what was said, by an emoji."""

from collections.abc import Callable

from chatapp import access, config, db, text
from chatapp.actions.changes import changing
from chatapp.errors import TooManyReactions
from chatapp.models import Message, Person, Reaction
from chatapp.models.message import said_by
from chatapp.models.reaction import reactions_to
from chatapp.realtime import broadcasts


def add_reaction(actor: Person, message_id: int, emoji: str) -> int:
    """The version of the message with `actor`'s emoji on it. One that is there already changes nothing.

    Raises NotAnEmoji, TooManyReactions (`message_max_emoji` different ones), and as `access.writable_message`.
    """
    return _change(actor, message_id, emoji, _add)


def remove_reaction(actor: Person, message_id: int, emoji: str) -> int:
    """The version of the message without `actor`'s emoji. One that is not there changes nothing.

    Raises NotAnEmoji, and as `access.writable_message`.
    """
    return _change(actor, message_id, emoji, _remove)


def toggle_reaction(actor: Person, message_id: int, emoji: str) -> int:
    """The same for one button that does either: with `actor`'s emoji where it was not, without it where it was."""
    return _change(actor, message_id, emoji, _toggle)


class _NothingChanged(Exception):
    """It is so already. Rolled back, so no version is used up."""


def _change(actor: Person, message_id: int, emoji: str, change: Callable[[Person, Message, str, int], None]) -> int:
    emoji = text.check_emoji(emoji)
    room_id = access.writable_message(actor, message_id).room_id
    try:
        with changing(room_id) as head:
            message = access.writable_message(actor, message_id)
            change(actor, message, emoji, head.version)
            message.version = message.reacted_version = head.version
            broadcasts.message_changed(said_by(message))
    except _NothingChanged:
        message = access.writable_message(actor, message_id)
    return message.version


def _add(actor: Person, message: Message, emoji: str, version: int) -> None:
    if Reaction.by(actor.id, message.id, emoji) is not None:
        raise _NothingChanged
    chosen = [each.emoji for each in reactions_to([message.id]).get(message.id, ())]
    if emoji not in chosen and len(chosen) >= config.current().message_max_emoji:
        raise TooManyReactions(max_emoji=config.current().message_max_emoji)
    db.session().add(Reaction(message_id=message.id, emoji=emoji, user_id=actor.id, version=version))


def _remove(actor: Person, message: Message, emoji: str, _version: int) -> None:
    reaction = Reaction.by(actor.id, message.id, emoji)
    if reaction is None:
        raise _NothingChanged
    db.session().delete(reaction)


def _toggle(actor: Person, message: Message, emoji: str, version: int) -> None:
    is_there = Reaction.by(actor.id, message.id, emoji) is not None
    (_remove if is_there else _add)(actor, message, emoji, version)
