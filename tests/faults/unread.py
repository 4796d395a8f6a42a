"""P9: a badge equals a recount, and how far one has read moves only by what one did."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeVar

from tests.faults.evidence import Badge, Database, Pointer
from tests.faults.history import Joined, Left, Reads, Stands
from tests.faults.story import Story
from tests.faults.violations import Kind, Violation

COUNTED_MAX = 1_000  # the server counts no further

Place = tuple[int, int]  # person, room
E = TypeVar("E", Reads, Stands)


def of_the_badges(badges: Iterable[Badge], database: Database) -> Iterator[Violation]:
    """Every badge that says something else than a recount from the rows: own posts and deleted ones never count."""
    pointers = {(each.user, each.room): each for each in database.pointers}
    numbers: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in database.messages:
        if not row.is_deleted:
            numbers[row.room].append((row.user, row.number))
    for badge in badges:
        pointer = pointers.get((badge.user, badge.room))
        if pointer is None:
            counted = 0, 0, 0  # of a room that one is not in, nothing is unread
        else:
            others = sum(user != badge.user and number > pointer.number for user, number in numbers[badge.room])
            counted = min(others, COUNTED_MAX), pointer.number, pointer.generation
        if (said := (badge.unread, badge.number, badge.generation)) != counted:
            what = f"client {badge.client} of person {badge.user} in room {badge.room}"
            yield Violation(Kind.UNREAD, f"{what} says (unread, read up to, generation) {said}, a recount {counted}")


def of_the_pointers(story: Story) -> Iterator[Violation]:
    """Whose reading moved by itself: down, or to where nobody put it."""
    asked, told = _by_place(story, Reads), _by_place(story, Stands)
    away = {(story.users[event.client], event.room) for event in story.events if isinstance(event, Left | Joined)}
    posts: defaultdict[Place, set[int]] = defaultdict(set)
    for row in story.database.messages:
        posts[row.user, row.room].add(row.number)
    for pointer in story.database.pointers:
        place = pointer.user, pointer.room
        yield from _of_the_end(pointer, told[place])
        # Who comes into a room has read all that was said there.
        if place not in away:
            yield from _of_the_reason(pointer, asked[place], posts[place])


def _by_place(story: Story, kind: type[E]) -> defaultdict[Place, list[E]]:
    found: defaultdict[Place, list[E]] = defaultdict(list)
    for event in story.events:
        if isinstance(event, kind):
            found[story.users[event.client], event.room].append(event)
    return found


def _of_the_end(pointer: Pointer, told: list[Stands]) -> Iterator[Violation]:
    where, end = _where(pointer), (pointer.generation, pointer.number)
    for stands in told:
        if (stands.generation, stands.number) > end:
            what = f"{where} was told {stands.number} in generation {stands.generation} and ends at {pointer.number}"
            yield Violation(Kind.UNREAD, f"{what} in {pointer.generation}")
        if stands.answers > stands.number:
            yield Violation(Kind.UNREAD, f"{where} went to {stands.answers}, and was told {stands.number}")


def _of_the_reason(pointer: Pointer, asked: list[Reads], own: set[int]) -> Iterator[Violation]:
    marks = [each for each in asked if each.marks]
    # Each marking works in the generation it was asked in, and begins the next one.
    unexplained = set(range(pointer.generation)) - {mark.generation for mark in marks}
    if unexplained:
        yield Violation(Kind.UNREAD, f"{_where(pointer)} is in generation {pointer.generation}, and nobody marked so")
    begun = {mark.number - 1 for mark in marks if mark.generation == pointer.generation - 1}
    read = {each.number for each in asked if not each.marks and each.generation == pointer.generation}
    if pointer.number not in own | read | (begun if pointer.generation else {0}):
        what = f"{_where(pointer)} ends at {pointer.number} in generation {pointer.generation}"
        yield Violation(Kind.UNREAD, f"{what}, and nobody read so far")


def _where(pointer: Pointer) -> str:
    return f"the reading of person {pointer.user} in room {pointer.room}"
