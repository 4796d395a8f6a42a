"""A film in the log: it stands still until somebody plays it, and one can go to any place of it."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn
from tests.journeys.people import Visitor
from tests.webm import film

pytestmark = pytest.mark.journey

SECONDS = 40
# Plays, goes to a place, and says how long the film is, where it stands and how bright it is there.
SEEK = """async ([film, place, expected]) => {
    const told = (name) => new Promise((resolve) => film.addEventListener(name, resolve, { once: true }));
    film.muted = true;
    await film.play();
    const sought = told("seeked");
    film.currentTime = place;
    await sought;
    film.pause();
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const isBright = () => {
        canvas.drawImage(film, 0, 0, 1, 1);
        return canvas.getImageData(0, 0, 1, 1).data[0] > 128;
    };
    // The place is there before its picture: on a busy machine the former one stands for some frames more.
    const end = performance.now() + 5000;
    while (isBright() !== expected && performance.now() < end) await new Promise(requestAnimationFrame);
    return [Math.round(film.duration), Math.round(film.currentTime), isBright()];
}"""


def test_a_film_stands_still_until_it_is_played_and_can_be_sought_in(  # behaviour 59
    bob: Visitor, room_id: int, sign_in: SignIn
) -> None:
    alice = sign_in("Alice")
    upload = alice.put_file(room_id, film(SECONDS), client_id=str(uuid4()), name="office.webm").json["upload"]
    assert (upload["media_type"], upload["kind"]) == ("video/webm", "video")
    assert alice.post(f"/rooms/{room_id}/messages", {"body": "", "upload_ids": [upload["id"]]}).status == 201
    bob.open_room(room_id)
    player = bob.lines.locator("video")
    expect(player).to_have_attribute("controls", "")
    expect(player).to_have_attribute("aria-label", "office.webm")
    assert player.evaluate("film => film.paused && film.readyState === 0")
    handle = player.element_handle()
    reserved = player.bounding_box()
    for place, is_bright in ((35, True), (5, False)):
        length, stands, shown = bob.page.evaluate(SEEK, [handle, place, is_bright])
        assert (length, shown) == (SECONDS, is_bright)
        assert stands in (place, place + 1)  # it plays on until it is told not to
    # The box that was there before anything was known of the film.
    assert player.bounding_box() == reserved
    assert reserved
    assert reserved["height"] > 200
