"""Who is in a room."""

import pytest
from flask import Flask

from chatapp.actions import people
from chatapp.actions.messages import post_message
from chatapp.models import Person
from tests.support import Browser, Cast
from tests.web.html import page_of


def members(browser: Browser, room_id: int, query: str = "") -> list[str]:
    found = browser.get(f"/rooms/{room_id}/members{query}", json=True).get_json()["members"]
    assert all(set(member) == {"id", "name"} for member in found)
    return [member["name"] for member in found]


def test_members_are_listed_by_name_and_found_by_a_part_of_it(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.alice)
    assert members(browser, cast.open_room) == ["Alice", "Bob"]
    assert members(browser, cast.open_room, "?q=BO") == ["Bob"]
    assert members(browser, cast.open_room, "?q=%25") == []


def test_who_joins_an_open_room_is_in_it_and_may_write(app: Flask, cast: Cast) -> None:
    browser, path = Browser(app, cast.charlie), f"/rooms/{cast.open_room}"
    joined = browser.post(f"{path}/join")
    assert (joined.status_code, joined.location) == (303, path)
    assert members(browser, cast.open_room) == ["Alice", "Bob", "Charlie"]
    assert browser.post(f"{path}/messages", {"body": "hello"}).status_code == 303


def test_joining_twice_is_joining_once(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.charlie)
    versions = set()
    for _ in range(2):
        browser.post(f"/rooms/{cast.open_room}/join")
        versions.add(browser.get(f"/rooms/{cast.open_room}/changes", json=True).get_json()["head"])
    assert len(versions) == 1


def test_who_leaves_goes_back_to_the_list(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.bob)
    left = browser.post(f"/rooms/{cast.open_room}/leave")
    assert (left.status_code, left.location) == (303, "/rooms")
    assert members(browser, cast.open_room) == ["Alice"]


def test_a_program_leaves_and_is_told_which_room(app: Flask, cast: Cast) -> None:
    left = Browser(app, cast.bob).post(f"/rooms/{cast.closed_room}/leave", json=True)
    assert (left.status_code, left.get_json()) == (200, {"id": cast.closed_room})


def test_any_member_brings_people_in_by_the_form_of_the_members_page(app: Flask, cast: Cast) -> None:
    browser, path = Browser(app, cast.alice), f"/rooms/{cast.closed_room}/members"
    page = page_of(browser.get(f"{path}?q=char"))
    button = page.one("button", name="user_id")
    added = browser.post(path, {"user_id": button["value"]})
    assert (button["value"], added.status_code, added.location) == (str(cast.charlie.id), 303, path)
    assert members(Browser(app, cast.charlie), cast.closed_room) == ["Alice", "Bob", "Charlie"]


@pytest.mark.parametrize("user_id", ["", "x", "-1", "9" * 30])
def test_adding_what_is_no_number_is_a_bad_request(app: Flask, cast: Cast, user_id: str) -> None:
    response = Browser(app, cast.alice).post(f"/rooms/{cast.open_room}/members", {"user_id": user_id}, json=True)
    assert (response.status_code, response.get_json()["error"]) == (400, "bad_request")


def test_a_deactivated_person_cannot_be_added(app: Flask, cast: Cast) -> None:
    with app.app_context():
        people.deactivate(cast.dana, cast.charlie.id)
    form = {"user_id": cast.charlie.id}
    response = Browser(app, cast.alice).post(f"/rooms/{cast.open_room}/members", form, json=True)
    assert (response.status_code, response.get_json()["error"]) == (404, "person_not_found")


def test_a_removed_member_is_gone_at_once(app: Flask, cast: Cast) -> None:
    theirs, path = Browser(app, cast.bob), f"/rooms/{cast.closed_room}"
    assert theirs.get(path).status_code == 200
    removed = Browser(app, cast.alice).post(f"{path}/members/{cast.bob.id}/remove")
    assert (removed.status_code, removed.location) == (303, f"{path}/members")
    assert theirs.get(path).status_code == 404
    assert theirs.post(f"{path}/messages", {"body": "still here?"}).status_code == 404


