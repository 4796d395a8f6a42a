"""Finding, making and changing rooms."""

import pytest
from flask import Flask

from chatapp.actions import rooms
from chatapp.actions.messages import post_message
from tests.support import Browser, Cast
from tests.web.html import page_of

LIST_KEYS = {"id", "name", "kind", "version", "last_number", "last_read_number", "unread", "mentions"}


@pytest.fixture
def browser(app: Flask, cast: Cast) -> Browser:
    """Alice's browser."""
    return Browser(app, cast.alice)


def names(browser: Browser) -> list[str]:
    return [room["name"] for room in browser.get("/rooms", json=True).get_json()["rooms"]]


def test_the_list_holds_the_rooms_one_may_see_ones_own_first(app: Flask, cast: Cast) -> None:
    assert names(Browser(app, cast.alice)) == ["Board", "Bob", "Lobby"]
    assert names(Browser(app, cast.bob)) == ["Alice", "Board", "Lobby"]
    assert names(Browser(app, cast.charlie)) == names(Browser(app, cast.dana)) == ["Lobby"]


def test_the_list_as_json_has_what_the_wire_promises(app: Flask, cast: Cast, browser: Browser) -> None:
    with app.app_context():
        post_message(cast.bob, cast.open_room, "hello")
    listed = browser.get("/rooms", json=True).get_json()["rooms"]
    lobby = next(room for room in listed if room["id"] == cast.open_room)
    assert set(lobby) >= LIST_KEYS
    assert {key: lobby[key] for key in LIST_KEYS - {"version"}} == {
        "id": cast.open_room,
        "name": "Lobby",
        "kind": "open",
        "last_number": 1,
        "last_read_number": 0,
        "unread": 1,
        "mentions": 0,
    }


@pytest.mark.parametrize("typed", ["Lobby", "lobby", "  LOBBY ", "\uff2c\uff4f\uff42\uff42\uff59"])
def test_the_name_of_an_open_room_typed_in_the_box_opens_it(cast: Cast, browser: Browser, typed: str) -> None:
    response = browser.client.get("/rooms", query_string={"name": typed})
    assert response.location == f"/rooms/{cast.open_room}"


def test_the_name_of_ones_own_closed_room_opens_it_too(app: Flask, cast: Cast, browser: Browser) -> None:
    assert browser.get("/rooms?name=board").location == f"/rooms/{cast.closed_room}"


def test_the_name_of_a_hidden_room_is_a_name_like_any_other(app: Flask, cast: Cast) -> None:
    outsider = Browser(app, cast.charlie)
    assert outsider.get("/rooms?name=Board").location == "/rooms/new?name=Board"
    made = outsider.post("/rooms", {"name": "Board", "kind": "open"}, json=True)
    assert made.status_code == 201


def test_a_new_name_leads_to_a_page_that_asks(browser: Browser) -> None:
    asked = browser.get("/rooms?name=+New+ideas+")
    assert asked.location == "/rooms/new?name=New+ideas"
    form = page_of(browser.get(asked.location)).form("/rooms")
    assert form["name"] == "New ideas"


def test_looking_creates_nothing(browser: Browser) -> None:  # behaviour 61
    before = names(browser)
    for path in ("/rooms?name=Fresh", "/rooms/new?name=Fresh", "/rooms/new?kind=direct&members=1", "/rooms/4711"):
        browser.get(path)
        browser.get(path, json=True)
    assert names(browser) == before


def test_a_program_asks_for_a_name_and_gets_that_room_or_none(cast: Cast, browser: Browser) -> None:
    found = browser.get("/rooms?name=lobby", json=True).get_json()["rooms"]
    assert [room["id"] for room in found] == [cast.open_room]
    assert browser.get("/rooms?name=nothing", json=True).get_json() == {"rooms": []}


