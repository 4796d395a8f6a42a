"""Who is in the company."""

import pytest
from flask import Flask

from chatapp.actions import people
from chatapp.models import Person
from tests.support import Browser, Cast
from tests.web.html import page_of


def said_of(person: Person, *, is_deactivated: bool = False) -> dict[str, object]:
    """All that a program gets of somebody."""
    return {"id": person.id, "name": person.name, "is_deactivated": is_deactivated}


def test_a_program_gets_names_and_ids_and_nothing_else(app: Flask, cast: Cast) -> None:
    found = Browser(app, cast.charlie).get("/people", json=True).get_json()
    assert found == {"people": [said_of(each) for each in (cast.alice, cast.bob, cast.charlie, cast.dana)]}


def test_a_page_asks_for_those_who_changed_also_when_they_are_gone(app: Flask, cast: Cast) -> None:  # behaviour 43
    browser = Browser(app, cast.charlie)
    begun = browser.get("/people/changes", json=True).get_json()
    assert (begun["items"], begun["up_to"], begun["head"], begun["more"]) == ([], 0, 0, False)
    with app.app_context():
        people.rename_person(cast.dana, "Dana D.")
        people.deactivate(cast.dana, cast.bob.id)
        people.rename_person(cast.dana, "Dan")
    found = browser.get("/people/changes?since=1", json=True).get_json()
    assert found["items"] == [
        {**said_of(cast.bob, is_deactivated=True), "version": 2},
        {**said_of(cast.dana), "name": "Dan", "version": 3},
    ]
    assert (found["up_to"], found["head"], found["more"], found["epoch"]) == (3, 3, False, begun["epoch"])
    assert browser.get("/people/changes?since=3", json=True).get_json()["items"] == []


def test_initials_keep_their_colour_under_another_name_and_are_silent(app: Flask, cast: Cast) -> None:  # behaviour 44
    browser, seen = Browser(app, cast.charlie), []
    for name in ("Alice", "\uae40\uc9c0\ubbfc", "Zo\u00eb van Dyk"):
        with app.app_context():
            people.rename_person(cast.alice, name)
        page = page_of(browser.get("/people"))
        shown = [each for each in page.all("span") if (each.get("class") or "").startswith("avatar ")]
        assert {each.get("aria-hidden") for each in shown} == {"true"}
        seen += [(each["class"], each.text) for each in shown if each["class"].endswith(f"--{cast.alice.id % 8}")]
    colour = f"avatar avatar--{cast.alice.id % 8}"
    assert seen == [(colour, "A"), (colour, "\uae40"), (colour, "ZV")]


@pytest.mark.parametrize(
    ("query", "status", "error"),
    [
        ("since=x", 400, "bad_request"),
        ("since=-1", 400, "bad_request"),
        ("since=1", 409, "cursor_ahead"),
        ("since=0&epoch=another", 409, "cursor_ahead"),
    ],
)
def test_what_no_page_could_know_is_refused(app: Flask, cast: Cast, query: str, status: int, error: str) -> None:
    refused = Browser(app, cast.charlie).get(f"/people/changes?{query}", json=True)
    assert (refused.status_code, refused.get_json()["error"]) == (status, error)


def test_where_no_socket_tells_the_changes_of_a_room_say_that_people_changed(app: Flask, cast: Cast) -> None:
    browser, path = Browser(app, cast.alice), f"/rooms/{cast.open_room}/changes"
    assert browser.get(path, json=True).get_json()["people_version"] == 0
    with app.app_context():
        people.rename_person(cast.bob, "Robert")
    assert browser.get(path, json=True).get_json()["people_version"] == 1


def test_people_are_found_by_a_part_of_their_name(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.alice)
    assert [each["name"] for each in browser.get("/people?q=+DA+", json=True).get_json()["people"]] == ["Dana"]
    assert browser.get("/people?q=%25", json=True).get_json() == {"people": []}
    assert browser.get("/people?q=_", json=True).get_json() == {"people": []}


def test_nobody_found_is_said(app: Flask, cast: Cast) -> None:
    page = page_of(Browser(app, cast.alice).get("/people?q=zzz"))
    assert page.one("p", _class="empty").text == "Nobody found by that name."
    assert page.one("input", name="q")["value"] == "zzz"


def test_one_writes_to_everybody_but_oneself_and_those_who_left(app: Flask, cast: Cast) -> None:
    with app.app_context():
        people.deactivate(cast.dana, cast.charlie.id)
    page = page_of(Browser(app, cast.alice).get("/people"))
    links = [link["href"] for link in page.all("a") if "members=" in link["href"]]
    assert links == [f"/rooms/new?kind=direct&members={each.id}" for each in (cast.bob, cast.dana)]


def test_who_follows_the_link_finds_the_person_chosen(app: Flask, cast: Cast) -> None:
    page = page_of(Browser(app, cast.alice).get(f"/rooms/new?kind=direct&members={cast.bob.id}"))
    assert page.one("input", name="members", value=str(cast.bob.id)).get("checked") is not None
    assert page.one("input", name="kind", value="direct").get("checked") is not None


def test_addresses_are_for_administrators(app: Flask, cast: Cast) -> None:
    assert "@example.org" not in Browser(app, cast.alice).get("/people").get_data(as_text=True)