def test_removing_oneself_is_leaving(app: Flask, cast: Cast) -> None:
    response = Browser(app, cast.bob).post(f"/rooms/{cast.closed_room}/members/{cast.bob.id}/remove")
    assert response.location == "/rooms"


def test_removing_somebody_who_is_not_in_the_room_finds_nobody(app: Flask, cast: Cast) -> None:
    path = f"/rooms/{cast.open_room}/members/{cast.charlie.id}/remove"
    assert Browser(app, cast.alice).post(path, json=True).get_json()["error"] == "person_not_found"


def buttons(app: Flask, person: Person, room_id: int) -> set[str]:
    page = page_of(Browser(app, person).get(f"/rooms/{room_id}/members"))
    actions = {form["action"].rpartition("/")[2] for form in page.all("form", method="post")}
    return actions - {"logout"}


def test_everybody_sees_the_buttons_they_may_press_and_no_others(app: Flask, cast: Cast) -> None:
    assert buttons(app, cast.alice, cast.open_room) == {"remove", "members", "rename", "archive", "leave"}
    assert buttons(app, cast.charlie, cast.open_room) == set()
    assert buttons(app, cast.dana, cast.open_room) == set()
    assert buttons(app, cast.alice, cast.direct_room) == set()
    assert "remove" not in buttons(app, cast.bob, cast.open_room)
    assert "rename" not in buttons(app, cast.bob, cast.open_room)


def test_an_administrator_who_joined_may_manage(app: Flask, cast: Cast) -> None:
    Browser(app, cast.dana).post(f"/rooms/{cast.open_room}/join")
    assert {"remove", "rename", "archive"} <= buttons(app, cast.dana, cast.open_room)


def test_reading_moves_the_pointer_forward_and_never_past_the_end(app: Flask, cast: Cast) -> None:
    with app.app_context():
        for text in ("one", "two", "three"):
            post_message(cast.alice, cast.open_room, text)
    browser, path = Browser(app, cast.bob), f"/rooms/{cast.open_room}/read"
    answers = [browser.post(path, {"number": number}, json=True).get_json() for number in (2, 1, 4711)]
    assert [answer["last_read_number"] for answer in answers] == [2, 2, 3]
    assert set(answers[0]) == {"last_read_number", "generation"}


def test_reading_by_a_form_leads_back_to_the_room(app: Flask, cast: Cast) -> None:
    response = Browser(app, cast.bob).post(f"/rooms/{cast.open_room}/read", {"number": "0"})
    assert (response.status_code, response.location) == (303, f"/rooms/{cast.open_room}")


def test_a_badge_is_gone_when_its_messages_are_read(app: Flask, cast: Cast) -> None:
    with app.app_context():
        post_message(cast.alice, cast.open_room, "one")
        post_message(cast.alice, cast.open_room, "two")
    browser = Browser(app, cast.bob)
    for number, unread in ((1, 1), (2, 0)):
        browser.post(f"/rooms/{cast.open_room}/read", {"number": number})
        rooms = browser.get("/rooms", json=True).get_json()["rooms"]
        assert next(room["unread"] for room in rooms if room["id"] == cast.open_room) == unread


def test_all_read_on_one_device_is_told_to_the_others_and_to_nobody_else(app: Flask, cast: Cast) -> None:
    # behaviour 30
    with app.app_context():
        for room_id in (cast.open_room, cast.closed_room):
            post_message(cast.alice, room_id, "hello")
    bob = Browser(app, cast.bob)
    device, hers = bob.connect(), Browser(app, cast.alice).connect()
    answer = bob.post("/rooms/read", json=True).get_json()
    assert {room["room_id"] for room in answer["rooms"]} == {cast.open_room, cast.closed_room}
    told = device.received("room:read")
    assert {(fact["room_id"], fact["unread"]) for fact in told} == {(cast.open_room, 0), (cast.closed_room, 0)}
    assert hers.received("room:read") == []
    assert bob.post("/rooms/read").headers["Location"] == "/rooms"
    for socket in (device, hers):
        socket.close()
