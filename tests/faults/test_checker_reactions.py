"""An emoji is said, too: one that is lost, made up, or left over is planted and found."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.faults.evidence import Reactions, Row
from tests.faults.history import Sent
from tests.faults.made_up import MadeUp
from tests.faults.spoiling import a_row, every, found, kinds, spoilt
from tests.faults.violations import Kind

A_HEART = frozenset({(999, "❤️")})


def a_liked_row(story: MadeUp) -> Row:
    """A message that still has a reaction."""
    return next(row for row in story.rows.values() if row.reactions)


def shown_by(story: MadeUp, change: Callable[[Reactions], Reactions]) -> None:
    """One client shows a liked message otherwise."""
    row = a_liked_row(story)
    copy = next(copy for copy in story.copies if copy.room == row.room)
    copy.reactions[row.number] = change(copy.reactions[row.number])


def test_reactions_that_stand_as_they_were_made_pass(story: MadeUp) -> None:
    assert sum(len(row.reactions) for row in story.rows.values()) > 3
    assert found(story) == []


def test_an_acked_reaction_that_is_gone_is_lost(story: MadeUp) -> None:
    row = a_liked_row(story)
    for copy in story.copies:
        copy.reactions[row.number] = frozenset()
    wrong = found(story, spoilt(story, row, reactions=frozenset()))

    assert Kind.LOST in {violation.kind for violation in wrong}
    assert any("was acked" in violation.what and f"person {row.user}" in violation.what for violation in wrong)


def test_one_that_nobody_made_is_a_phantom(story: MadeUp) -> None:
    assert Kind.PHANTOM in kinds(story, spoilt(story, a_row(story), reactions=A_HEART))


def test_so_is_another_emoji_than_the_one_that_was_chosen(story: MadeUp) -> None:
    row = a_liked_row(story)
    database = spoilt(story, row, reactions=frozenset({(row.user, "👎")}))

    assert {Kind.LOST, Kind.PHANTOM} <= kinds(story, database)


def test_one_whose_ack_never_came_may_be_there_or_not(story: MadeUp) -> None:
    row = a_row(story)
    story.add(Sent, row.user - 100, room=row.room, client_id=row.client_id, action="react", body="🎈")
    assert found(story) == []

    database = spoilt(story, row, reactions=row.reactions | {(row.user, "🎈")})
    assert not {Kind.LOST, Kind.PHANTOM} & kinds(story, database)


def test_one_that_outlives_the_deletion_of_its_message_is_a_change(story: MadeUp) -> None:
    deleted = next(row for row in story.rows.values() if row.is_deleted)

    assert Kind.CHANGED in kinds(story, spoilt(story, deleted, reactions=A_HEART))


def test_one_that_went_with_its_message_is_not_lost() -> None:
    story = MadeUp(things=200)
    liked = {sent.client_id for _, sent in every(story, Sent, action="react")}

    assert any(row.is_deleted and row.client_id in liked for row in story.rows.values())
    assert found(story) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda _: frozenset(), id="one that a copy lacks"),
        pytest.param(lambda shown: shown | A_HEART, id="one too many"),
        pytest.param(lambda shown: frozenset({(999, emoji) for _, emoji in shown}), id="one of another person"),
    ],
)
def test_a_copy_that_shows_other_reactions_has_not_converged(
    story: MadeUp, change: Callable[[Reactions], Reactions]
) -> None:
    shown_by(story, change)

    assert kinds(story) == {Kind.NOT_CONVERGED}


def test_so_has_one_that_shows_them_on_a_deleted_message(story: MadeUp) -> None:
    deleted = next(row for row in story.rows.values() if row.is_deleted)
    copy = next(copy for copy in story.copies if copy.room == deleted.room)
    copy.reactions[deleted.number] = A_HEART

    assert kinds(story) == {Kind.NOT_CONVERGED}


def test_an_ack_is_of_the_last_try_before_it(story: MadeUp) -> None:
    index, sent = every(story, Sent, action="react")[0]
    # Tried before it and given up: never acked, and so not lost.
    story.events.insert(index, replace(sent, body="🎈"))

    assert found(story) == []
