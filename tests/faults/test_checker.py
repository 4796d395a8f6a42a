"""A checker that nobody has seen fail proves nothing: every fault is planted once, and must be found and named."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults import history
from tests.faults.checker import check
from tests.faults.evidence import Database, Death, Row
from tests.faults.history import Acked, Applied, Caught, Sent, Typed
from tests.faults.made_up import MadeUp, of_kind
from tests.faults.spoiling import a_row, every, found, kinds, spoilt, with_another_row
from tests.faults.violations import Kind


def test_a_history_in_which_all_is_right_passes(story: MadeUp) -> None:
    assert found(story) == []


@pytest.mark.parametrize("seed", range(20))
def test_so_does_any_other(seed: int) -> None:
    assert found(MadeUp(people=2 + seed % 4, rooms=1 + seed % 3, things=60, seed=seed)) == []


def test_so_does_a_long_one() -> None:
    assert found(MadeUp(people=8, rooms=3, things=3_000)) == []


def test_a_message_that_was_acked_and_is_gone_is_lost(story: MadeUp) -> None:
    row = a_row(story)
    without = Database(story.database.rooms, [each for each in story.database.messages if each is not row])

    assert {Kind.LOST, Kind.HOLE} <= kinds(story, without)


def test_one_whose_number_changed_after_the_ack_has_moved(story: MadeUp) -> None:
    assert Kind.MOVED in kinds(story, spoilt(story, a_row(story), number=999))


def test_one_that_was_typed_and_never_answered_is_unsent(story: MadeUp) -> None:
    story.add(Typed, 1, room=1, client_id="waiting")

    assert kinds(story) == {Kind.UNSENT}


def test_one_that_is_there_twice_under_one_client_id_is_a_duplicate(story: MadeUp) -> None:
    assert Kind.DUPLICATE in kinds(story, with_another_row(story))


def test_one_that_is_there_twice_under_two_client_ids_is_one_too(story: MadeUp) -> None:
    assert Kind.DUPLICATE in kinds(story, with_another_row(story, client_id="another"))


def test_one_that_nobody_sent_is_a_phantom(story: MadeUp) -> None:
    assert Kind.PHANTOM in kinds(story, with_another_row(story, client_id="nobody", body="boo"))


def test_one_that_says_something_else_is_changed(story: MadeUp) -> None:
    assert Kind.CHANGED in kinds(story, spoilt(story, a_row(story), body="not what I said"))


def test_one_that_was_deleted_by_nobody_is_changed(story: MadeUp) -> None:
    assert Kind.CHANGED in kinds(story, spoilt(story, a_row(story), body="", is_deleted=True))


def test_an_acked_edit_that_is_gone_is_a_change(story: MadeUp) -> None:
    edited = next(row for row in story.rows.values() if row.body.endswith("!"))

    assert Kind.CHANGED in kinds(story, spoilt(story, edited, body=edited.body[:-1]))


def test_an_edit_whose_ack_never_came_may_be_there_or_not(story: MadeUp) -> None:
    row = a_row(story)
    story.add(Sent, row.user - 100, room=row.room, client_id=row.client_id, action="edit", body="perhaps")

    assert found(story) == []
    assert Kind.CHANGED not in kinds(story, spoilt(story, row, body="perhaps"))


def test_a_deletion_that_came_back_is_a_change(story: MadeUp) -> None:
    deleted = next(row for row in story.rows.values() if row.is_deleted)

    assert Kind.CHANGED in kinds(story, spoilt(story, deleted, body="text", is_deleted=False))


def test_a_text_that_outlives_its_deletion_is_a_change(story: MadeUp) -> None:
    deleted = next(row for row in story.rows.values() if row.is_deleted)

    assert Kind.CHANGED in kinds(story, spoilt(story, deleted, body="the old text"))


def test_numbers_with_a_hole_are_found(story: MadeUp) -> None:
    rooms = [replace(room, last_number=room.last_number + 1) for room in story.database.rooms]
    database = Database(rooms, story.database.messages)

    assert Kind.HOLE in {violation.kind for violation in check(story.events, database)}


def test_two_messages_of_one_version_are_found(story: MadeUp) -> None:
    one, other = [row for row in story.database.messages if row.room == 1][:2]

    assert Kind.HOLE in kinds(story, spoilt(story, one, version=other.version))


def test_a_room_that_is_behind_its_messages_is_found(story: MadeUp) -> None:
    rooms = [replace(room, version=1) for room in story.database.rooms]

    assert Kind.HOLE in kinds(story, Database(rooms, story.database.messages))


def swapped(story: MadeUp, one: Row, other: Row) -> Database:
    """The database with these two in each other's place."""
    places = {one.number: other, other.number: one}
    rows = [
        replace(places[row.number], number=row.number, version=row.version) if row in (one, other) else row
        for row in story.database.messages
    ]
    return Database(story.database.rooms, rows)


def test_a_message_sent_after_the_ack_of_another_and_put_before_it_is_reordered(story: MadeUp) -> None:
    one, *_, other = [row for row in story.database.messages if row.room == 1]

    assert Kind.REORDERED in kinds(story, swapped(story, one, other))


