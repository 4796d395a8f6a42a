"""Sound in the log: silent until somebody plays it, and one can go to any place of it."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn
from tests.journeys.people import Visitor

pytestmark = pytest.mark.journey

SECONDS = 60
RATE = 44_100  # samples a second
SEEK = """async (sound) => {
    sound.muted = true;
    const told = (name) => new Promise((resolve) => sound.addEventListener(name, resolve, { once: true }));
    const sought = told("seeked");
    await sound.play();
    sound.currentTime = 50;
    await sought;
    sound.pause();
    return [Math.round(sound.duration), sound.currentTime >= 50];
}"""


def sound() -> bytes:
    """A minute of silence, as an MP3 file: frames of 26 ms that hold nothing."""
    return (b"\xff\xfb\x10\xc0" + bytes(100)) * int(SECONDS * RATE / 1152)


def test_a_sound_stands_still_until_it_is_played_and_can_be_sought_in(  # behaviour 59
    bob: Visitor, room_id: int, sign_in: SignIn
) -> None:
    alice = sign_in("Alice")
    upload = alice.put_file(room_id, sound(), client_id=str(uuid4()), name="talk.mp3").json["upload"]
    assert alice.post(f"/rooms/{room_id}/messages", {"body": "", "upload_ids": [upload["id"]]}).status == 201
    bob.open_room(room_id)
    player = bob.lines.locator("audio")
    expect(player).to_have_attribute("controls", "")
    assert player.evaluate("sound => sound.paused && sound.readyState === 0")
    assert player.evaluate(SEEK) == [SECONDS, True]
