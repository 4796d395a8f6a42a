"""What was sent and is not known to be stored outlives the page, the tab and the sign-in, and is said once."""

import re
from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

import pytest
from playwright.sync_api import Error, expect

from tests.journeys.conftest import NewRoom, SignIn
from tests.journeys.people import Visitor
from tests.journeys.unsent import Wire, kept, said_in

pytestmark = pytest.mark.journey


def kill_tab(visitor: Visitor) -> None:
    """End the page's process without a word, and go on in a new tab of the same browser."""
    visitor.allow(re.compile(r": crash: "))
    page, visitor.page = visitor.page, visitor.context.new_page()
    with suppress(Error):  # it does not live to answer
        page.goto("chrome://crash")


def close_tab(visitor: Visitor) -> None:
    """Close the page, and go on in a new tab."""
    visitor.page.close()
    visitor.page = visitor.context.new_page()


End = Callable[[Visitor], None]


def reload(visitor: Visitor) -> None:
    visitor.page.reload()


@pytest.mark.parametrize("end", [kill_tab, reload], ids=["killed", "reloaded"])
@pytest.mark.parametrize("lost", ["the message", "the ack"])
def test_between_click_and_ack_the_tab_ends_and_the_message_is_there_once(
    bob: Visitor, room_id: int, sign_in: SignIn, end: End, lost: str
) -> None:
    wire = Wire(bob)
    bob.open_room(room_id)
    wire.loses_posts, wire.loses_acks = lost == "the message", lost == "the ack"
    bob.say("first")
    bob.say("second")
    bob.eventually(lambda: wire.posts > 0, "the message has left")
    if lost == "the ack":
        bob.eventually(lambda: said_in(sign_in, room_id) == ["first"], "the server has it")
    expect(bob.pending).to_have_count(2)

    wire.loses_posts = wire.loses_acks = False
    end(bob)
    bob.open_room(room_id)

    expect(bob.lines).to_have_count(2)
    expect(bob.pending).to_have_count(0)
    assert kept(bob) == 0
    assert said_in(sign_in, room_id) == ["first", "second"]


# After its n-th change of the storage nothing that the page does gets out of it any more, as if it had ended there.
ENDS_AFTER = """(last) => {
  let changes = 0;
  const ends = () => changes >= last;
  for (const name of ["setItem", "removeItem"]) {
    const change = Storage.prototype[name];
    Storage.prototype[name] = function (...of) {
      if (ends()) return;
      change.apply(this, of);
      changes += this === localStorage;
      window.hasEnded = ends();
    };
  }
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (...of) { if (!ends()) send.apply(this, of); };
  const ask = window.fetch;
  window.fetch = (...of) => (ends() ? new Promise(() => {}) : ask(...of));
}"""


@pytest.mark.parametrize("change", [1, 2, 3, 4])
def test_at_whichever_step_of_the_storage_the_tab_ends_the_message_is_there_once(
    bob: Visitor, room_id: int, sign_in: SignIn, change: int
) -> None:
    bob.open_room(room_id)
    bob.box.fill("once")
    bob.eventually(lambda: "once" in bob.page.evaluate("() => JSON.stringify(localStorage)"), "the draft is kept")
    bob.page.evaluate(ENDS_AFTER, change)
    bob.box.press("Enter")
    bob.eventually(lambda: bob.page.evaluate("() => window.hasEnded"), f"the storage has changed {change} times")

    kill_tab(bob)
    bob.open_room(room_id)

    if change == 1:  # the draft alone: it is in the box still
        expect(bob.box).to_have_value("once")
        bob.box.press("Enter")
    expect(bob.line("once")).to_have_count(1)
    expect(bob.pending).to_have_count(0)
    expect(bob.box).to_have_value("")
    bob.eventually(lambda: kept(bob) == 0, "nothing is left to send")
    assert said_in(sign_in, room_id) == ["once"]


def test_a_browser_that_was_closed_offline_sends_in_order_when_it_is_opened_again(
    bob: Visitor, room_id: int, sign_in: SignIn
) -> None:
    bob.open_room(room_id)
    bob.context.set_offline(True)
    said = [f"from the tunnel {number}" for number in range(3)]
    for text in said:
        bob.say(text)
    expect(bob.pending).to_have_count(3)
    close_tab(bob)

    bob.context.set_offline(False)
    bob.open_room(room_id)
    expect(bob.lines).to_have_count(3)
    expect(bob.pending).to_have_count(0)
    assert said_in(sign_in, room_id) == said


