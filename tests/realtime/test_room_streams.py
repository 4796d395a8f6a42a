"""What the bus lost is found in the database and told in order."""

from collections.abc import Callable

import pytest
from flask import Flask

from chatapp import db
from chatapp.actions import rooms
from chatapp.actions.memberships import add_member, join_room, leave_room, remove_member
from chatapp.models.changes import Change
from chatapp.realtime import delivery, room_streams
from chatapp.realtime.room_streams import RoomStreams
from tests.actions import questions
from tests.realtime.losing import Lost, compare, post
from tests.sockets.wire import RawSocket, connect, elsewhere, heard, open_room, say
from tests.support import Browser, Cast
from tests.together import eventually


@pytest.fixture
def streams(app: Flask) -> RoomStreams:
    """The streams of the application."""
    found: RoomStreams = app.extensions["chatapp_room_streams"]
    return found


def test_a_message_whose_announcement_was_lost_is_told_by_the_next_comparison(
    app: Flask, cast: Cast, bob: RawSocket, lost: Lost
) -> None:
    open_room(bob, cast.open_room)
    lost(post(cast, "one", "two"))
    assert heard(bob) == []
    compare(app)
    assert heard(bob) == ["one", "two"]
    compare(app)
    assert bob.received() == []


def test_everything_that_was_lost_is_told_in_order_and_each_goes_on_from_the_one_before(
    app: Flask, cast: Cast, bob: RawSocket, lost: Lost
) -> None:
    cursor = open_room(bob, cast.open_room)["version"]

    def change() -> None:
        questions.say(cast.alice, cast.open_room, "one", "two", "three")
        questions.edit(cast.open_room, 1, "won")
        join_room(cast.charlie, cast.open_room)
        questions.delete(cast.open_room, 2)
        rooms.rename_room(cast.alice, cast.open_room, "Hall")

    lost(change)
    compare(app)
    events = bob._client.get_received()  # noqa: SLF001
    assert [event["name"] for event in events] == [
        *("message:posted", "message:edited", "member:joined", "message:deleted", "room:changed"),
    ]
    for event in events:
        payload = event["args"][0]
        assert payload["prev"] == cursor
        cursor = payload["version"]


def test_members_who_have_it_not_open_are_told_too(app: Flask, cast: Cast, bob: RawSocket, lost: Lost) -> None:
    lost(post(cast, "one"))
    compare(app)
    assert [frame["preview"] for frame in bob.received("room:advanced")] == ["one"]


def test_more_than_a_page_that_was_lost_is_told_page_by_page(
    app: Flask, cast: Cast, bob: RawSocket, lost: Lost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_streams, "PAGE_MESSAGES", 2)
    open_room(bob, cast.open_room)
    lost(post(cast, *"abcde"))
    compare(app)
    assert heard(bob) == list("abcde")


def test_one_that_was_lost_is_told_before_the_next_that_arrives(
    app: Flask, cast: Cast, bob: RawSocket, lost: Lost
) -> None:
    open_room(bob, cast.open_room)
    lost(post(cast, "lost"))
    say(app, cast, "arrived")
    texts: list[str] = []
    eventually(lambda: texts.extend(heard(bob)) or len(texts) == 2)  # type: ignore[func-returns-value]
    assert texts == ["lost", "arrived"]


