"""A list that is cut says so; one that is shown whole does not, also when it has exactly the length of a page."""

import pytest
from flask import Flask

from chatapp import words
from chatapp.web import admin, people, room_pages, rooms
from tests.support import Browser, Cast

# Where a list stands, who looks at it, what cuts it, and how long it is: four people and three rooms are all there is.
LISTS = {
    "people": ("/people", "alice", (people, "PEOPLE_PAGE"), 4),
    "people to choose from": ("/rooms/new", "alice", (rooms, "PEOPLE_PAGE"), 4),
    "people to administer": ("/admin", "dana", (admin, "PEOPLE_PAGE"), 4),
    "members": ("/rooms/{open_room}/members", "alice", (room_pages, "MEMBERS_PAGE"), 2),
    "people to bring in": ("/rooms/{open_room}/members", "alice", (room_pages, "PEOPLE_PAGE"), 2),
    "rooms": ("/rooms", "alice", (rooms, "ROOMS_PAGE"), 3),
}


@pytest.mark.parametrize(("path", "name", "most", "length"), LISTS.values(), ids=LISTS.keys())
def test_only_a_list_that_is_cut_says_so(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, path: str, name: str, most: tuple[object, str], length: int
) -> None:
    sentence = words.translate("en", "rooms.more" if path == "/rooms" else "people.more", number=0)
    said = {}
    for limit in (length - 1, length, length + 1):
        monkeypatch.setattr(*most, limit)
        page = Browser(app, getattr(cast, name)).get(path.format(**vars(cast))).get_data(as_text=True)
        said[limit] = sentence.removeprefix("Only 0") in page
    assert said == {length - 1: True, length: False, length + 1: False}
