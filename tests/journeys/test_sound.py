"""Sound in the log: silent until somebody plays it, and one can go to any place of it."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn
from tests.journeys.people import Visitor
from tests.journeys.protocol import Client

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


PLAY = """async (sound) => {
    sound.muted = true;
    await sound.play();
    window.playing = sound;
}"""
# Whether it is still the one that was begun, and where it is.
STATE = """(sound) => [sound === window.playing, sound.paused, sound.currentTime]"""


def test_a_sound_stands_still_until_it_is_played_and_can_be_sought_in(  # behaviour 59
    bob: Visitor, room_id: int, sign_in: SignIn
) -> None:
    post_sound(sign_in("Alice"), room_id)
    bob.open_room(room_id)
    player = bob.lines.locator("audio")
    expect(player).to_have_attribute("controls", "")
    assert player.evaluate("sound => sound.paused && sound.readyState === 0")
    assert player.evaluate(SEEK) == [SECONDS, True]


def test_it_plays_on_whatever_becomes_of_its_message(bob: Visitor, room_id: int, sign_in: SignIn) -> None:
    alice = sign_in("Alice")
    message_id = post_sound(alice, room_id)
    bob.open_room(room_id)
    player = bob.lines.locator("audio")
    player.evaluate(PLAY)
    assert alice.post(f"/messages/{message_id}/reactions", {"emoji": "👍", "do": "add"}).status == 200
    expect(bob.message(1).locator(".reaction")).to_be_visible()
    is_same, is_paused, reached = player.evaluate(STATE)
    assert (is_same, is_paused) == (True, False)

    assert alice.post(f"/messages/{message_id}/edit", {"body": "listen"}).status == 200
    expect(bob.message(1).locator(".message__body")).to_have_text("listen")
    bob.eventually(lambda: player.evaluate(STATE)[2] > reached, "it goes on")
    assert player.evaluate(STATE)[:2] == [True, False]
    order = bob.message(1).evaluate("line => [...line.children].map((part) => part.classList[0])")
    assert order[:5] == ["avatar", "message__head", "message__body", "uploads", "reactions"]

    assert alice.post(f"/messages/{message_id}/delete").status == 200
    expect(player).to_have_count(0)


def test_its_keys_are_its_own_and_escape_leads_back_to_the_line(bob: Visitor, room_id: int, sign_in: SignIn) -> None:
    alice = sign_in("Alice")
    for text in ("before", "", "after"):
        if text:
            alice.post(f"/rooms/{room_id}/messages", {"body": text})
        else:
            post_sound(alice, room_id)
    bob.open_room(room_id)
    player = bob.lines.locator("audio")
    player.focus()
    for key in ("ArrowUp", "ArrowDown", "Home", "End", "ArrowLeft"):
        bob.page.keyboard.press(key)
        expect(player).to_be_focused()
    bob.page.keyboard.press("Escape")
    expect(bob.message(2)).to_be_focused()
    bob.page.keyboard.press("ArrowUp")
    expect(bob.message(1)).to_be_focused()


def post_sound(client: Client, room_id: int) -> int:
    """The id of a message of a sound alone."""
    upload = client.put_file(room_id, sound(), client_id=str(uuid4()), name="talk.mp3").json["upload"]
    posted = client.post(f"/rooms/{room_id}/messages", {"body": "", "upload_ids": [upload["id"]]})
    assert posted.status == 201
    return int(posted.json["id"])
