"""A room's log and what is to be known about the room: nothing is empty, cut off or lost without a word."""

from uuid import uuid4

import pytest
from flask import Flask

from chatapp import db
from chatapp.actions.messages import post_message
from chatapp.models import User
from tests.support import Browser, Cast
from tests.web.crawl import browser_of
from tests.web.html import page_of

MANY = 205  # people; a list shows 200


def say(app: Flask, cast: Cast, *texts: str) -> None:
    with app.app_context():
        for text in texts:
            post_message(cast.alice, cast.open_room, text)


def hire(app: Flask, count: int) -> list[int]:
    """The ids of so many new people, called Person 0000 and on."""
    people = [User(name=f"Person {each:04}", email=f"p{each}@example.org") for each in range(count)]
    with app.app_context(), db.transaction() as session:
        session.add_all(people)
        session.flush()
        return [person.id for person in people]


def test_paging_past_either_end_shows_the_newest(app: Flask, cast: Cast) -> None:
    say(app, cast, "first words", "last words")
    for query in ("before=1", "after=2", "after=999"):
        page = Browser(app, cast.bob).get(f"/rooms/{cast.open_room}?{query}").get_data(as_text=True)
        assert "last words" in page, query


def test_a_form_that_was_gone_back_to_and_filled_in_anew_is_another_message(app: Flask, cast: Cast) -> None:
    browser, client_id = Browser(app, cast.alice), str(uuid4())
    for body in ("one text", "one text", "another text"):
        browser.post(f"/rooms/{cast.open_room}/messages", {"body": body, "client_id": client_id})
    items = browser.get(f"/rooms/{cast.open_room}/messages", json=True).get_json()["items"]
    assert [item["body"] for item in items] == ["one text", "another text"]


def test_a_refused_new_name_stays_in_its_field_with_the_reason(app: Flask, cast: Cast) -> None:
    answer = Browser(app, cast.alice).post(f"/rooms/{cast.open_room}/rename", {"name": "x" * 81})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "x" * 81 in page
    assert "80 characters" in page


def test_an_archived_room_takes_neither_a_new_name_nor_a_new_member(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.alice)
    browser.post(f"/rooms/{cast.open_room}/archive")
    renamed = browser.post(f"/rooms/{cast.open_room}/rename", {"name": "Other"}, json=True)
    added = browser.post(f"/rooms/{cast.open_room}/members", {"user_id": cast.charlie.id}, json=True)
    assert [answer.get_json()["error"] for answer in (renamed, added)] == ["room_archived", "room_archived"]


def test_members_beyond_the_first_two_hundred_are_found_by_name(app: Flask, cast: Cast) -> None:
    ids = hire(app, MANY)
    browser = Browser(app, cast.alice)
    made = browser.post("/rooms", {"name": "Crowd", "kind": "closed", "members": ids}, json=True)
    path = f"/rooms/{made.get_json()['id']}/members"
    last = f"Person {MANY - 1:04}"
    assert last not in browser.get(path).get_data(as_text=True)
    assert last in browser.get(f"{path}?q={last}").get_data(as_text=True)


def test_who_was_chosen_stays_chosen_however_many_people_there_are(app: Flask, cast: Cast) -> None:
    last = hire(app, MANY)[-1]
    page = page_of(Browser(app, cast.alice).get(f"/rooms/new?kind=direct&members={last}&q=Bob"))
    ticked = [box for box in page.all("input") if box.attributes.get("value") == str(last)]
    assert len(ticked) == 1
    assert "checked" in ticked[0].attributes


def test_the_dialog_to_sign_in_again_knows_who_the_page_belongs_to(app: Flask, cast: Cast) -> None:
    # behaviour 20
    form = page_of(Browser(app, cast.bob).get(f"/rooms/{cast.open_room}")).form("/login")
    assert (form["email"], form["password"]) == ("bob@example.org", "")


@pytest.mark.parametrize(
    ("language", "of_a_room", "of_a_person"),
    [("en", "Write to Lobby", "Write to Bob"), ("ko", "Lobby에 메시지 쓰기", "Bob 님에게 메시지 쓰기")],
)
def test_the_box_is_called_by_the_room_or_by_the_person_one_writes_to(
    app: Flask, cast: Cast, language: str, of_a_room: str, of_a_person: str
) -> None:
    browser = browser_of(app, cast, "alice", language)
    for room_id, words in ((cast.open_room, of_a_room), (cast.direct_room, of_a_person)):
        page = page_of(browser.get(f"/rooms/{room_id}"))
        assert page.one("label", _for="composer-body").text == words
        assert page.one("textarea", id="composer-body")["placeholder"] == words


@pytest.mark.parametrize(("language", "words"), [("en", "Back to Lobby"), ("ko", "Lobby 대화방으로 돌아가기")])
def test_the_way_back_names_the_room_where_the_language_wants_it(
    app: Flask, cast: Cast, language: str, words: str
) -> None:
    browser, path = browser_of(app, cast, "alice", language), f"/rooms/{cast.open_room}"
    for place in ("members", "files"):
        page = page_of(browser.get(f"{path}/{place}"))
        assert words in [link.text for link in page.all("a", href=path)], place
        assert "Lobby" in [name.text for name in page.all("bdi")], place
