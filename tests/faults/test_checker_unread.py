"""P9: every badge that is no recount, and every reading that moved by itself, is planted and found."""

from dataclasses import replace

import pytest

from tests.faults.checker import check
from tests.faults.evidence import Badge, Database, Pointer
from tests.faults.history import Counted, Left, Reads, Stands, Told
from tests.faults.made_up import FOLLOWED, MadeUp
from tests.faults.spoiling import every, kinds
from tests.faults.unread import COUNTED_MAX
from tests.faults.violations import Kind


def told(story: MadeUp, badges: list[Badge], database: Database | None = None) -> set[Kind]:
    """What is found when these badges stand there in the end."""
    found = check(story.events, database or story.database, story.copies, story.heads, (), badges)
    return {violation.kind for violation in found}


def spoilt(story: MadeUp, pointer: Pointer, **changes: int) -> Database:
    """The database in which one has read otherwise; the badges are recounts of it."""
    pointers = [replace(each, **changes) if each == pointer else each for each in story.pointers]
    return Database(story.database.rooms, story.database.messages, pointers)


def recounts(story: MadeUp, database: Database) -> list[Badge]:
    """What every badge says in that database."""
    return [story.badge(pointer) for pointer in database.pointers]


def a_reader(story: MadeUp) -> Pointer:
    """Somebody who was told how far they have read, and has written nothing since."""
    told = {(100 + each.client, each.room, each.number, each.generation) for _, each in every(story, Stands)}
    return next(each for each in story.pointers if (each.user, each.room, each.number, each.generation) in told)


def test_badges_that_are_recounts_pass(story: MadeUp) -> None:
    assert told(story, story.badges) == set()
    assert sum(badge.unread for badge in story.badges) > 10


@pytest.mark.parametrize("change", [1, -1])
def test_one_that_says_one_more_or_one_less_is_found(story: MadeUp, change: int) -> None:
    first, *others = story.badges

    assert told(story, [replace(first, unread=first.unread + change), *others]) == {Kind.UNREAD}


@pytest.mark.parametrize("field", ["number", "generation"])
def test_so_is_one_that_rests_on_another_reading(story: MadeUp, field: str) -> None:
    first, *others = story.badges

    assert told(story, [replace(first, **{field: getattr(first, field) + 1}), *others]) == {Kind.UNREAD}


def test_one_that_counts_ones_own_posts_is_found(story: MadeUp) -> None:
    own = {(row.room, row.user) for row in story.database.messages if not row.is_deleted}
    badges = [replace(b, unread=b.unread + ((b.room, b.user) in own)) for b in story.badges]

    assert told(story, badges) == {Kind.UNREAD}


def test_one_that_counts_deleted_posts_is_found(story: MadeUp) -> None:
    room = next(row.room for row in story.database.messages if row.is_deleted)
    followed = next(badge for badge in story.badges if (badge.client, badge.room) == (FOLLOWED, room))
    rows = [row for row in story.database.messages if row.room == room]

    assert told(story, [replace(followed, unread=len(rows))]) == {Kind.UNREAD}


def test_counting_stops_at_a_thousand() -> None:
    story = MadeUp(people=2, rooms=1, things=1_700)
    followed = next(badge for badge in story.badges if badge.client == FOLLOWED)

    assert followed.unread > COUNTED_MAX
    assert told(story, [replace(followed, unread=COUNTED_MAX)]) == set()
    assert told(story, [followed]) == {Kind.UNREAD}


def test_of_a_room_that_one_is_not_in_nothing_is_unread(story: MadeUp) -> None:
    nobody = Badge(7, 107, 1, 0, 0, 0)

    assert told(story, [nobody]) == set()
    assert told(story, [replace(nobody, unread=1)]) == {Kind.UNREAD}


def test_a_reading_that_went_down_by_itself_is_found(story: MadeUp) -> None:
    database = spoilt(story, (pointer := a_reader(story)), number=pointer.number - 1)

    assert told(story, recounts(story, database), database) == {Kind.UNREAD}


def test_one_that_went_up_to_where_nobody_read_is_found(story: MadeUp) -> None:
    read = {(each.client, each.room) for _, each in every(story, Reads)}
    pointer = next(each for each in story.pointers if (each.user - 100, each.room) not in read)
    database = spoilt(story, pointer, number=1 + max(row.number for row in story.database.messages))

    assert told(story, recounts(story, database), database) == {Kind.UNREAD}


def test_one_that_was_marked_unread_by_nobody_is_found(story: MadeUp) -> None:
    database = spoilt(story, (pointer := a_reader(story)), generation=pointer.generation + 1)

    assert told(story, recounts(story, database), database) == {Kind.UNREAD}


def test_a_reading_that_was_acked_and_is_gone_is_found(story: MadeUp) -> None:
    story.add(Reads, FOLLOWED, room=1, number=3, generation=0)
    story.add(Stands, FOLLOWED, room=1, number=3, generation=0, answers=3)

    assert kinds(story) == {Kind.UNREAD}


def test_so_is_one_that_was_answered_with_less(story: MadeUp) -> None:
    story.add(Reads, FOLLOWED, room=1, number=3, generation=0)
    story.add(Stands, FOLLOWED, room=1, number=0, generation=0, answers=3)

    assert kinds(story) == {Kind.UNREAD}


def test_one_whose_answer_never_came_may_have_happened_or_not(story: MadeUp) -> None:
    story.add(Reads, FOLLOWED, room=1, number=3, generation=0)
    pointer = next(each for each in story.pointers if (each.user, each.room) == (100 + FOLLOWED, 1))
    database = spoilt(story, pointer, number=3)

    assert kinds(story) == set()
    assert told(story, recounts(story, database), database) == set()


def test_a_frame_that_does_not_follow_on_the_one_before_it_is_a_gap(story: MadeUp) -> None:
    index, _ = every(story, Told, room=1)[3]
    del story.events[index]

    assert kinds(story) == {Kind.GAP}


def test_so_is_a_first_one_that_does_not_follow_on_the_count(story: MadeUp) -> None:
    index, _ = every(story, Told, room=1)[0]
    del story.events[index]

    assert kinds(story) == {Kind.GAP}


def test_a_frame_that_was_sent_twice_is_found(story: MadeUp) -> None:
    index, frame = every(story, Told, room=1)[3]
    story.events.insert(index, frame)

    assert kinds(story) == {Kind.TWICE}


def test_an_older_one_after_a_newer_one_is_out_of_order(story: MadeUp) -> None:
    (_, older), (index, newer) = every(story, Told, room=1)[2:4]
    story.events.insert(index + 1, replace(older, at=newer.at))

    assert Kind.OUT_OF_ORDER in kinds(story)


def test_a_new_connection_goes_on_from_what_it_counted(story: MadeUp) -> None:
    room = story.database.rooms[0]
    story.add(Counted, FOLLOWED, room=room.id, version=room.version, connection=2)
    story.add(Told, FOLLOWED, room=room.id, version=room.version + 1, prev=room.version, connection=2)
    assert kinds(story) == set()

    story.add(Counted, FOLLOWED, room=room.id, version=room.version, connection=3)
    story.add(Told, FOLLOWED, room=room.id, version=room.version + 3, prev=room.version + 1, connection=3)
    assert kinds(story) == {Kind.GAP}


def test_who_was_out_of_the_room_need_not_have_heard_all(story: MadeUp) -> None:
    index, _ = every(story, Told, room=1)[3]
    del story.events[index]
    story.add(Left, FOLLOWED, room=1)

    assert kinds(story) == set()