def test_messages_of_one_author_not_in_the_order_typed_are_found(story: MadeUp) -> None:
    one, *_, other = [row for row in story.database.messages if row.room == 1 and row.user == 101]

    assert Kind.AUTHOR_ORDER in kinds(story, swapped(story, one, other))


def test_a_change_that_a_client_applied_twice_is_found(story: MadeUp) -> None:
    index, event = every(story, Applied)[-1]
    story.events.insert(index + 1, event)

    assert Kind.TWICE in kinds(story)


def test_an_old_change_applied_after_a_newer_one_is_found(story: MadeUp) -> None:
    index, event = next(
        (index, event)
        for index, event in of_kind(story.events, Applied)
        if isinstance(event, Applied) and event.prev < event.version - 1
    )
    story.events.insert(index + 1, replace(event, version=event.version - 1))

    assert kinds(story) == {Kind.OUT_OF_ORDER}


def test_a_change_that_does_not_follow_on_what_the_client_had_is_a_gap(story: MadeUp) -> None:
    index, event = next((i, e) for i, e in of_kind(story.events, Applied) if isinstance(e, Applied) and e.prev > 0)
    before = next(
        i for i, e in reversed(list(of_kind(story.events[:index], Applied)))
        if isinstance(e, Applied) and (e.client, e.room) == (event.client, event.room)
    )  # fmt: skip
    del story.events[before]

    assert Kind.GAP in kinds(story)


def test_a_promise_that_nothing_is_missing_where_something_is_is_a_gap(story: MadeUp) -> None:
    story.add(Caught, 1, room=1, since=10_000, up_to=10_001)

    assert kinds(story) == {Kind.GAP}


def test_a_message_missing_from_a_copy_that_went_on_is_a_gap(story: MadeUp) -> None:
    story.copies[0].messages.popitem()

    assert kinds(story) == {Kind.GAP}


Spoil = Callable[[MadeUp], object]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda story: setattr(story.copies[0], "cursor", 1), id="behind"),
        pytest.param(lambda story: story.copies[0].messages.update({1: (1, "other")}), id="another text"),
        pytest.param(lambda story: story.copies[0].messages.update({10_000: (1, "more")}), id="one more"),
    ],
)
def test_a_client_that_does_not_end_with_what_the_database_has_has_not_converged(story: MadeUp, spoil: Spoil) -> None:
    spoil(story)

    assert kinds(story) == {Kind.NOT_CONVERGED}


def test_neither_has_one_that_did_not_hear_of_the_last_message_of_a_room_it_follows(story: MadeUp) -> None:
    heads = [replace(head, number=head.number - 1) for head in story.heads]
    wrong = check(story.events, story.database, story.copies, heads)

    assert [violation.kind for violation in wrong] == [Kind.NOT_CONVERGED] * len(heads)


@pytest.mark.parametrize("moment", ["insert", "commit", "commit-ack"])
def test_a_retry_after_a_death_that_is_told_the_wrong_thing_is_found(story: MadeUp, moment: str) -> None:
    _, ack = every(story, Acked, action="post", duplicate=moment != "commit-ack")[0]
    deaths = [Death(moment, ack.client_id)]
    wrong = check(story.events, story.database, story.copies, story.heads, deaths)

    assert [violation.kind for violation in wrong] == [Kind.UNCERTAIN]


def test_a_third_try_may_find_what_the_second_has_committed(story: MadeUp) -> None:
    index, sent = every(story, Sent, client_id=every(story, Acked, action="post", duplicate=True)[0][1].client_id)[0]
    story.events.insert(index, sent)

    assert check(story.events, story.database, story.copies, story.heads, [Death("insert", sent.client_id)]) == []


@pytest.mark.parametrize("moment", ["insert", "commit", "commit-ack", "ack-publish"])
def test_one_that_is_told_the_truth_is_not(story: MadeUp, moment: str) -> None:
    _, ack = every(story, Acked, action="post", duplicate=moment == "commit-ack")[0]
    deaths = [Death(moment, ack.client_id)]

    assert check(story.events, story.database, story.copies, story.heads, deaths) == []


@pytest.mark.parametrize("room", [1, 0], ids=["removed", "signed out"])
def test_what_comes_to_one_who_was_shut_out_is_found_after_the_grace(story: MadeUp, room: int) -> None:
    story.shut_out(7, room, hears_after=4)
    assert found(story) == []

    story.shut_out(8, room, hears_after=6)
    assert kinds(story) == {Kind.AFTER_REMOVAL}


def test_every_kind_of_violation_is_planted_somewhere() -> None:
    words = "".join(path.read_text() for path in Path(__file__).parent.glob("test_checker*.py"))

    assert [kind.name for kind in Kind if f"Kind.{kind.name}" not in words] == []


def test_a_violation_says_whom_it_concerns(story: MadeUp) -> None:
    _, ack = every(story, Acked, action="post")[0]
    without = Database(story.database.rooms, [row for row in story.database.messages if row.client_id != ack.client_id])
    lost = next(violation for violation in found(story, without) if violation.kind is Kind.LOST)

    assert f"person {100 + ack.client} in room {ack.room}" in lost.what


def test_a_history_can_be_kept_and_read_again(story: MadeUp, tmp_path: Path) -> None:
    history.write(tmp_path / "history.jsonl", story.events)

    assert history.read(tmp_path / "history.jsonl") == story.events