def test_while_the_database_is_away_a_gap_stays_one_line_in_the_log_and_is_filled_later(
    app: Flask,
    cast: Cast,
    bob: RawSocket,
    lost: Lost,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def away(*_: int) -> list[Change]:
        raise db.DatabaseAway("SELECT", {}, Exception("away"))

    open_room(bob, cast.open_room)
    lost(post(cast, "lost"))
    with monkeypatch.context() as patched:
        patched.setattr(room_streams, "changes_since", away)
        say(app, cast, "arrived")
        eventually(lambda: "fill failed" in caplog.text)
    assert "Traceback" not in caplog.text
    texts: list[str] = []
    # Who fills it is chance: the comparison, or the stream that has begun to try again.
    eventually(lambda: compare(app) or texts.extend(heard(bob)) or len(texts) == 2)  # type: ignore[func-returns-value]
    assert texts == ["lost", "arrived"]


def test_a_removal_that_was_lost_is_applied_before_anything_more_is_told(
    app: Flask, cast: Cast, bob: RawSocket, lost: Lost
) -> None:
    open_room(bob, cast.closed_room)

    def change() -> None:
        remove_member(cast.alice, cast.closed_room, cast.bob.id)
        questions.say(cast.alice, cast.closed_room, "secret")

    lost(change)
    compare(app)
    assert bob.names() == ["room:removed"]
    say(app, cast, "secret too", cast.closed_room)
    assert bob.received() == []


def test_a_room_that_cannot_be_read_keeps_no_other_from_being_told(
    app: Flask, cast: Cast, bob: RawSocket, lost: Lost, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_of = room_streams.changes_since

    def one_is_broken(room_id: int, since: int, limit: int) -> list[Change]:
        if room_id == broken:
            raise db.DatabaseAway("SELECT", {}, Exception("it takes too long"))
        return read_of(room_id, since, limit)

    monkeypatch.setattr(room_streams, "changes_since", one_is_broken)
    for broken, other in ((cast.open_room, cast.closed_room), (cast.closed_room, cast.open_room)):
        open_room(bob, other)
        lost(post(cast, "in the broken one", room_id=broken))
        lost(post(cast, "hello", room_id=other))
        compare(app)
        assert heard(bob)[-1:] == ["hello"]


def test_a_removal_whose_right_cannot_be_asked_is_applied_before_anything_more_is_told(
    app: Flask, cast: Cast, bob: RawSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away:
        @staticmethod
        def current(*_: int) -> None:
            raise db.DatabaseAway("SELECT", {}, Exception("away"))

    open_room(bob, cast.closed_room)
    with monkeypatch.context() as patched, app.app_context():
        patched.setattr(delivery, "Membership", Away)
        remove_member(cast.alice, cast.closed_room, cast.bob.id)
    say(app, cast, "secret", cast.closed_room)
    compare(app)
    say(app, cast, "secret too", cast.closed_room)
    assert bob.names() == ["room:removed"]


def test_a_removal_that_was_lost_ends_the_small_frames_too(
    app: Flask, cast: Cast, alice: RawSocket, bob: RawSocket, lost: Lost
) -> None:
    lost(lambda: remove_member(cast.alice, cast.closed_room, cast.bob.id))
    compare(app)
    assert bob.names() == ["room:removed"]
    alice.received()
    say(app, cast, "secret", cast.closed_room)
    assert (alice.names(), bob.names()) == (["room:advanced"], [])


def test_who_was_removed_and_came_back_unheard_goes_on_hearing(
    app: Flask, cast: Cast, bob: RawSocket, lost: Lost
) -> None:
    open_room(bob, cast.closed_room)

    def change() -> None:
        remove_member(cast.alice, cast.closed_room, cast.bob.id)
        add_member(cast.alice, cast.closed_room, cast.bob.id)

    lost(change)
    compare(app)
    assert [fact["members_count"] for fact in bob.received("member:joined")] == [2]
    say(app, cast, "welcome back", cast.closed_room)
    assert heard(bob) == ["welcome back"]


def test_a_stream_is_forgotten_when_nobody_follows_the_room(
    app: Flask, cast: Cast, streams: RoomStreams, charlie: RawSocket
) -> None:
    open_room(charlie, cast.open_room)
    assert set(streams._streams) == {cast.open_room}  # noqa: SLF001
    charlie.request("room:close", {"room_id": cast.open_room})
    compare(app)
    assert streams._streams == {}  # noqa: SLF001


def test_a_stream_is_forgotten_when_the_last_socket_goes(
    app: Flask, cast: Cast, streams: RoomStreams, alice: RawSocket, bob: RawSocket
) -> None:
    alice.close()
    compare(app)
    assert cast.open_room in streams._streams  # noqa: SLF001
    bob.close()
    compare(app)
    assert streams._streams == {}  # noqa: SLF001


def test_who_comes_back_to_a_forgotten_room_hears_it_from_where_it_stands(
    app: Flask, cast: Cast, bob: RawSocket, lost: Lost
) -> None:
    bob.close()
    compare(app)
    lost(post(cast, "while nobody was there"))
    again = connect(Browser(app, cast.bob))
    open_room(again, cast.open_room)
    say(app, cast, "hello")
    compare(app)
    assert heard(again) == ["hello"]


def test_a_forgotten_stream_that_still_waits_for_a_change_tells_nobody(
    app: Flask, cast: Cast, bob: RawSocket, lost: Lost, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs: list[Callable[[], None]] = []
    monkeypatch.setattr(RoomStreams, "_later", lambda _self, _seconds, job: jobs.append(job))
    alone = elsewhere_created(app, cast)
    open_room(bob, alone)
    lost(post(cast, "lost", room_id=alone))
    say(app, cast, "ahead", alone)
    bob.close()
    compare(app)
    again = connect(Browser(app, cast.bob))
    open_room(again, alone)
    with app.app_context():
        jobs.pop()()
    assert heard(again) == []


def test_a_stream_that_could_not_read_its_head_begins_with_the_next_comparison(
    app: Flask, cast: Cast, bob: RawSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare(app)
    new_room = elsewhere_created(app, cast)

    def away(_room_ids: set[int]) -> dict[int, int]:
        raise db.DatabaseAway("SELECT", {}, Exception("away"))

    with monkeypatch.context() as patched:
        patched.setattr(room_streams, "heads_of", away)
        assert not open_room(bob, new_room)["ok"]
    assert open_room(bob, new_room)["ok"]
    compare(app)
    say(app, cast, "hello", new_room)
    assert heard(bob) == ["hello"]


def test_who_opens_a_room_while_another_socket_starts_its_stream_misses_nothing(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads_of, bobs = room_streams.heads_of, []

    def bob_opens_it() -> None:
        bobs.append(bob := connect(Browser(app, cast.bob)))
        open_room(bob, cast.open_room)
        say(app, cast, "hello")

    def slow(room_ids: set[int]) -> dict[int, int]:
        monkeypatch.setattr(room_streams, "heads_of", heads_of)
        elsewhere(bob_opens_it)
        return heads_of(room_ids)

    monkeypatch.setattr(room_streams, "heads_of", slow)
    connect(Browser(app, cast.alice))
    compare(app)
    assert heard(bobs[0]) == ["hello"]


def elsewhere_created(app: Flask, cast: Cast) -> int:
    """An open room that Alice alone is in."""
    with app.app_context():
        return rooms.create_room(cast.alice, "Hall", "open").id


def test_leaving_an_open_room_unheard_ends_the_small_frames_but_not_reading(
    app: Flask, cast: Cast, bob: RawSocket, lost: Lost
) -> None:
    open_room(bob, cast.open_room)
    lost(lambda: leave_room(cast.bob, cast.open_room))
    compare(app)
    assert bob.names() == ["room:removed", "member:left"]
    say(app, cast, "still open to read")
    assert heard(bob) == ["still open to read"]
