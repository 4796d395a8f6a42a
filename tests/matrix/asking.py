"""Asks what a row of the table tells, as one of its people, and says what came of it."""

import re
from typing import Any
from uuid import uuid4

from flask import Flask
from werkzeug.test import TestResponse

from chatapp.actions import invites, rooms
from chatapp.actions.messages import post_message
from chatapp.models import Invite, Person, SignIn
from chatapp.models.message import said_newest
from tests.files import send
from tests.support import PASSWORD, Browser, Cast, Socket

MISSING = 999_999
OF_NOTHING = "00000000-0000-4000-8000-000000000000"  # a client id that nobody announced


def person_called(name: str, cast: Cast) -> Person | None:
    """One of the cast, or None for nobody."""
    return None if name == "nobody" else getattr(cast, name)


def room_of(app: Flask, cast: Cast, kind: str, *, has_file: bool = False) -> int:
    """A room of Alice and Bob in which one message was said; a new one where rooms can change."""
    with app.app_context():
        if kind == "direct":
            room_id = cast.direct_room
        else:
            room_id = rooms.create_room(cast.alice, f"Room {uuid4()}", kind, [cast.bob.id]).id
        files = (send(cast.alice, room_id).id,) if has_file else ()
        post_message(cast.alice, room_id, "said before", upload_ids=files)
    return room_id


def ask(
    browser: Browser, method: str, rule: str, values: dict[str, Any], form: dict[str, Any], *, json: bool = True
) -> TestResponse:
    """The answer to a request; `values` go into the path."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), rule)
    if path.endswith("/uploads"):
        send_bytes = {"PUT": browser.put, "POST": browser.post_bytes}[method]
        return send_bytes(path, b"hello", client_id=str(uuid4()), name="a.txt")
    if method == "DELETE":
        return browser.delete(path)
    return browser.get(path, json=json) if method == "GET" else browser.post(path, form, json=json)


def outcome(response: TestResponse) -> str:
    """A word or a number of the table."""
    error = response.get_json(silent=True) or {}
    return str(error.get("error", response.status_code))


def values_in_room(app: Flask, cast: Cast, name: str, room_id: int) -> dict[str, Any]:
    """What stands in the path of a room's route, or of one of its messages."""
    other = cast.bob if name == "alice" else cast.alice
    file = {"upload_id": upload_in(app, room_id), "client_id": OF_NOTHING, "name": "a.txt"}
    return {"room_id": room_id, "user_id": other.id, "number": 1, "message_id": message_in(app, room_id), **file}


def upload_in(app: Flask, room_id: int) -> int:
    """The id of the file of the newest message in the room; of none when there is none."""
    with app.app_context():
        return next((upload.id for said in said_newest(room_id, 1) for upload in said.uploads), MISSING)


def message_in(app: Flask, room_id: int) -> int:
    """The id of the newest message, Alice's, in the room; of none when there is no such room."""
    with app.app_context():
        return next((said.message.id for said in said_newest(room_id, 1)), MISSING)


def form_in_room(cast: Cast) -> dict[str, Any]:
    """One form that every route of a room understands."""
    return {"user_id": cast.charlie.id, "name": f"Name {uuid4()}", "body": "hello", "number": 1, "emoji": "👍"}


def values_elsewhere(app: Flask, cast: Cast, person: Person | None, kind: str) -> dict[str, Any]:
    """What stands in the path of the other routes; the sign-in is one's own, or another's."""
    with app.app_context():
        token = invites.create_invite(cast.dana)
        owner = person if person and kind == "own" else cast.bob if person != cast.bob else cast.alice
        return {
            "sign_in_id": newest_sign_in(owner),
            "invite_id": Invite.open_ones()[0].id,
            "user_id": cast.charlie.id if person != cast.charlie else cast.bob.id,
            "token": token,
        }


def newest_sign_in(person: Person) -> int:
    """The id of a sign-in of this person."""
    return max((each.id for each in SignIn.of(person.id)), default=1)


def form_elsewhere(person: Person | None) -> dict[str, Any]:
    """One form that every other route understands."""
    name = person.name if person else "Alice"
    return {"name": f"Name {uuid4().hex}"[:40], "kind": "closed", "company": "Second", "code": "guess"} | {
        "theme": "dark",
        "send_key": "enter",
        "clock": "24",
        "single_keys": "on",
        "email": f"{name.lower()}@example.org",
        "current": PASSWORD,
        "password": PASSWORD,
    }


def knock(browser: Browser, event: str, payload: dict[str, Any]) -> str:
    """What a socket gets for an event: ok, an error code, or signed_out when it was not even let in."""
    socket: Socket = browser.connect()
    if not socket.is_connected:
        return "signed_out"
    ack = socket.request(event, payload)
    socket.close()
    return "ok" if ack["ok"] else str(ack["error"])


def payload_in(app: Flask, room_id: int) -> dict[str, Any]:
    """One payload that every event understands."""
    said = {"client_id": str(uuid4()), "body": "hello", "message_id": message_in(app, room_id), "emoji": "👍"}
    return {"room_id": room_id, "number": 1} | said


def same_but_for_tokens(response: TestResponse) -> tuple[int, str, list[tuple[str, str]]]:
    """Everything of an answer that another answer can be compared with."""
    text = re.sub(r'(csrf[-_]token" (?:content|value)=")[^"]*', r"\1", response.get_data(as_text=True))
    its_own = ("Set-Cookie", "Content-Length", "X-Request-Id")
    headers = [(name, value) for name, value in response.headers if name not in its_own]
    return response.status_code, text, headers
