"""Emoji: what was acked stands there, nothing else does, and everybody sees the same."""

from collections.abc import Iterator

from tests.faults.evidence import Copy, Reactions, Row
from tests.faults.history import Sent
from tests.faults.story import Key, Story, name_of
from tests.faults.violations import Kind, Violation


def of_the_reactions(story: Story) -> Iterator[Violation]:
    """Reactions that were acked and are gone, that nobody made, or that outlive the deletion of their message."""
    for key, row in story.rows.items():
        if row.is_deleted:
            yield from _of_the_deleted(key, row)
        else:
            tried, acked = _made(key, story)
            for emoji in _in_words(acked - row.reactions):
                yield Violation(Kind.LOST, f"{emoji} on {name_of(key)} was acked")
            for emoji in _in_words(row.reactions - tried):
                yield Violation(Kind.PHANTOM, f"{emoji} is on {name_of(key)} and nobody chose it")


def of_the_shown_reactions(copy: Copy, story: Story) -> Iterator[Violation]:
    """Messages that a client shows with other reactions than they have."""
    where = f"client {copy.client} in room {copy.room} shows number"
    for row in story.rows_of_room[copy.room]:
        # That the whole message is missing is said elsewhere.
        shown = copy.reactions.get(row.number, frozenset()) if row.number in copy.messages else row.reactions
        for emoji in _in_words(row.reactions - shown):
            yield Violation(Kind.NOT_CONVERGED, f"{where} {row.number} without {emoji}")
        for emoji in _in_words(shown - row.reactions):
            yield Violation(Kind.NOT_CONVERGED, f"{where} {row.number} with {emoji}, which is not there")


def _of_the_deleted(key: Key, row: Row) -> Iterator[Violation]:
    for emoji in _in_words(row.reactions):
        yield Violation(Kind.CHANGED, f"{name_of(key)} is deleted, and {emoji} is still on it")


def _made(key: Key, story: Story) -> tuple[Reactions, Reactions]:
    """What somebody tried to put on the message, and what of that they were told is there."""
    tries = [sent for sent in story.sent.get(key, ()) if sent.action == "react"]
    acked = set()
    for ack in story.acked.get(key, ()):
        # A client does one thing after another in a room: the ack is of its last try.
        before = [sent for sent in tries if sent.client == ack.client and sent.at <= ack.at]
        if ack.action == "react" and before:
            acked.add(_reaction(before[-1], story))
    return frozenset(_reaction(sent, story) for sent in tries), frozenset(acked)


def _reaction(sent: Sent, story: Story) -> tuple[int, str]:
    return story.users[sent.client], sent.body


def _in_words(reactions: Reactions) -> list[str]:
    return [f"{emoji} of person {user}" for user, emoji in sorted(reactions)]
