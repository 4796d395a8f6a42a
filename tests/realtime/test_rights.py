"""Who follows a room on this worker is compared with who is in it."""

from datetime import timedelta

import pytest
from flask import Flask

from chatapp import db
from chatapp.actions.memberships import add_member, remove_member
from chatapp.models import Membership
from chatapp.realtime import rights
from tests.realtime.losing import Lost, compare, post
from tests.sockets.wire import RawSocket, open_room, say
from tests.support import Cast


def test_who_was_added_unheard_by_a_machine_whose_clock_is_behind_follows_too(
    app: Flask, cast: Cast, charlie: RawSocket, lost: Lost
) -> None:
    def add_hours_ago() -> None:
        add_member(cast.alice, cast.closed_room, cast.charlie.id)
        with db.transaction() as session:
            membership = session.get_one(Membership, (cast.closed_room, cast.charlie.id))
            membership.joined_at -= timedelta(hours=3)

    lost(add_hours_ago)
    compare(app)
    assert charlie.names() == ["member:joined"]


def test_who_came_unheard_long_ago_is_not_told_all_that_was_said_since(
    app: Flask, cast: Cast, charlie: RawSocket, lost: Lost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rights, "PAGE_MESSAGES", 2)
    lost(lambda: add_member(cast.alice, cast.closed_room, cast.charlie.id))
    lost(post(cast, *"abcde", room_id=cast.closed_room))
    compare(app)
    assert [frame["preview"] for frame in charlie.received("room:advanced")] == ["d", "e"]


def test_who_came_unheard_where_others_heard_what_was_said_since_learns_that_something_was(
    app: Flask, cast: Cast, bob: RawSocket, charlie: RawSocket, lost: Lost
) -> None:
    # As on a worker that has just started: Bob's coming began the stream after Charlie was added, and Charlie's look at
    # their rooms was before it.
    lost(lambda: add_member(cast.alice, cast.closed_room, cast.charlie.id))
    stream = app.extensions["chatapp_room_streams"]._streams[cast.closed_room]  # noqa: SLF001
    stream.version += 1
    joined = stream.version
    say(app, cast, "one", cast.closed_room)
    assert (bob.names(), charlie.names()) == (["room:advanced"], [])
    compare(app)
    say(app, cast, "two", cast.closed_room)
    came, advanced = charlie.received()
    assert (came["person"]["id"], came["prev"], came["version"]) == (cast.charlie.id, joined - 1, joined + 1)
    assert (advanced["event"], advanced["prev"]) == ("message:posted", came["version"])


@pytest.mark.parametrize("has_it_open", [True, False])
def test_who_is_in_a_closed_room_no_more_stops_hearing_it_even_where_its_stream_is_past_that(
    app: Flask, cast: Cast, bob: RawSocket, lost: Lost, has_it_open: bool
) -> None:
    if has_it_open:
        open_room(bob, cast.closed_room)
    lost(lambda: remove_member(cast.alice, cast.closed_room, cast.bob.id))
    app.extensions["chatapp_room_streams"]._streams[cast.closed_room].version += 1  # noqa: SLF001
    compare(app)
    say(app, cast, "secret", cast.closed_room)
    assert bob.names() == ["room:removed"]


def test_who_reads_an_open_room_without_being_in_it_goes_on_hearing_it(
    app: Flask, cast: Cast, charlie: RawSocket
) -> None:
    open_room(charlie, cast.open_room)
    compare(app)
    say(app, cast, "hello")
    assert charlie.names() == ["message:posted"]