def test_what_was_written_in_one_room_goes_out_from_the_page_of_another(
    bob: Visitor, room_id: int, new_room: NewRoom, sign_in: SignIn
) -> None:
    other = new_room()
    bob.open_room(room_id)
    bob.context.set_offline(True)
    bob.say("left behind")
    expect(bob.pending).to_have_count(1)
    close_tab(bob)
    bob.context.set_offline(False)

    bob.open_room(other)

    bob.eventually(lambda: said_in(sign_in, room_id) == ["left behind"], "it was sent")
    assert said_in(sign_in, other) == []


def test_a_second_tab_shows_what_waits_and_sends_it_when_the_first_is_killed(
    bob: Visitor, room_id: int, sign_in: SignIn
) -> None:
    first = bob.page
    wire = Wire(bob)
    bob.open_room(room_id)
    wire.loses_posts = True
    bob.page = bob.context.new_page()
    bob.goto(f"/rooms/{room_id}")
    second = bob.page
    bob.page = first
    bob.say("one")
    bob.say("two")
    expect(second.locator("[data-slot=pending] > .message")).to_have_count(2)

    kill_tab(bob)

    expect(second.locator("[data-slot=messages] > .message")).to_have_count(2)
    expect(second.locator("[data-slot=pending] > .message")).to_have_count(0)
    assert said_in(sign_in, room_id) == ["one", "two"]


def test_two_tabs_that_write_at_the_same_time_lose_and_double_nothing(
    bob: Visitor, room_id: int, sign_in: SignIn
) -> None:
    bob.open_room(room_id)
    tabs = [bob.page, bob.context.new_page()]
    bob.page = tabs[1]
    bob.open_room(room_id)
    for number in range(10):
        bob.page = tabs[number % 2]
        bob.say(f"message {number}")

    for bob.page in tabs:
        expect(bob.lines).to_have_count(10)
        expect(bob.pending).to_have_count(0)
    assert sorted(said_in(sign_in, room_id)) == sorted(f"message {number}" for number in range(10))
    assert kept(bob) == 0


def test_what_is_sent_from_a_page_of_the_past_looks_sent_though_the_newest_page_does_not_come(
    bob: Visitor, room_id: int, sign_in: SignIn
) -> None:
    with sign_in("Alice").connect() as alice:
        for number in range(70):
            alice.post(room_id, f"message {number}")
    bob.page.route(re.compile(r"/messages\?"), lambda route: route.abort("connectionfailed"))
    bob.goto(f"/rooms/{room_id}?around=1")
    bob.wait_until_live()
    bob.say("from the past")

    expect(bob.page.locator(".log").get_by_text("from the past", exact=True)).to_have_count(1)
    expect(bob.page.locator(".message--pending")).to_have_count(0)
    assert said_in(sign_in, room_id)[-1] == "from the past"
    bob.open_room(room_id)
    expect(bob.line("from the past")).to_be_visible()
    expect(bob.pending).to_have_count(0)


def test_what_waits_goes_out_from_a_page_without_a_room_too(bob: Visitor, room_id: int, sign_in: SignIn) -> None:
    wire = Wire(bob)
    bob.open_room(room_id)
    wire.loses_posts = True
    bob.say("from the list")
    bob.eventually(lambda: wire.posts > 0, "it has left")
    assert said_in(sign_in, room_id) == []

    wire.loses_posts = False
    bob.goto("/account")
    bob.eventually(lambda: kept(bob) == 0, "it is sent")
    assert said_in(sign_in, room_id) == ["from the list"]


LET_GO = """([key, entry]) => localStorage.setItem(key, JSON.stringify(entry))"""


def test_what_was_discarded_and_has_arrived_after_all_is_deleted_before_one_is_signed_out(
    bob: Visitor, room_id: int, sign_in: SignIn
) -> None:
    bob.open_room(room_id)
    client = sign_in("Bob")
    client_id = str(uuid4())
    client.post(f"/rooms/{room_id}/messages", {"body": "regretted", "client_id": client_id})
    entry = {"clientId": client_id, "roomId": room_id, "body": "regretted", "since": 0, "at": 1, "state": "stray"}
    entry |= {"isDiscarded": True, "isTried": True, "triedAt": bob.page.evaluate("() => Date.now()")}
    bob.page.evaluate(LET_GO, [f"chatapp:outbox:{client.id}:{client_id}", entry])

    bob.page.locator(".menu__button").click()
    bob.page.get_by_role("button", name="Sign out").click()

    expect(bob.page.locator("form[action='/login']")).to_be_visible()
    assert said_in(sign_in, room_id) == [""]
    assert kept(bob) == 0
