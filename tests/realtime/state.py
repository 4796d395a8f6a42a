"""What a page holds: how it is fetched, and how each event changes it. In a few lines, so that no doubt falls on it."""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from flask import Flask

from chatapp import text
from chatapp.fragments import EXCERPT_CHARS
from chatapp.models import Person
from tests.sockets.wire import RawSocket, connect
from tests.support import Browser

Json = dict[str, Any]
ROOM = ("name", "kind", "is_archived")
MARK = '<span class="message__deactivated"></span>'
QUOTE = re.compile(r'\s*<a class="quote.*?</a>', re.DOTALL)


class Page:
    """Somebody's page: the list of the rooms they are in, and one room that is open in front of them, or none."""

    def __init__(self, app: Flask, person: Person, open_room: int | None) -> None:
        self.me = person.id
        self.browser = Browser(app, person)
        self.socket: RawSocket = connect(self.browser)
        is_open = open_room is not None and self.socket.request("room:open", {"room_id": open_room})["ok"]
        self.open_room = open_room if is_open else None
        # Before all else, as a page does: what changes while it is fetched is told then.
        self.people_version: int = self._get("/people/changes")["head"]
        self.told: dict[int, Json] = {}
        self.state = self.fetch()
        # What an event says only in part is asked for again: these rooms' entries in the list.
        self.asked: set[int] = set()
        self.socket.received()

    def fetch(self) -> Json:
        """The state, as the server gives it to a page that begins."""
        entries = [each for each in self._get("/rooms")["rooms"] if each["is_member"]]
        return {"rooms": {each["id"]: each for each in entries}, "open": self._fetch_open()}

    def hear(self) -> None:
        """Apply everything that came by the socket since the last time."""
        for event in self.socket._client.get_received():  # noqa: SLF001
            APPLY[event["name"]](self, deepcopy(event["args"][0]), event["name"])

    def settled(self) -> tuple[Json, Json]:
        """The state after all events, with what it asks for, and a fresh one; then it goes on from the fresh one."""
        self.hear()
        held, fresh = self.state, self.fetch()
        for room_id in self.asked:
            held["rooms"].pop(room_id, None)
            held["rooms"] |= {room_id: fresh["rooms"][room_id]} if room_id in fresh["rooms"] else {}
        self.state, self.asked = deepcopy(fresh), set()
        return held, fresh

    def _fetch_open(self) -> Json | None:
        changes = self._get(f"/rooms/{self.open_room}/changes?since=0")
        if self.open_room is None or "error" in changes:
            return None
        members = self._get(f"/rooms/{self.open_room}/members")["members"]
        return {
            "version": changes["up_to"],
            "room": changes["room"],
            "members": {each["id"]: each["name"] for each in members},
            "members_count": len(members),
            "messages": {each["id"]: told_once(each) for each in changes["items"]},
        }

    def _get(self, path: str) -> Json:
        found: Json = self.browser.get(path, json=True).get_json()
        return found


def told_once(message: Json) -> Json:
    """The message without what depends on the way it came; what it quotes stands in `reply`."""
    told = {key: value for key, value in message.items() if key not in ("prev", "event")}
    return told | {"html": QUOTE.sub("", told["html"])}


def message_changed(page: Page, message: Json, name: str) -> None:
    opened = page.state["open"]
    assert message["prev"] <= opened["version"] < message["version"]
    opened["version"] = message["version"]
    opened["messages"][message["id"]] = told_once(message)
    # It may have been made under a former name of somebody.
    for fact in page.told.values():
        rename_in(opened["messages"][message["id"]], fact)
    for reply in (each["reply"] for each in opened["messages"].values()):
        if reply and reply["number"] == message["number"]:
            html = text.render(message["body"]) if message["body"] else ""
            reply |= {key: message[key] for key in ("version", "deleted_at")}
            reply["author"] = {key: message["author"][key] for key in ("id", "name")}
            reply["excerpt"] = text.excerpt(html, EXCERPT_CHARS)
    count(page, message | {"event": name})


def advanced(page: Page, frame: Json, _name: str) -> None:
    if "event" in frame:
        count(page, frame)
    else:
        page.asked.add(frame["room_id"])


