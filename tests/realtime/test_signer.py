"""Frames of the bus: whoever can write to Redis can still not speak to our browsers."""

import pytest
from flask import Flask

from chatapp.config import Settings
from chatapp.realtime.announcements import Announcement, RoomMoved, SignInsEnded
from chatapp.realtime.bus import FRAME_MAX_BYTES, SIGNATURE_BYTES, WORKER_BYTES, Bus, Signer
from chatapp.text.html import render

SECRET = "secret-of-this-company-32-characters"
OTHER_SECRET = "secret-of-another-one-32-characters!"
ANOTHER_WORKER = b"w" * WORKER_BYTES
ANNOUNCEMENT = SignInsEnded(sign_in_ids=(1,))
GOOD = Signer(SECRET).sign(ANOTHER_WORKER + ANNOUNCEMENT.encode())

BAD_FRAMES = {
    "empty": b"",
    "short": b"x" * (SIGNATURE_BYTES - 1),
    "unsigned": ANOTHER_WORKER + ANNOUNCEMENT.encode(),
    "no signature": bytes(SIGNATURE_BYTES) + GOOD[SIGNATURE_BYTES:],
    "another secret": Signer(OTHER_SECRET).sign(ANOTHER_WORKER + ANNOUNCEMENT.encode()),
    "forged": GOOD.replace(b"[1]", b"[2]"),
    "cut at the end": GOOD[:-1],
    "cut at the front": GOOD[1:],
    "longer": GOOD + b" ",
    "too long to be summed up": Signer(SECRET).sign(ANOTHER_WORKER + ANNOUNCEMENT.encode() + b" " * FRAME_MAX_BYTES),
    "signature only": GOOD[:SIGNATURE_BYTES],
    "signed nothing": Signer(SECRET).sign(b""),
    "signed half a worker": Signer(SECRET).sign(ANOTHER_WORKER[:3]),
    "signed junk": Signer(SECRET).sign(ANOTHER_WORKER + b"{}"),
}


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Announcement]:
    """What was delivered."""
    heard: list[Announcement] = []
    monkeypatch.setattr("chatapp.realtime.bus.dispatch", heard.append)
    return heard


@pytest.fixture
def bus() -> Bus:
    """A bus that is not connected; frames are handed to it."""
    settings = Settings(secret_key=SECRET, redis_url="redis://127.0.0.1:1/0")
    return Bus(Flask("worker"), settings)


def test_what_is_signed_opens_again() -> None:
    assert Signer(SECRET).open(Signer(SECRET).sign(b"data")) == b"data"


def test_the_key_is_not_the_secret() -> None:
    assert SECRET.encode() not in GOOD
    assert SECRET not in Signer(SECRET).channel


def test_another_secret_has_another_channel() -> None:
    assert Signer(SECRET).channel == Signer(SECRET).channel
    assert Signer(SECRET).channel != Signer(OTHER_SECRET).channel


def test_a_frame_of_another_worker_is_delivered(bus: Bus, heard: list[Announcement]) -> None:
    bus.receive(GOOD)
    assert (heard, bus.forged) == ([ANNOUNCEMENT], 0)


@pytest.mark.parametrize("frame", BAD_FRAMES.values(), ids=BAD_FRAMES.keys())
def test_a_frame_that_is_not_ours_is_dropped_and_counted(bus: Bus, heard: list[Announcement], frame: bytes) -> None:
    bus.receive(frame)
    assert (heard, bus.forged) == ([], 1)
    bus.receive(GOOD)
    assert heard == [ANNOUNCEMENT]


def test_the_longest_message_is_a_frame_like_any_other(bus: Bus, heard: list[Announcement]) -> None:
    body = "😀" * Settings().message_max_chars
    long = RoomMoved(room_id=1, version=1, event="message:posted", payload={"body": body, "html": render(body)})
    bus.receive(Signer(SECRET).sign(ANOTHER_WORKER + long.encode()))
    assert (heard, bus.forged) == ([long], 0)


@pytest.mark.parametrize("error", [RuntimeError, KeyError, ValueError])
def test_a_frame_that_cannot_be_delivered_does_not_end_the_listening(
    bus: Bus, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(_announcement: Announcement) -> None:
        raise error

    monkeypatch.setattr("chatapp.realtime.bus.dispatch", fail)
    bus.receive(GOOD)
    assert bus.forged == 0, "it was ours"
