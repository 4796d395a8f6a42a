"""A fresh installation: one worker, SQLite, no Redis, and nobody there yet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.accessible import violations
from tests.journeys.conftest import Visit, running
from tests.journeys.people import NOT_FOUND, Visitor
from tests.journeys.server import Server
from tests.journeys.test_accessible import LOOKS
from tests.support import PASSWORD

pytestmark = pytest.mark.journey


@dataclass(frozen=True)
class FirstRun:
    """A server that nobody has set up, and what `migrate` printed."""

    server: Server
    link: str


@pytest.fixture(params=["sqlite"])
def first_run(tmp_path: Path) -> Iterator[FirstRun]:
    server = Server("first-run", DATABASE_URL=f"sqlite:///{tmp_path / 'chatapp.db'}")
    found = re.search(r"http\S+/setup\?code=\S+", server.migrate())
    assert found
    for _ in running(server):
        yield FirstRun(server, found[0])


def test_from_the_printed_link_to_two_people_who_talk(first_run: FirstRun, arrive: Visit) -> None:  # behaviour 65
    alice = arrive("Alice", first_run.server.url)
    found_company(alice, first_run.link)
    link = invite(alice)
    bob = arrive("Bob", first_run.server.url)
    accept(bob, link)

    for visitor in (alice, bob):
        visitor.goto("/rooms")
        visitor.page.get_by_role("link", name="Everyone").click()
        visitor.wait_until_live()
    alice.say("Welcome, Bob!")
    expect(bob.line("Welcome, Bob!")).to_be_visible()
    bob.say("Hello, Alice!")
    expect(alice.line("Hello, Alice!")).to_be_visible()


def test_the_set_up_page_opens_only_with_the_code_and_only_once(first_run: FirstRun, arrive: Visit) -> None:
    stranger = arrive("a stranger", first_run.server.url)
    stranger.allow(NOT_FOUND)
    for path in ("/setup", "/setup?code=", "/setup?code=guessed"):
        assert status_of(stranger, f"{first_run.server.url}{path}") == 404

    found_company(arrive("Alice", first_run.server.url), first_run.link)
    assert status_of(stranger, first_run.link) == 404


def test_the_pages_before_one_has_an_account_have_no_violation(first_run: FirstRun, arrive: Visit) -> None:
    url, found = first_run.server.url, []
    for name, look in LOOKS.items():
        stranger = arrive(name, url, **look)
        stranger.page.goto(first_run.link)
        expect(stranger.page.locator("input[name=company]")).to_be_visible()
        found += [f"set-up, {name}: {each}" for each in violations(stranger.page)]
    alice = arrive("Alice", url)
    found_company(alice, first_run.link)
    link = invite(alice)
    for name, look in LOOKS.items():
        stranger = arrive(name, url, **look)
        stranger.page.goto(link)
        expect(stranger.page.locator("input[name=password]")).to_be_visible()
        found += [f"joining, {name}: {each}" for each in violations(stranger.page)]
    assert found == []


def status_of(visitor: Visitor, url: str) -> int:
    """How the server answers to the page at this address."""
    response = visitor.page.goto(url)
    assert response
    return response.status


def found_company(visitor: Visitor, link: str) -> None:
    """Fill in the set-up page."""
    visitor.page.goto(link)
    visitor.page.get_by_label("Company").fill("Example & Sons")
    fill_in_person(visitor)
    visitor.page.get_by_role("button", name="Create the company").click()
    expect(visitor.page.get_by_role("banner").get_by_text("Example & Sons")).to_be_visible()


def invite(visitor: Visitor) -> str:
    """An invite link, as the administration shows it."""
    visitor.goto("/admin")
    visitor.page.get_by_role("button", name="Create an invite link").click()
    return visitor.page.get_by_label("New invite link").input_value()


def accept(visitor: Visitor, link: str) -> None:
    """Fill in the page that the invite link opens."""
    visitor.page.goto(link)
    fill_in_person(visitor)
    visitor.page.get_by_role("button", name="Join").click()
    expect(visitor.page.locator(".menu__button")).to_be_visible()


def fill_in_person(visitor: Visitor) -> None:
    """Who one is, in the set-up and in the join form."""
    visitor.page.get_by_label("Your name").fill(visitor.name)
    visitor.page.get_by_label("E-mail").fill(f"{visitor.name.lower()}@example.org")
    visitor.page.get_by_label("Password").fill(PASSWORD)