def count(page: Page, change: Json) -> None:
    """A post of somebody else counts as unread, a deleted one no longer; one's own moves the pointer."""
    entry = page.state["rooms"].get(change["room_id"])
    if entry is None or change["room_id"] in page.asked:
        return
    is_new, is_mine = change["number"] > entry["last_number"], change["author"]["id"] == page.me
    entry["version"], entry["last_number"] = change["version"], max(entry["last_number"], change["number"])
    if is_new and is_mine:
        entry["last_read_number"], entry["unread"] = change["number"], 0
    elif not is_mine and change["number"] > entry["last_read_number"]:
        entry["unread"] += is_new - (change["event"] == "message:deleted")


def room_changed(page: Page, fact: Json, _name: str) -> None:
    forward(page, fact)
    if page.open_room == fact["room_id"]:
        page.state["open"]["room"] = fact["room"]
    for entry in entries_of(page, fact):
        entry.update({key: fact["room"][key] for key in ROOM})


def member_joined(page: Page, fact: Json, _name: str) -> None:
    forward(page, fact)
    if page.open_room == fact["room_id"]:
        page.state["open"]["members"][fact["person"]["id"]] = fact["person"]["name"]
        page.state["open"]["members_count"] = fact["members_count"]
    if page.me == fact["person"]["id"]:
        page.asked.add(fact["room_id"])


def member_left(page: Page, fact: Json, _name: str) -> None:
    forward(page, fact)
    if page.open_room == fact["room_id"]:
        page.state["open"]["members"].pop(fact["person"]["id"], None)
        page.state["open"]["members_count"] = fact["members_count"]


def room_removed(page: Page, fact: Json, _name: str) -> None:
    entry = page.state["rooms"].pop(fact["room_id"], None)
    # An open room stays readable.
    if page.open_room == fact["room_id"] and entry and entry["kind"] != "open":
        page.state["open"] = page.open_room = None


def room_read(page: Page, fact: Json, _name: str) -> None:
    for entry in entries_of(page, fact):
        entry.update({key: fact[key] for key in entry.keys() & fact.keys() - {"version", "last_number"}})


def person_changed(page: Page, fact: Json, _name: str) -> None:
    assert fact["prev"] <= page.people_version < fact["version"]
    page.people_version = fact["version"]
    page.told[fact["id"]] = fact
    for message in page.state["open"]["messages"].values() if page.state["open"] else ():
        rename_in(message, fact)
    if page.state["open"] and fact["id"] in page.state["open"]["members"]:
        page.state["open"]["members"][fact["id"]] = fact["name"]
    # A direct conversation is called after its people.
    page.asked |= {entry["id"] for entry in page.state["rooms"].values() if entry["kind"] == "direct"}


def rename_in(message: Json, fact: Json) -> None:
    reactors = [person for reaction in message["reactions"] for person in reaction["people"]]
    answered = [message["reply"]["author"]] if message["reply"] else []
    for person in [message["author"], *reactors, *answered]:
        if person["id"] == fact["id"]:
            message["html"] = message["html"].replace(f">{person['name']}<", f">{fact['name']}<")
            person["name"] = fact["name"]
    if message["author"]["id"] == fact["id"]:
        mark_author(message, is_deactivated=fact["is_deactivated"])


def mark_author(message: Json, *, is_deactivated: bool) -> None:
    message["author"]["is_deactivated"] = is_deactivated
    html, author = message["html"].replace(MARK, ""), '<bdi class="message__author">'
    before, _, after = html.partition(author)
    name, _, rest = after.partition("</bdi>")
    message["html"] = f"{before}{author}{name}</bdi>{MARK if is_deactivated else ''}{rest}"


def forward(page: Page, fact: Json) -> None:
    """The change goes on from the one before it, here as in the list."""
    if page.open_room == fact["room_id"]:
        opened = page.state["open"]
        assert fact["prev"] <= opened["version"] < fact["version"]
        opened["version"] = fact["version"]
    for entry in entries_of(page, fact):
        entry["version"] = fact["version"]


def entries_of(page: Page, fact: Json) -> list[Json]:
    entry = page.state["rooms"].get(fact["room_id"])
    return [entry] if entry else []


APPLY: dict[str, Callable[[Page, Json, str], None]] = {
    "message:posted": message_changed,
    "message:edited": message_changed,
    "message:deleted": message_changed,
    "message:changed": message_changed,
    "room:advanced": advanced,
    "room:changed": room_changed,
    "member:joined": member_joined,
    "member:left": member_left,
    "room:removed": room_removed,
    "room:read": room_read,
    "person:changed": person_changed,
}
