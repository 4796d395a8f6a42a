"""Refusals: each needs a reason in what the run did, and what was refused must not be there."""

from collections.abc import Iterator

from tests.faults.history import GIVEN_UP, Joined, Left, Refused, Sent
from tests.faults.story import Story, name_of
from tests.faults.violations import Kind, Violation

Span = tuple[float, float]
FOR_EVER = float("inf")
DELETED_ALREADY = "message_deleted"


def of_the_refusals(story: Story) -> Iterator[Violation]:
    """What was refused without a reason, and what is there though it was refused."""
    away = _away(story)
    for event in story.events:
        if isinstance(event, Refused) and event.error != GIVEN_UP:
            yield from _of_the_refusal(event, story, away.get((story.users[event.client], event.room), []))


def _of_the_refusal(event: Refused, story: Story, away: list[Span]) -> Iterator[Violation]:
    key, tries = story.key(event), _tries(event, story)
    began = tries[0].at if tries else event.at
    is_away = any(left < event.at and began < joined for left, joined in away)
    # The ack of the first deletion was lost, and the second found nothing to delete.
    is_gone = event.action == "delete" and event.error == DELETED_ALREADY and len(tries) > 1
    if not is_away and not is_gone:
        yield Violation(Kind.REFUSED, f"{event.action} of {name_of(key)}: {event.error}")
    # Of one who comes and goes, one try may have been let in and the other not.
    if event.action == "post" and key in story.rows and not (is_away and len(tries) > 1):
        number = story.rows[key].number
        yield Violation(Kind.REFUSED_BUT_THERE, f"{name_of(key)} is number {number}, and was told {event.error}")


def _tries(event: Refused, story: Story) -> list[Sent]:
    return [sent for sent in story.sent[story.key(event)] if sent.action == event.action and sent.at <= event.at]


def _away(story: Story) -> dict[tuple[int, int], list[Span]]:
    """When each person was perhaps not in a room."""
    spans: dict[tuple[int, int], list[Span]] = {}
    for event in story.events:
        if isinstance(event, Left):
            spans.setdefault(_place(event, story), []).append((event.at, FOR_EVER))
        elif isinstance(event, Joined):
            left, _ = spans[_place(event, story)].pop()
            spans[_place(event, story)].append((left, event.at))
    return spans


def _place(event: Left | Joined, story: Story) -> tuple[int, int]:
    return story.users[event.client], event.room
