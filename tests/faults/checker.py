"""What must never be, looked for in a whole history and one last read of the database.

An adaptation of Jepsen's checks for queues and logs. Every text is unique, every room is one log and the database is
read once at the end, when all is quiet: so each check is one pass.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from chatapp import text
from tests.faults.evidence import DELETED, Badge, Copy, Database, Death, Head, Row
from tests.faults.history import (
    Acked,
    Applied,
    Caught,
    Delivered,
    Event,
    Forgot,
    Sent,
    ShutOut,
    Typed,
)
from tests.faults.reactions import of_the_reactions, of_the_shown_reactions
from tests.faults.refusals import of_the_refusals
from tests.faults.rooms import of_the_names, of_the_shown_room
from tests.faults.story import Key, Story, name_of
from tests.faults.streams import of_the_streams
from tests.faults.unread import of_the_badges, of_the_pointers
from tests.faults.violations import Kind, Violation

# What a retry must be told after a death at this moment. After the last one (ack-publish) there may be none.
WAS_COMMITTED = {"insert": False, "commit": False, "commit-ack": True}


def check(
    history: Iterable[Event],
    database: Database,
    copies: Iterable[Copy] = (),
    heads: Iterable[Head] = (),
    deaths: Iterable[Death] = (),
    badges: Iterable[Badge] = (),
    *,
    grace_seconds: float = 5.0,
) -> list[Violation]:
    """Everything that is wrong; an empty list when nothing is."""
    events = sorted(history, key=lambda event: event.at)
    story = Story(events, database)
    found = [
        *_lost_and_moved(story),
        *_unsent(story),
        *of_the_refusals(story),
        *of_the_reactions(story),
        *of_the_names(story),
        *_reordered(story),
        *_author_order(story),
    ]
    found += [*_of_the_rows(story), *_of_the_numbers(database)]
    found += [*_of_the_authors(story), *_of_the_clients(events), *_of_the_shut_out(events, grace_seconds)]
    found += [*of_the_streams(story), *of_the_pointers(story), *of_the_badges(badges, database)]
    for copy in copies:
        found += [*_of_the_copy(copy, story), *of_the_shown_reactions(copy, story), *of_the_shown_room(copy, story)]
    return [*found, *_of_the_heads(heads, database), *_of_the_deaths(list(deaths), events)]


def _lost_and_moved(story: Story) -> Iterator[Violation]:
    for key, acks in story.acked.items():
        posts = [ack for ack in acks if ack.action == "post"]
        row = story.rows.get(key)
        if row is None:
            yield Violation(Kind.LOST, f"{name_of(key)} was acked as number {acks[0].number}")
        else:
            for number in {ack.number for ack in posts} - {row.number}:
                yield Violation(Kind.MOVED, f"{name_of(key)} was acked as number {number} and is {row.number}")
            if (version := max(ack.version for ack in acks)) > row.version:
                yield Violation(Kind.MOVED, f"{name_of(key)} was acked at version {version} and is at {row.version}")


def _unsent(story: Story) -> Iterator[Violation]:
    for event in story.events:
        if isinstance(event, Typed) and story.key(event) not in story.settled:
            yield Violation(Kind.UNSENT, f"{name_of(story.key(event))} was typed and is still in the outbox")


def _reordered(story: Story) -> Iterator[Violation]:
    highest: defaultdict[int, int] = defaultdict(int)  # number acked so far, by room
    begun: set[Key] = set()
    for event in story.events:
        if isinstance(event, Acked) and event.action == "post":
            highest[event.room] = max(highest[event.room], event.number)
        elif isinstance(event, Sent) and event.action == "post" and (key := story.key(event)) not in begun:
            begun.add(key)
            row = story.rows.get(key)
            if row is not None and row.number <= highest[event.room]:
                what = f"{name_of(key)} is number {row.number}, sent when {highest[event.room]} had been acked"
                yield Violation(Kind.REORDERED, what)


def _author_order(story: Story) -> Iterator[Violation]:
    last: defaultdict[tuple[int, int], int] = defaultdict(int)
    for event in story.events:
        row = story.rows.get(story.key(event)) if isinstance(event, Typed) else None
        if row is None or not isinstance(event, Typed):
            continue
        place = event.client, event.room
        if row.number < last[place]:
            yield Violation(Kind.AUTHOR_ORDER, f"{name_of(story.key(event))} is {row.number}, after {last[place]}")
        last[place] = max(last[place], row.number)


def _of_the_rows(story: Story) -> Iterator[Violation]:
    seen: set[tuple[object, ...]] = set()
    for row in story.database.messages:
        key = row.user, row.room, row.client_id
        if key not in story.sent:
            yield Violation(Kind.PHANTOM, f"{name_of(key)} is number {row.number} and nobody sent it")
        elif row.state not in (allowed := _allowed_states(story.sent[key], story.acked[key])):
            yield Violation(Kind.CHANGED, f"{name_of(key)} says {row.state!r}, not one of {sorted(allowed)!r}")
        yield from _of_its_texts(row, story.sent[key])
        marks = {key} if row.is_deleted else {key, (row.room, row.body)}
        if marks & seen:
            yield Violation(Kind.DUPLICATE, f"{name_of(key)} is there twice, once as number {row.number}")
        seen |= marks


def _of_its_texts(row: Row, sent: list[Sent]) -> Iterator[Violation]:
    name = name_of((row.user, row.room, row.client_id))
    if row.is_deleted and (row.body or row.html or row.former):
        yield Violation(Kind.CHANGED, f"{name} is deleted, and a text of it is still there")
    elif not row.is_deleted and row.html != text.render(row.body):
        yield Violation(Kind.CHANGED, f"{name} says {row.body!r} and is shown as {row.html!r}")
    for body in set(row.former) - {each.body for each in sent if each.action != "react"}:
        yield Violation(Kind.CHANGED, f"{name} is said to have said {body!r}, which its author never did")


def _allowed_states(sent: list[Sent], acked: list[Acked]) -> set[str]:
    """What the message may say in the end: its last acked state, or one tried later whose ack never came."""
    acks = sorted((ack.at, ack.action) for ack in acked)
    states: set[str] = set()
    # An emoji changes no text.
    for state, action, tries in _actions([each for each in sent if each.action != "react"]):
        # An ack belongs to the action whose tries it follows: an author does one thing after another.
        is_acked = any(at >= tries[0] and what == action and at <= tries[1] for at, what in acks)
        states = {state} if is_acked else states | {state}
    return states


def _actions(sent: list[Sent]) -> list[tuple[str, str, tuple[float, float]]]:
    """Each thing that was done to a message: its state after it, the action, and when its ack could come."""
    actions: list[tuple[str, str, float]] = []
    for each in sent:
        state = DELETED if each.action == "delete" else each.body
        # Posted again under its client id, whatever it says: the first text stands.
        is_again = each.action == "post" and any(action == "post" for _, action, _ in actions)
        if not is_again and (not actions or actions[-1][:2] != (state, each.action)):
            actions.append((state, each.action, each.at))
    ends = [at for _, _, at in actions[1:]] + [float("inf")]
    return [(state, action, (at, end)) for (state, action, at), end in zip(actions, ends, strict=True)]


def _of_the_numbers(database: Database) -> Iterator[Violation]:
    numbers: defaultdict[int, list[int]] = defaultdict(list)
    versions: defaultdict[int, list[int]] = defaultdict(list)
    for row in database.messages:
        numbers[row.room].append(row.number)
        versions[row.room].append(row.version)
    for room in database.rooms:
        if sorted(numbers[room.id]) != list(range(1, room.last_number + 1)):
            yield Violation(
                Kind.HOLE, f"room {room.id} ends at {room.last_number} with {len(numbers[room.id])} numbers"
            )
        if len(set(versions[room.id])) != len(versions[room.id]):
            yield Violation(Kind.HOLE, f"room {room.id} gave one version to two messages")
        if versions[room.id] and max(versions[room.id]) > room.version:
            yield Violation(Kind.HOLE, f"room {room.id} is at {room.version}, behind its own messages")


def _of_the_authors(story: Story) -> Iterator[Violation]:
    """Whose message each client was told it was, beside whose it is."""
    keys = {(row.room, row.number): key for key, row in story.rows.items()}
    applied = (event for event in story.events if isinstance(event, Applied))
    for event in applied:
        told, key = (event.user, event.room, event.client_id), keys.get((event.room, event.number))
        where = f"{_place((event.client, event.room))} was told of {name_of(told)} as number {event.number}"
        if key is None:
            yield Violation(Kind.PHANTOM, f"{where}, which the database has not")
        elif told != key:
            yield Violation(Kind.WRONG_AUTHOR, f"{where}, and that is {name_of(key)}")


def _of_the_clients(events: list[Event]) -> Iterator[Violation]:
    cursors: defaultdict[tuple[int, int], int] = defaultdict(int)
    seen: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for event in events:
        if isinstance(event, Forgot):
            place = event.client, event.room
            cursors[place], seen[place] = 0, set()
        elif isinstance(event, Caught):
            place = event.client, event.room
            if event.since > cursors[place]:
                yield Violation(Kind.GAP, f"{_place(place)} went on from {event.since} and was at {cursors[place]}")
            cursors[place] = max(cursors[place], event.up_to)
        elif isinstance(event, Applied):
            place = event.client, event.room
            yield from _of_the_step(event, cursors[place], seen[place])
            cursors[place] = max(cursors[place], event.version)
            seen[place].add(event.version)


def _of_the_step(event: Applied, cursor: int, seen: set[int]) -> Iterator[Violation]:
    where = _place((event.client, event.room))
    if event.version in seen:
        yield Violation(Kind.TWICE, f"{where} applied version {event.version} twice")
    elif event.version <= cursor:
        yield Violation(Kind.OUT_OF_ORDER, f"{where} applied version {event.version} when it was at {cursor}")
    elif event.prev > cursor:
        yield Violation(Kind.GAP, f"{where} applied version {event.version} after {event.prev}, and was at {cursor}")


def _of_the_shut_out(events: list[Event], grace_seconds: float) -> Iterator[Violation]:
    since: dict[tuple[int, int], float] = {}
    for event in events:
        if isinstance(event, ShutOut):
            since.setdefault((event.client, event.room), event.at)
        elif isinstance(event, Delivered):
            places = (event.client, event.room), (event.client, 0)
            late = max((event.at - since[place] for place in places if place in since), default=0.0)
            if late > grace_seconds:
                what = f"{_place((event.client, event.room))} got {event.event} {event.version}"
                yield Violation(Kind.AFTER_REMOVAL, f"{what} {late:.1f} s after its end")


def _of_the_copy(copy: Copy, story: Story) -> Iterator[Violation]:
    where, rows = _place((copy.client, copy.room)), story.rows_of_room[copy.room]
    if copy.cursor < story.rooms[copy.room].version:
        what = f"{where} is at version {copy.cursor} of {story.rooms[copy.room].version}"
        yield Violation(Kind.NOT_CONVERGED, what)
    for row in rows:
        shown = copy.messages.get(row.number)
        if shown != (row.version, row.state):
            kind = Kind.GAP if shown is None and row.version <= copy.cursor else Kind.NOT_CONVERGED
            yield Violation(kind, f"{where} shows {shown} for number {row.number}, version {row.version}")
    for number in copy.messages.keys() - {row.number for row in rows}:
        yield Violation(Kind.NOT_CONVERGED, f"{where} shows number {number}, which the database has not")


def _of_the_heads(heads: Iterable[Head], database: Database) -> Iterator[Violation]:
    last = {room.id: room.last_number for room in database.rooms}
    for head in heads:
        if head.number != last[head.room]:
            what = f"{_place((head.client, head.room))} heard of number {head.number} of {last[head.room]}"
            yield Violation(Kind.NOT_CONVERGED, what)


def _of_the_deaths(deaths: list[Death], events: list[Event]) -> Iterator[Violation]:
    posts = [event for event in events if isinstance(event, Sent | Acked) and event.action == "post"]
    tries = Counter(event.client_id for event in posts if isinstance(event, Sent))
    answers = defaultdict(list)
    for event in posts:
        if isinstance(event, Acked):
            answers[event.client_id].append(event.duplicate)
    for death in deaths:
        said, expected = answers[death.client_id], WAS_COMMITTED.get(death.moment)
        # Sent in two ways it has two answers; sent a third time it may have been committed by the second.
        is_sure = expected is True or tries[death.client_id] == 2
        if expected is not None and is_sure and said == [not expected]:
            what = f"a worker died at {death.moment} of {death.client_id[:8]}, then duplicate was {said[0]}"
            yield Violation(Kind.UNCERTAIN, what)


def _place(place: tuple[int, int]) -> str:
    return f"client {place[0]} in room {place[1]}"
