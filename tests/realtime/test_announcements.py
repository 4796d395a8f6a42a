"""What workers tell each other survives the way over the bus."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp.realtime import announcements
from chatapp.realtime.announcements import (
    Announcement,
    PeopleHeard,
    PersonMoved,
    PersonTold,
    RoomMoved,
    SignInsEnded,
    TypingHeard,
    decode,
)

PAYLOAD = {"room_id": 1, "version": 2, "prev": 1, "name": "한국 <b>😀</b>", "mentions": [1, 2], "author": {"id": 3}}
EACH_KIND: list[Announcement] = [
    RoomMoved(room_id=1, version=2, event="message:posted", payload=PAYLOAD, advanced={"room_id": 1}),
    RoomMoved(room_id=2**63 - 1, version=2**63 - 1, event="room:changed", payload={}, to_members=True),
    RoomMoved(room_id=1, version=2, event="member:joined", payload=PAYLOAD, user_id=2, is_member=True),
    RoomMoved(room_id=1, version=3, event="member:left", payload=PAYLOAD, user_id=2, may_read=False),
    PersonTold(user_id=2, event="room:read", payload=PAYLOAD),
    PersonMoved(version=2, payload=PAYLOAD),
    SignInsEnded(sign_in_ids=(1, 2, 3)),
    SignInsEnded(sign_in_ids=()),
    TypingHeard(room_id=1, user_id=2, name="한국 <b>😀</b>", seconds=5.0),
    PeopleHeard(worker="a", people=((1, "Alice"), (2, "한국")), seconds=45, asks=True),
    PeopleHeard(worker="a", people=(), seconds=0.5),
]


@pytest.mark.parametrize("announcement", EACH_KIND, ids=lambda each: type(each).__name__)
def test_what_is_decoded_is_what_was_encoded(announcement: Announcement) -> None:
    assert decode(announcement.encode()) == announcement


def test_every_kind_is_among_these() -> None:
    kinds = {kind for kind in Announcement.__subclasses__() if kind.__module__ == announcements.__name__}
    assert kinds == {type(each) for each in EACH_KIND}


def test_an_announcement_is_json_that_names_its_kind() -> None:
    assert json.loads(SignInsEnded(sign_in_ids=(7,)).encode()) == {"kind": "SignInsEnded", "sign_in_ids": [7]}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"null",
        b"7",
        b'"RoomMoved"',
        b"[]",
        b'["kind"]',
        b"{}",
        b'{"kind": "Announcement"}',
        b'{"kind": "Nonsense"}',
        b'{"kind": null}',
        b'{"kind": ["RoomMoved"]}',
        b'{"kind": "SignInsEnded"}',
        b'{"kind": "SignInsEnded", "sign_in_ids": null}',
        b'{"kind": "SignInsEnded", "sign_in_ids": [], "more": 1}',
        b'{"kind": "PersonTold", "user_id": 1}',
        b'{"kind": "PeopleHeard", "worker": "a", "people": null, "seconds": 1}',
        b'{"kind": "PeopleHeard", "worker": "a", "people": [1], "seconds": 1}',
        b'{"kind": "PeopleHeard", "worker": "a", "people": [[1]], "seconds": 1}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
    ids=lambda data: repr(data[:40]),
)
def test_what_is_no_announcement_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        decode(data)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: json.dumps({"kind": text}).encode()))
@settings(deadline=None)
def test_any_bytes_are_an_announcement_or_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        decode(data)
