"""Reading what was said: a page of it, or exactly what changed since one looked."""

from collections.abc import Callable

import pytest

from chatapp.actions import history
from chatapp.actions.history import (
    PAGE_MAX_CHARS,
    PAGE_MAX_MESSAGES,
    Page,
    current_epoch,
    read_after,
    read_around,
    read_before,
    read_changes,
    read_newest,
    read_unread,
)
from chatapp.actions.memberships import join_room
from chatapp.errors import BadRequest, CursorAhead, MessageNotFound, RoomNotFound
from chatapp.models import Company, Person
from tests.actions.questions import bodies, delete, edit, head_of, say
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context")

Read = Callable[[Person, int, int], object]

READERS: dict[str, Read] = {
    "newest": lambda person, room_id, limit: read_newest(person, room_id, limit=limit),
    "before": lambda person, room_id, limit: read_before(person, room_id, 1, limit=limit),
    "after": lambda person, room_id, limit: read_after(person, room_id, 1, limit=limit),
    "unread": lambda person, room_id, limit: read_unread(person, room_id, 1, limit=limit),
    "around": lambda person, room_id, limit: read_around(person, room_id, 1, limit=limit),
    "changes": lambda person, room_id, limit: read_changes(person, room_id, 0, limit=limit),
}
each_reader = pytest.mark.parametrize("read", READERS.values(), ids=READERS.keys())


@pytest.fixture
def talk(cast: Cast) -> int:
    """A room with the messages m1 to m7."""
    say(cast.alice, cast.closed_room, *(f"m{number}" for number in range(1, 8)))
    return cast.closed_room


def sides(page: Page) -> tuple[bool, bool]:
    return page.has_older, page.has_newer


def test_the_newest_page_ends_with_the_last_message(cast: Cast, talk: int) -> None:
    page = read_newest(cast.bob, talk, limit=3)
    assert bodies(page) == ["m5", "m6", "m7"]
    assert sides(page) == (True, False)


def test_one_begins_to_read_at_the_newest_unless_the_first_unread_stands_before_them(cast: Cast, talk: int) -> None:
    # behaviour 21
    for number in (None, 5, 7):
        assert bodies(read_unread(cast.bob, talk, number, limit=3)) == ["m5", "m6", "m7"]
    page = read_unread(cast.bob, talk, 4, limit=3)
    assert bodies(page) == ["m3", "m4", "m5"]
    assert sides(page) == (True, True)


def test_an_empty_room_has_no_first_unread(cast: Cast) -> None:
    assert bodies(read_unread(cast.bob, cast.open_room, None)) == []


def test_a_page_that_holds_everything_has_nothing_on_either_side(cast: Cast, talk: int) -> None:
    assert sides(read_newest(cast.bob, talk, limit=7)) == (False, False)


def test_the_page_before_ends_just_below(cast: Cast, talk: int) -> None:
    page = read_before(cast.bob, talk, 5, limit=2)
    assert bodies(page) == ["m3", "m4"]
    assert sides(page) == (True, True)


def test_the_first_page_has_nothing_older(cast: Cast, talk: int) -> None:
    assert sides(read_before(cast.bob, talk, 4, limit=3)) == (False, True)


def test_the_page_after_begins_just_above(cast: Cast, talk: int) -> None:
    page = read_after(cast.bob, talk, 3, limit=2)
    assert bodies(page) == ["m4", "m5"]
    assert sides(page) == (True, True)


def test_the_page_around_a_message_has_as_many_on_either_side(cast: Cast, talk: int) -> None:
    page = read_around(cast.bob, talk, 4, limit=5)
    assert bodies(page) == ["m2", "m3", "m4", "m5", "m6"]
    assert sides(page) == (True, True)


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 7])
def test_the_page_around_a_message_keeps_its_limit(cast: Cast, talk: int, limit: int) -> None:
    said = bodies(read_around(cast.bob, talk, 4, limit=limit))
    assert "m4" in said
    assert len(said) <= limit


def test_around_nothing_is_no_page(cast: Cast, talk: int) -> None:
    for number in (0, 8, 2**62):
        with pytest.raises(MessageNotFound):
            read_around(cast.bob, talk, number)


def test_paging_back_gives_every_message_once(cast: Cast, talk: int) -> None:
    page = read_newest(cast.bob, talk, limit=3)
    said = bodies(page)
    while page.has_older:
        page = read_before(cast.bob, talk, page.said[0].message.number, limit=3)
        said = bodies(page) + said
    assert said == [f"m{number}" for number in range(1, 8)]


def test_an_empty_room_has_an_empty_page(cast: Cast) -> None:
    page = read_newest(cast.bob, cast.open_room)
    assert (page.said, sides(page)) == ([], (False, False))


@each_reader
@pytest.mark.parametrize("limit", [-1, 0, PAGE_MAX_MESSAGES + 1, 2**63])
def test_a_limit_is_between_1_and_200(cast: Cast, talk: int, read: Read, limit: int) -> None:
    read(cast.bob, talk, 1)
    read(cast.bob, talk, PAGE_MAX_MESSAGES)
    with pytest.raises(BadRequest):
        read(cast.bob, talk, limit)


@each_reader
def test_outsiders_read_nothing_of_a_closed_room_not_even_an_administrator(cast: Cast, talk: int, read: Read) -> None:
    for outsider in (cast.charlie, cast.dana):
        for room_id in (talk, cast.direct_room, 999_999):
            with pytest.raises(RoomNotFound):
                read(outsider, room_id, 50)


