"""A sign-in that ends takes nothing along: one signs in again in place. Signing out asks before it does."""

import re

import pytest
from playwright.sync_api import Request, expect

from tests.journeys.conftest import SignIn, Visit, email_of
from tests.journeys.people import AWAY, Visitor
from tests.journeys.unsent import POSTS, Wire, kept, said_in
from tests.support import PASSWORD

pytestmark = pytest.mark.journey

REFUSED = re.compile(r"status of 40[01]")
LIMIT_MS = 10_000  # static/js/helpers/pending_list.js
KNOCK_MAX_MS = 30_000  # static/js/room/outbox.js: 15 s, and half of that more; and a busy machine


def end_sign_ins(visitor: Visitor, sign_in: SignIn) -> None:
    """From another browser of the same person, end all others: as one does when a laptop was stolen."""
    fields = {"current": PASSWORD, "password": PASSWORD}
    assert sign_in(visitor.name).post("/account/password", fields).status == 200


def test_a_sign_in_that_ends_while_one_writes_is_renewed_in_place(bob: Visitor, room_id: int, sign_in: SignIn) -> None:
    # behaviour 20
    bob.allow(REFUSED)
    bob.own_the_clock()
    bob.open_room(room_id)
    bob.box.fill("half a thou")
    end_sign_ins(bob, sign_in)
    again = bob.page.get_by_role("link", name="Sign in")
    expect(again).to_be_visible()
    bob.box.press_sequentially("ght")
    bob.box.press("Enter")
    bob.box.press_sequentially("and a draft")
    expect(bob.pending).to_have_count(1)
    bob.page.evaluate("window.isTheSamePage = true")
    bob.let_pass(LIMIT_MS)
    expect(bob.pending.get_by_role("group")).to_contain_text("You are signed out. Sign in to go on.")

    again.press("Enter")
    dialog = bob.page.get_by_role("dialog")
    expect(dialog.get_by_label("E-mail")).to_have_value(email_of("Bob"))
    expect(dialog.get_by_label("Password")).to_be_focused()
    bob.page.keyboard.type("not the password")
    bob.page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text("E-mail or password is wrong.")
    bob.page.keyboard.type(PASSWORD)
    bob.page.keyboard.press("Enter")

    expect(bob.line("half a thought")).to_be_visible()
    expect(dialog).to_be_hidden()
    expect(again).to_be_hidden()
    expect(bob.pending).to_have_count(0)
    expect(bob.box).to_have_value("and a draft")
    assert bob.page.evaluate("window.isTheSamePage") is True
    assert said_in(sign_in, room_id) == ["half a thought"]
    bob.say("and live again")
    expect(bob.line("and live again")).to_be_visible()


def test_where_the_dialog_does_not_come_one_signs_in_in_another_tab(
    bob: Visitor, room_id: int, sign_in: SignIn
) -> None:
    bob.allow(REFUSED, re.compile("status of 404|ERR_FAILED|request failed"))
    bob.open_room(room_id)
    bob.page.route("**/sign_in_dialog.js", lambda route: route.abort())  # of another release: it is not there any more
    end_sign_ins(bob, sign_in)
    with bob.context.expect_page() as opened:
        bob.page.get_by_role("link", name="Sign in").click()
    expect(opened.value).to_have_url(re.compile("/login"))
    opened.value.get_by_label("E-mail").fill(email_of("Bob"))
    opened.value.get_by_label("Password").fill(PASSWORD)
    opened.value.get_by_role("button", name="Sign in").click()
    bob.say("goes on here")
    expect(bob.line("goes on here")).to_be_visible()


def test_who_signs_in_in_somebody_elses_place_sends_none_of_it(bob: Visitor, room_id: int, sign_in: SignIn) -> None:
    bob.allow(REFUSED)
    bob.open_room(room_id)
    end_sign_ins(bob, sign_in)
    bob.page.get_by_role("link", name="Sign in").wait_for()
    bob.say("from Bob")
    bob.page.get_by_role("link", name="Sign in").click()
    dialog = bob.page.get_by_role("dialog")
    dialog.get_by_label("E-mail").evaluate("(field, email) => { field.value = email; }", email_of("Alice"))
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()

    expect(dialog.get_by_role("alert").last).to_contain_text("You are signed in as Alice now")
    dialog.get_by_role("button", name="Reload the page").click()
    bob.wait_until_live()
    bob.say("from Alice")
    expect(bob.line("from Alice")).to_be_visible()
    assert said_in(sign_in, room_id) == ["from Alice"]
    assert kept(bob) == 1


