"""Reacting by plain forms."""

import pytest
from flask import Flask

from chatapp.actions.messages import delete_message, post_message
from chatapp.actions.rooms import archive_room
from tests.support import Browser, Cast
from tests.web.html import Page, page_of


@pytest.fixture
def browser(app: Flask, cast: Cast) -> Browser:
    """Bob's browser."""
    return Browser(app, cast.bob)


@pytest.fixture
def room(cast: Cast) -> str:
    """The path of the open room."""
    return f"/rooms/{cast.open_room}"


@pytest.fixture
def message_id(app: Flask, cast: Cast) -> int:
    """A message of Alice in the open room."""
    with app.app_context():
        return post_message(cast.alice, cast.open_room, "one").id


@pytest.fixture
def reactions(message_id: int) -> str:
    """Where one reacts to it."""
    return f"/messages/{message_id}/reactions"


def shown(browser: Browser, room: str) -> list[tuple[str, str]]:
    """The emoji under the room's messages, with the ids of who chose them."""
    return [(each["value"], each["data-people"]) for each in chips(page_of(browser.get(room)))]


def chips(page: Page) -> list:  # type: ignore[type-arg]
    return page.all("button", _class="reaction")


def test_one_reacts_by_the_form_on_the_page_of_a_message(
    cast: Cast, browser: Browser, room: str, reactions: str
) -> None:
    page = page_of(browser.get(f"{room}?around=1"))
    form = page.form(reactions)
    assert page.unlabelled() == []
    reacted = browser.post(reactions, form | {"emoji": "❤"})
    assert (reacted.status_code, reacted.location) == (303, f"{room}?around=1#message-1")
    assert shown(browser, room) == [("❤️", str(cast.bob.id))]


def test_an_emoji_under_a_message_is_a_button_that_works_without_a_script(
    app: Flask, cast: Cast, browser: Browser, room: str, reactions: str
) -> None:
    browser.post(reactions, {"emoji": "👍"})
    alice = Browser(app, cast.alice)
    for expected in (f"{cast.bob.id} {cast.alice.id}", f"{cast.bob.id}"):
        page = page_of(alice.get(room))
        (chip,) = chips(page)
        form = page.one("form", id=chip["form"])
        fields = {each["name"]: each["value"] for each in page.all("input") if each.stands_in(form)}
        assert alice.post(chip["formaction"], fields | {chip["name"]: chip["value"]}).status_code == 303
        assert shown(alice, room) == [("👍", expected)]


def test_the_earlier_versions_of_a_message_show_its_reactions_too(browser: Browser, room: str, reactions: str) -> None:
    browser.post(reactions, {"emoji": "👍"})
    page = page_of(browser.get(f"{room}/messages/1/edits"))
    (chip,) = chips(page)
    assert page.one("form", id=chip["form"])
    assert chip.text.split() == ["👍", "1", "Bob"]


def test_a_program_reacts_and_gets_the_versions(browser: Browser, reactions: str, room: str) -> None:
    (item,) = browser.get(f"{room}/messages", json=True).get_json()["items"]
    steps = [("add", 1), ("add", 1), ("toggle", 2), ("toggle", 3), ("remove", 4), ("remove", 4)]
    for does, step in steps:
        answer = browser.post(reactions, {"emoji": "👍", "do": does}, json=True)
        assert answer.get_json() == {"version": item["version"] + step}


@pytest.mark.parametrize(
    ("form", "error"),
    [({"emoji": "hooray"}, "not_an_emoji"), ({}, "not_an_emoji"), ({"emoji": "👍", "do": "shout"}, "bad_request")],
)
def test_what_cannot_be_done_is_refused(
    browser: Browser, room: str, reactions: str, form: dict[str, str], error: str
) -> None:
    refused = browser.post(reactions, form, json=True)
    assert (refused.status_code, refused.get_json()["error"]) == (400, error)
    assert browser.post(reactions, form).status_code == 400
    assert shown(browser, room) == []


def test_a_message_with_all_its_emoji_takes_no_other(browser: Browser, reactions: str) -> None:
    for code in range(ord("🍇"), ord("🍇") + 20):
        assert browser.post(reactions, {"emoji": chr(code)}, json=True).status_code == 200
    refused = browser.post(reactions, {"emoji": "👍"}, json=True)
    assert (refused.status_code, refused.get_json()["error"]) == (409, "too_many_reactions")
    assert "20" in refused.get_json()["message"]


def test_only_who_may_react_is_offered_it(
    app: Flask, cast: Cast, browser: Browser, room: str, message_id: int, reactions: str
) -> None:
    def is_offered(reader: Browser) -> bool:
        return bool(page_of(reader.get(f"{room}?around=1")).all("form", action=reactions))

    assert is_offered(browser)
    assert not is_offered(Browser(app, cast.charlie))
    assert Browser(app, cast.charlie).post(reactions, {"emoji": "👍"}).status_code == 403
    with app.app_context():
        archive_room(cast.alice, cast.open_room)
    assert not is_offered(browser)


def test_a_deleted_message_offers_it_no_more(
    app: Flask, cast: Cast, browser: Browser, room: str, message_id: int, reactions: str
) -> None:
    with app.app_context():
        delete_message(cast.alice, message_id)
    assert page_of(browser.get(f"{room}?around=1")).all("form", action=reactions) == []
    assert browser.post(reactions, {"emoji": "👍"}).status_code == 409
