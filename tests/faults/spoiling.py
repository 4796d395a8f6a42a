"""What the checker finds in a made-up history, and ways to spoil what the database has of it."""

from dataclasses import asdict, replace
from typing import Any

from chatapp import text
from tests.faults.checker import check
from tests.faults.evidence import Database, Row
from tests.faults.history import Event
from tests.faults.made_up import MadeUp, of_kind
from tests.faults.violations import Kind, Violation


def found(story: MadeUp, database: Database | None = None) -> list[Violation]:
    """What is wrong with this story."""
    return check(story.events, database or story.database, story.copies, story.heads, (), story.badges)


def kinds(story: MadeUp, database: Database | None = None) -> set[Kind]:
    """The kinds of what is wrong with it."""
    return {violation.kind for violation in found(story, database)}


def every(story: MadeUp, kind: type[Event], **fields: Any) -> list[tuple[int, Any]]:
    """The events of this kind whose fields say this, each with its place."""
    found = of_kind(story.events, kind)
    return [(index, event) for index, event in found if fields.items() <= asdict(event).items()]


def spoilt(story: MadeUp, row: Row, **changes: Any) -> Database:
    """The database with one row changed behind everybody's back."""
    if changes.get("body"):
        changes = {"html": text.render(changes["body"]), **changes}
    rows = [replace(each, **changes) if each is row else each for each in story.database.messages]
    return Database(story.database.rooms, rows, story.pointers)


def a_row(story: MadeUp) -> Row:
    """A message that was neither edited nor deleted."""
    return next(row for row in story.rows.values() if row.body.startswith("text") and not row.body.endswith("!"))


def with_another_row(story: MadeUp, **changes: Any) -> Database:
    """The database with one row more, at the end of its room."""
    database, row = story.database, a_row(story)
    rooms = [replace(r, version=r.version + 1, last_number=r.last_number + (r.id == row.room)) for r in database.rooms]
    number = next(room.last_number for room in rooms if room.id == row.room)
    version = next(room.version for room in rooms if room.id == row.room)
    # Nobody has read it: a badge that does not count it is another matter.
    return Database(rooms, [*database.messages, replace(row, number=number, version=version, **changes)])