def test_what_waits_on_ones_page_never_goes_out_as_somebody_elses(
    visit: Visit, room_id: int, sign_in: SignIn, ids: dict[str, int]
) -> None:
    alice = visit("Alice")
    alice.allow(AWAY, REFUSED)
    alice.open_room(room_id)
    end_sign_ins(alice, sign_in)
    again = alice.page.get_by_role("link", name="Sign in")
    again.wait_for()
    alice.say("from Alice")
    sign_in_in_another_tab(alice, "Bob")

    again.click()
    dialog = alice.page.get_by_role("dialog")
    dialog.get_by_label("Password").fill("not the password")
    alice.page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert").first).to_have_text("E-mail or password is wrong.")
    for _ in range(2):  # one may have been on its way before
        post = alice.page.wait_for_event("requestfinished", is_a_post, timeout=KNOCK_MAX_MS)
        assert post.headers["x-page-of"] == str(ids["Alice"])
        assert said_in(sign_in, room_id) == []

    dialog.get_by_label("Password").fill(PASSWORD)
    alice.page.keyboard.press("Enter")
    expect(alice.line("from Alice")).to_be_visible()
    assert authors_in(sign_in, room_id) == [ids["Alice"]]


def sign_in_in_another_tab(visitor: Visitor, name: str) -> None:
    tab = visitor.context.new_page()
    tab.goto(f"{visitor.url}/login")
    tab.get_by_label("E-mail").fill(email_of(name))
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.locator(".menu__button")).to_be_visible()


def is_a_post(request: Request) -> bool:
    return request.method == "POST" and POSTS.search(request.url) is not None


def authors_in(sign_in: SignIn, room_id: int) -> list[int]:
    items = sign_in("Alice").get(f"/rooms/{room_id}/messages").json["items"]
    return [item["author"]["id"] for item in items]


def test_signing_out_asks_and_takes_along_ones_own_only(bob: Visitor, room_id: int, sign_in: SignIn) -> None:
    wire = Wire(bob)
    wire.loses_posts = True
    bob.open_room(room_id)
    bob.page.evaluate(
        """() => {
          const entry = { clientId: "x", roomId: 1, body: "somebody else's", at: 1, state: "queued" };
          localStorage.setItem("chatapp:outbox:999999:x", JSON.stringify(entry));
          localStorage.setItem("chatapp:draft:999999:1", JSON.stringify({ body: "draft" }));
        }"""
    )
    bob.say("one")
    bob.say("two")
    bob.box.fill("a draft")
    expect(bob.pending).to_have_count(2)

    sign_out(bob)
    dialog = bob.page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 messages are not sent yet.")
    expect(dialog).to_contain_text("1 draft is in this browser only.")
    bob.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(bob.pending).to_have_count(2)
    expect(bob.page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(bob.page.locator(".menu__button")).to_be_focused()

    sign_out(bob)
    dialog.get_by_role("button", name="Delete and sign out").click()
    expect(bob.page.get_by_role("heading", name="Sign in to")).to_be_visible()
    keys = bob.page.evaluate("() => Object.keys(localStorage).filter((key) => /:(outbox|draft):/.test(key)).sort()")
    assert keys == ["chatapp:draft:999999:1", "chatapp:outbox:999999:x"]
    assert said_in(sign_in, room_id) == []


def sign_out(visitor: Visitor) -> None:
    if not visitor.page.get_by_role("button", name="Sign out").is_visible():
        visitor.page.locator(".menu__button").click()
    visitor.page.get_by_role("button", name="Sign out").click()


def test_with_nothing_unsent_signing_out_does_not_ask(bob: Visitor, room_id: int) -> None:
    bob.open_room(room_id)
    bob.say("all is said")
    expect(bob.line("all is said")).to_be_visible()
    bob.eventually(lambda: kept(bob) == 0, "nothing waits")
    sign_out(bob)
    expect(bob.page.get_by_role("heading", name="Sign in to")).to_be_visible()