@each_reader
def test_everyone_reads_an_open_room(cast: Cast, read: Read) -> None:
    say(cast.alice, cast.open_room, "one", "two")
    assert read(cast.charlie, cast.open_room, 50)


def test_changes_are_the_messages_after_the_cursor(cast: Cast, talk: int) -> None:
    version, _ = head_of(talk)
    changes = read_changes(cast.bob, talk, version - 2)
    assert [fact.body for fact in changes.items] == ["m6", "m7"]
    assert (changes.up_to, changes.head, changes.more) == (version, version, False)


def test_at_the_head_nothing_has_changed(cast: Cast, talk: int) -> None:
    version, _ = head_of(talk)
    changes = read_changes(cast.bob, talk, version)
    assert (changes.items, changes.up_to, changes.more) == ([], version, False)


def test_a_change_that_is_no_message_moves_the_cursor_alone(cast: Cast) -> None:
    version, _ = head_of(cast.open_room)
    join_room(cast.charlie, cast.open_room)
    changes = read_changes(cast.bob, cast.open_room, version)
    assert (changes.items, changes.up_to, changes.head) == ([], version + 1, version + 1)


def test_a_message_that_changed_twice_appears_once_with_its_last_change(cast: Cast, talk: int) -> None:
    since, _ = head_of(talk)
    edit(talk, 2, "edited")
    edit(talk, 2, "edited again")
    (fact,) = read_changes(cast.bob, talk, since).items
    assert (fact.number, fact.body, fact.version, fact.prev, fact.event) == (
        2,
        "edited again",
        since + 2,
        since,
        "message:edited",
    )


def test_a_deletion_is_a_change_without_its_text(cast: Cast, talk: int) -> None:
    since, _ = head_of(talk)
    delete(talk, 3)
    (fact,) = read_changes(cast.bob, talk, since).items
    assert (fact.number, fact.body, fact.event) == (3, "", "message:deleted")
    assert "m3" not in fact.html


def test_each_change_names_the_version_before_it(cast: Cast, talk: int) -> None:
    edit(talk, 1, "edited")
    facts = read_changes(cast.bob, talk, 0).items
    assert [fact.number for fact in facts] == [2, 3, 4, 5, 6, 7, 1]
    assert [fact.prev for fact in facts] == [0, *(fact.version for fact in facts[:-1])]


def test_with_more_to_come_up_to_is_the_last_item(cast: Cast, talk: int) -> None:
    changes = read_changes(cast.bob, talk, 0, limit=2)
    assert changes.more
    assert changes.up_to == changes.items[-1].version < changes.head


def test_reading_on_from_up_to_gives_every_change_once(cast: Cast, talk: int) -> None:
    edit(talk, 4, "edited")
    since, more, numbers = 0, True, []
    while more:
        changes = read_changes(cast.bob, talk, since, limit=2)
        assert all(fact.prev >= since for fact in changes.items)
        numbers += [fact.number for fact in changes.items]
        since, more = changes.up_to, changes.more
    assert numbers == [1, 2, 3, 5, 6, 7, 4]
    assert since == head_of(talk)[0]


def test_a_page_of_long_messages_ends_early_and_the_rest_follows(cast: Cast, talk: int) -> None:
    long_ones = [f"{number} {'<' * 15_000}" for number in range(12)]  # as HTML four times as long
    say(cast.alice, talk, *long_ones)
    seen: list[int] = []
    pages, since, more = 0, 0, True
    while more:
        changes = read_changes(cast.bob, talk, since)
        assert sum(len(fact.html) for fact in changes.items) <= PAGE_MAX_CHARS
        seen += [fact.number for fact in changes.items]
        pages, since, more = pages + 1, changes.up_to, changes.more
    assert seen == list(range(1, 20))
    assert pages == 4
    assert since == changes.head


def test_of_long_messages_no_more_is_read_than_a_page_has(
    cast: Cast, talk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    since, limits, read = head_of(talk)[0], list[int](), history.said_since
    say(cast.alice, talk, *(f"{number} {'<' * 15_000}" for number in range(20)))
    monkeypatch.setattr(history, "said_since", lambda *asked: [limits.append(asked[-1]), read(*asked)][1])
    changes = read_changes(cast.bob, talk, since)
    assert (len(changes.items), changes.more, limits) == (3, True, [4])  # one more, to know that there is one


def test_a_page_has_one_message_however_long(cast: Cast, talk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PAGE_MAX_CHARS", 1)
    changes = read_changes(cast.bob, talk, 1)
    assert len(changes.items) == 1
    assert changes.more


def test_a_page_that_ends_exactly_at_the_head_has_no_more(cast: Cast, talk: int) -> None:
    changes = read_changes(cast.bob, talk, 0, limit=7)
    assert (len(changes.items), changes.more, changes.up_to) == (7, False, changes.head)


def test_a_cursor_beyond_the_head_is_from_another_time(cast: Cast, talk: int) -> None:
    version, _ = head_of(talk)
    for since in (version + 1, 2**63 - 1):
        with pytest.raises(CursorAhead):
            read_changes(cast.bob, talk, since)


def test_changes_carry_the_epoch_and_the_room(cast: Cast, talk: int) -> None:
    company = Company.the_one()
    assert company is not None
    sent = read_changes(cast.bob, talk, 0).as_json()
    assert sent["epoch"] == company.epoch == current_epoch() != ""
    assert sent["room"] == {"id": talk, "name": "Board", "kind": "closed", "is_archived": False}
    assert {item["event"] for item in sent["items"]} == {"message:posted"}
