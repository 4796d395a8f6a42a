"""Somebody calls the reader by name: it is seen in the line. (behaviour 38)"""

from collections.abc import Sequence
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.accessible import violations
from tests.journeys.conftest import Said, SignIn, Visit
from tests.journeys.people import Visitor
from tests.journeys.server import Server

pytestmark = pytest.mark.journey

CALLING = ["@Bob", "Good morning @bob, and @Bob!", "- @BOB", "(@Bob) **@Bob**"]
NOT_CALLING = [
    "Bob",
    "@Bobby",
    "bob@bob.example",
    "`@Bob`",
    "> @Bob said so",
    "```\n@Bob\n```",
    "@Alice",
    "@@Bob",
    "ab@Bob",
]


def marked(visitor: Visitor) -> list[str]:
    """What is marked in the log, in its order."""
    return visitor.page.locator("[data-slot=messages] .mention").all_inner_texts()


def expect_said(visitor: Visitor, texts: Sequence[str]) -> None:
    expect(visitor.lines).to_have_count(len(texts))


def test_ones_own_name_is_marked_and_nobody_elses(visit: Visit, said: Said) -> None:  # behaviour 38
    room_id = said(*(("Alice", text) for text in CALLING + NOT_CALLING), ("Bob", "@Bob says @Alice"))
    bob, alice = visit("Bob"), visit("Alice")
    for visitor, names in ((bob, ["@Bob", "@bob", "@Bob", "@BOB", "@Bob", "@Bob"]), (alice, ["@Alice"])):
        visitor.open_room(room_id)
        expect_said(visitor, [*CALLING, *NOT_CALLING, ""])
        assert marked(visitor) == names
    expect(bob.page.locator(".message--calling")).to_have_count(len(CALLING))
    expect(bob.bodies.nth(1)).to_have_text(CALLING[1])
    assert violations(bob.page) == []


def test_what_comes_and_what_is_changed_is_marked_too(visit: Visit, said: Said, sign_in: SignIn) -> None:
    room_id = said(("Alice", "first"))
    bob, alice = visit("Bob"), sign_in("Alice")
    bob.open_room(room_id)
    with alice.connect() as socket:
        new = socket.post(room_id, "@Bob, are you there?")
        expect(bob.message(2).locator(".mention")).to_have_text("@Bob")
        socket.request("message:edit", {"message_id": new["id"], "body": "is anybody there?"})
        expect(bob.message(2).locator(".mention")).to_have_count(0)
        expect(bob.page.locator(".message--calling")).to_have_count(0)
        socket.request("message:edit", {"message_id": new["id"], "body": "@Bob?"})
        expect(bob.message(2).locator(".mention")).to_have_text("@Bob")


def test_a_korean_name_is_called_with_what_is_joined_to_it(arrive: Visit, server: Server, sign_in: SignIn) -> None:
    alice = sign_in("Alice")
    person = alice.invite("김지민", email=f"{uuid4().hex}@example.org")
    room_id = alice.create_room(f"Room {uuid4().hex[:6]}", members=[person.id])
    with alice.connect() as socket:
        socket.post(room_id, "@김지민님 확인 부탁드립니다")
    visitor = arrive("김지민", server.url, locale="ko-KR")
    visitor.be_signed_in(person)
    visitor.open_room(room_id)
    expect_said(visitor, [""])
    assert marked(visitor) == ["@김지민"]