def test_a_form_makes_a_room_with_its_people_and_goes_there(app: Flask, cast: Cast, browser: Browser) -> None:
    form = {"name": "Lunch", "kind": "closed", "members": [cast.bob.id, cast.dana.id]}
    made = browser.post("/rooms", form)
    assert made.status_code == 303
    assert page_of(browser.get(made.location)).one("h1").text == "Lunch"
    members = browser.get(f"{made.location}/members", json=True).get_json()["members"]
    assert [member["name"] for member in members] == ["Alice", "Bob", "Dana"]


def test_a_program_makes_a_room(browser: Browser) -> None:
    made = browser.post("/rooms", {"name": "Lunch", "kind": "open"}, json=True)
    assert made.status_code == 201
    assert made.get_json() == {"id": made.get_json()["id"], "name": "Lunch", "kind": "open"}


def test_a_room_is_open_unless_asked_otherwise(browser: Browser) -> None:
    assert browser.post("/rooms", {"name": "Lunch"}, json=True).get_json()["kind"] == "open"


def test_the_name_of_an_open_room_cannot_be_taken_again(browser: Browser) -> None:
    taken = browser.post("/rooms", {"name": "lobby", "kind": "open"}, json=True)
    assert (taken.status_code, taken.get_json()["error"]) == (409, "room_name_taken")


def test_a_refused_form_keeps_what_was_chosen_and_says_why(cast: Cast, browser: Browser) -> None:
    refused = browser.post("/rooms", {"name": "lobby", "kind": "open", "members": [cast.bob.id]})
    page = page_of(refused)
    assert refused.status_code == 409
    assert page.form("/rooms")["name"] == "lobby"
    assert page.one("input", name="members", value=str(cast.bob.id)).get("checked") is not None
    assert page.one("input", name="kind", value="open").get("checked") is not None
    assert "There is an open room named" in page.one("p", id="error-name").text


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"name": ""}, 400, "name_empty"),
        ({"name": " \u3164 "}, 400, "name_empty"),
        ({"name": "x" * 81}, 400, "name_too_long"),
        ({"name": "a\nb"}, 400, "name_control_characters"),
        ({"name": "Fine", "kind": "secret"}, 400, "bad_request"),
        ({"name": "Fine", "members": ["everybody"]}, 400, "bad_request"),
        ({"name": "Fine", "members": ["-1"]}, 400, "bad_request"),
        ({"name": "Fine", "members": ["9" * 30]}, 400, "bad_request"),
        ({"name": "Fine", "members": ["999999"]}, 404, "person_not_found"),
        ({"kind": "direct"}, 400, "direct_room_needs_people"),
        ({"kind": "direct", "members": [str(each) for each in range(1, 30)]}, 400, "direct_room_too_large"),
    ],
)
def test_a_room_that_cannot_be_is_refused(browser: Browser, form: dict[str, str], status: int, error: str) -> None:
    before = names(browser)
    refused = browser.post("/rooms", form, json=True)
    assert (refused.status_code, refused.get_json()["error"]) == (status, error)
    assert browser.post("/rooms", form).status_code == status
    assert names(browser) == before


def test_a_direct_conversation_is_made_once_for_the_same_people(app: Flask, cast: Cast) -> None:
    made = Browser(app, cast.charlie).post("/rooms", {"kind": "direct", "members": [cast.dana.id]}, json=True)
    again = Browser(app, cast.dana).post("/rooms", {"kind": "direct", "members": [cast.charlie.id]}, json=True)
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.get_json()["id"] == again.get_json()["id"]
    assert (made.get_json()["name"], again.get_json()["name"]) == ("Dana", "Charlie")


@pytest.mark.parametrize("verb", ["rename", "archive", "restore"])
def test_a_form_that_changes_a_room_leads_back_to_it(cast: Cast, browser: Browser, verb: str) -> None:
    changed = browser.post(f"/rooms/{cast.open_room}/{verb}", {"name": "Hall"})
    assert (changed.status_code, changed.location) == (303, f"/rooms/{cast.open_room}")


