"""A server that refuses everything loses nothing: so a refusal needs a reason, and must be true."""

from tests.faults.history import GIVEN_UP, Acked, Joined, Left, Refused, Sent, Typed
from tests.faults.made_up import MadeUp
from tests.faults.spoiling import a_row, every, found, kinds
from tests.faults.violations import Kind


def types_and_sends(story: MadeUp, *, tries: int = 1) -> None:
    story.add(Typed, 1, room=1, client_id="mine")
    for _ in range(tries):
        story.add(Sent, 1, room=1, client_id="mine", action="post", body="what I say")


def is_told(story: MadeUp, error: str) -> None:
    story.add(Refused, 1, room=1, client_id="mine", action="post", error=error)


def test_a_message_that_was_refused_without_a_reason_is_found(story: MadeUp) -> None:
    types_and_sends(story)
    is_told(story, "message_too_long")

    assert kinds(story) == {Kind.REFUSED}


def test_so_is_every_one_of_a_server_that_takes_none() -> None:
    story = MadeUp(people=1, rooms=1, things=0)
    for _ in range(50):
        types_and_sends(story)
        is_told(story, "not_allowed")

    assert [violation.kind for violation in found(story)] == [Kind.REFUSED] * 50


def test_one_of_somebody_who_had_left_the_room_is_settled(story: MadeUp) -> None:
    story.add(Left, 1, room=1)
    types_and_sends(story)
    is_told(story, "not_a_member")

    assert found(story) == []


def test_one_that_was_under_way_while_its_author_left_and_came_back_is_too(story: MadeUp) -> None:
    types_and_sends(story)
    story.add(Left, 1, room=1)
    story.add(Joined, 1, room=1)
    is_told(story, "not_a_member")

    assert found(story) == []


def test_one_that_was_sent_after_its_author_came_back_is_not(story: MadeUp) -> None:
    story.add(Left, 1, room=1)
    story.add(Joined, 1, room=1)
    types_and_sends(story)
    is_told(story, "not_a_member")

    assert kinds(story) == {Kind.REFUSED}


def test_one_that_the_client_gave_up_is_settled(story: MadeUp) -> None:
    types_and_sends(story)
    is_told(story, GIVEN_UP)

    assert found(story) == []


def test_a_second_deletion_that_finds_nothing_to_delete_is_settled(story: MadeUp) -> None:
    row = next(row for row in story.rows.values() if row.is_deleted)
    facts = {"room": row.room, "client_id": row.client_id, "action": "delete"}
    index, ack = every(story, Acked, **facts)[0]
    del story.events[index]
    story.add(Sent, ack.client, **facts, body="")
    story.add(Refused, ack.client, **facts, error="message_deleted")

    assert found(story) == []


def test_one_that_is_there_though_it_was_refused_is_found(story: MadeUp) -> None:
    row = a_row(story)
    facts = {"room": row.room, "client_id": row.client_id, "action": "post"}
    story.add(Refused, row.user - 100, **facts, error="not_a_member")

    assert Kind.REFUSED_BUT_THERE in kinds(story)
