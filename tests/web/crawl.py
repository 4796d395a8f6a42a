"""Every page there is, as everybody gets it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import select

from chatapp import db
from chatapp.actions import invites, people, rooms
from chatapp.actions.messages import delete_message, edit_message, post_message
from chatapp.actions.reactions import add_reaction
from chatapp.models import User
from tests.files import PNG, send
from tests.support import PASSWORD, Browser, Cast
from tests.web.html import Page, page_of

LANGUAGES = ("en", "ko")
EVERYBODY = ("alice", "bob", "charlie", "dana", "nobody")


@dataclass(frozen=True)
class Shown:
    """A page, where it stands and how it was answered."""

    path: str
    status: int
    page: Page = field(repr=False)  # a failure that prints all pages takes many minutes


def paths(cast: Cast, token: str) -> list[str]:
    """Where the pages stand, those that refuse too."""
    in_rooms = [
        f"/rooms/{room_id}{path}"
        for room_id in (cast.open_room, cast.closed_room, cast.direct_room)
        for path in (
            "",
            "/members",
            "/members?q=char",
            "/files",
            *("?before=2", "?after=1", "?around=2"),
            "/messages/2",
            "/messages/2/edits",
        )
    ]
    lists = ["/rooms", "/rooms?name=attic", "/rooms?name=fresh", "/rooms?name=a%07b"]
    others = [
        "/rooms/new?kind=direct&members=1",
        "/people",
        "/people?q=bo",
        "/people?q=nobody",
        "/account",
        "/help",
        "/admin",
        "/rooms/new",
    ]
    doors = ["/", "/login", "/login?next=/people", "/setup", f"/join/{token}", "/join/guess", "/nowhere", "/logout"]
    return in_rooms + lists + others + doors


def furnish(cast: Cast) -> str:
    """Fill the company with everything a page can show; gives the token of an invite link."""
    for room_id in (cast.open_room, cast.closed_room, cast.direct_room):
        messages = [post_message(cast.alice, room_id, f"message {number}").id for number in range(1, 5)]
        edit_message(cast.alice, messages[1], "message two")
        add_reaction(cast.bob, messages[1], "👍")
        delete_message(cast.alice, messages[3])
    files = (("a.png", PNG), ("<b>a.txt", b"hello"), ("a.mp4", b"\0\0\0 ftypisom"), ("a.ogg", b"OggS\0"))
    sent = tuple(send(cast.alice, cast.open_room, data, name=name).id for name, data in files)
    post_message(cast.alice, cast.open_room, "", upload_ids=sent)
    rooms.archive_room(cast.alice, rooms.create_room(cast.alice, "Attic", "open").id)
    people.create_user("Zed", "zed@example.org", PASSWORD)
    zed = db.session().scalars(select(User).where(User.name == "Zed")).one()
    people.deactivate(cast.dana, zed.id)
    return invites.create_invite(cast.dana)


def browser_of(app: Flask, cast: Cast, name: str, language: str = "en") -> Browser:
    """The browser of one of the cast, or of nobody, in this language."""
    browser = Browser(app, None if name == "nobody" else getattr(cast, name))
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    return browser


def crawl(browser: Browser, cast: Cast, token: str) -> Iterator[Shown]:
    """The pages this browser gets, each redirect followed."""
    for path in paths(cast, token):
        response = browser.client.get(path, follow_redirects=True)
        yield Shown(path, response.status_code, page_of(response))


def assert_nothing_runs(page: Page, path: str) -> None:
    """Only our own files, and no code between the tags."""
    for tag in ("style", "base", "iframe", "object", "embed"):
        assert page.all(tag) == [], path
    for script in page.all("script"):
        assert script["src"].startswith("/static/v-"), path
        assert script.text == "", path
    for element in page.elements:
        assert not [name for name in element.attributes if name == "style" or name.startswith("on")], path
        for name in ("href", "src", "action", "formaction"):
            assert not (element.get(name) or "").strip().lower().startswith(("javascript:", "data:", "//")), path