def test_a_program_renames_and_archives_and_restores(cast: Cast, browser: Browser) -> None:
    room = {"id": cast.open_room, "name": "Hall", "kind": "open", "is_archived": False}
    path = f"/rooms/{cast.open_room}"
    assert browser.post(f"{path}/rename", {"name": "Hall"}, json=True).get_json() == room
    assert browser.post(f"{path}/archive", json=True).get_json() == room | {"is_archived": True}
    assert browser.post(f"{path}/restore", json=True).get_json() == room


def test_a_renamed_room_is_found_by_its_new_name_alone(cast: Cast, browser: Browser) -> None:
    browser.post(f"/rooms/{cast.open_room}/rename", {"name": "Hall"})
    assert browser.get("/rooms?name=hall").location == f"/rooms/{cast.open_room}"
    assert browser.get("/rooms?name=lobby").location == "/rooms/new?name=lobby"


def test_one_comes_back_to_the_last_room(cast: Cast, browser: Browser) -> None:  # behaviour 66
    assert browser.get("/").location == "/rooms"
    browser.get(f"/rooms/{cast.open_room}")
    browser.get(f"/rooms/{cast.closed_room}")
    assert browser.get("/").location == f"/rooms/{cast.closed_room}"


def test_a_room_that_a_script_asks_for_is_not_the_last_one(cast: Cast, browser: Browser) -> None:  # behaviour 66
    browser.get(f"/rooms/{cast.open_room}")
    asked = browser.client.get(f"/rooms/{cast.closed_room}", headers={"X-Page-Of": str(cast.alice.id)})
    assert asked.status_code == 200
    assert browser.get("/").location == f"/rooms/{cast.open_room}"


def test_a_last_room_one_may_no_longer_see_is_not_come_back_to(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.bob)
    browser.get(f"/rooms/{cast.closed_room}")
    Browser(app, cast.alice).post(f"/rooms/{cast.closed_room}/members/{cast.bob.id}/remove")
    assert browser.get("/").location == "/rooms"


def test_in_an_archived_room_there_is_nothing_to_write_with(app: Flask, cast: Cast, browser: Browser) -> None:
    with app.app_context():
        rooms.archive_room(cast.alice, cast.open_room)
    page = page_of(browser.get(f"/rooms/{cast.open_room}"))
    assert page.all("textarea", id="composer-body") == []
    assert "This room is archived" in page.html


def test_who_only_reads_an_open_room_is_offered_to_join_in_place_of_writing(app: Flask, cast: Cast) -> None:
    # behaviour 64
    page = page_of(Browser(app, cast.charlie).get(f"/rooms/{cast.open_room}"))
    assert page.all("textarea", id="composer-body") == []
    assert page.one("form", action=f"/rooms/{cast.open_room}/join")


def test_a_room_says_on_top_of_it_who_can_read_it(app: Flask, cast: Cast) -> None:  # behaviour 64
    for person, room_id, who in (
        (cast.charlie, cast.open_room, "Everyone in the company can read this"),
        (cast.bob, cast.closed_room, "Only its members can read this"),
        (cast.bob, cast.direct_room, "Only the people in it can read this"),
    ):
        page = page_of(Browser(app, person).get(f"/rooms/{room_id}"))
        assert page.one("p", _class="room__who").text == who
    hidden = Browser(app, cast.charlie).get(f"/rooms/{cast.closed_room}")
    assert (hidden.status_code, "can read this" in hidden.get_data(as_text=True)) == (404, False)


@pytest.mark.parametrize("number", ["0", "999999", str(2**63 - 1), str(2**63), "9" * 40])
def test_a_number_that_is_no_room_is_a_room_that_is_missing(browser: Browser, number: str) -> None:
    for path in ("", "/messages", "/changes", "/members"):
        assert browser.get(f"/rooms/{number}{path}", json=True).status_code == 404
