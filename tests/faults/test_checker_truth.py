"""What one was told of a message must be what the database has of it: whose it is, and where it stands."""

from dataclasses import replace

import pytest

from tests.faults.history import Acked, Applied
from tests.faults.made_up import MadeUp
from tests.faults.spoiling import every, kinds
from tests.faults.violations import Kind


@pytest.mark.parametrize("told", [{"user": 999}, {"client_id": "of another"}], ids=["person", "client id"])
def test_a_message_that_a_client_was_told_is_of_another_is_found(story: MadeUp, told: dict[str, object]) -> None:
    index, event = every(story, Applied)[-1]
    story.events[index] = replace(event, **told)

    assert kinds(story) == {Kind.WRONG_AUTHOR}


def test_one_that_a_client_was_told_of_and_that_is_not_there_is_a_phantom(story: MadeUp) -> None:
    index, event = every(story, Applied)[-1]
    story.events[index] = replace(event, number=10_000)

    assert kinds(story) == {Kind.PHANTOM}


@pytest.mark.parametrize("action", ["post", "edit", "delete"])
def test_an_ack_with_a_version_that_the_message_never_had_is_found(story: MadeUp, action: str) -> None:
    index, ack = every(story, Acked, action=action)[0]
    story.events[index] = replace(ack, version=777)

    assert kinds(story) == {Kind.MOVED}
