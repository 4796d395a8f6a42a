"""Somebody without a browser: an HTTP client that keeps cookies, and sockets that speak Socket.IO over WebSocket."""

import itertools
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from typing import Any, Self
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener
from uuid import uuid4

import websocket

from tests.journeys.waiting import DEADLINE_SECONDS, eventually
from tests.support import PASSWORD

TRIES = 60  # connections until the wanted worker takes one: which one does is chance


@dataclass(frozen=True)
class Answer:
    """What came back from a request."""

    status: int
    text: str

    @property
    def json(self) -> Any:
        """The body as data."""
        return json.loads(self.text)


class Client:
    """A signed-in person by HTTP, as a program asks: everything comes back as JSON.

    They sign in with their address; with a `name` they are new and come by `way`, the path of an invite link.
    """

    def __init__(self, url: str, email: str, *, way: str = "/login", name: str = "") -> None:
        self.url = url
        self._cookies = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self._cookies))
        self._csrf: tuple[list[tuple[str, str]] | None, str] = (None, "")
        self.id = self._come_in(way, {"email": email, "password": PASSWORD, "name": name})

    def invite(self, name: str, *, email: str) -> "Client":
        """Somebody new, who came by this administrator's invite link."""
        answer = self.post("/admin/invites")
        assert answer.status == 201, answer
        return Client(self.url, email, way=urlsplit(answer.json["url"]).path, name=name)

    def get(self, path: str, *, accept: str = "application/json") -> Answer:
        """The answer at `path`."""
        return self._ask(Request(f"{self.url}{path}", headers={"Accept": accept}))  # noqa: S310

    def post(self, path: str, fields: dict[str, Any] | None = None) -> Answer:
        """The answer to a form."""
        form = urlencode({"csrf_token": self._csrf_token(), **(fields or {})}, doseq=True).encode()
        return self._ask(Request(f"{self.url}{path}", form, {"Accept": "application/json"}))  # noqa: S310

    def delete(self, path: str) -> Answer:
        """The answer to a script that takes something away."""
        headers = {"Accept": "application/json", "X-CSRFToken": self._csrf_token()}
        return self._ask(Request(f"{self.url}{path}", headers=headers, method="DELETE"))  # noqa: S310

    def put_file(self, room_id: int, data: bytes, **query: object) -> Answer:
        """The answer to a file, or a part of one, sent as a script does."""
        path = f"{self.url}/rooms/{room_id}/uploads?{urlencode(query)}"
        headers = {"Accept": "application/json", "Content-Type": "application/octet-stream"}
        headers |= {"X-CSRFToken": self._csrf_token(), "Content-Length": str(len(data))}
        return self._ask(Request(path, data, headers, method="PUT"))  # noqa: S310

    def cut_off(self, room_id: int, data: bytes, **query: object) -> None:
        """Send a file of which only 90 % leave before the connection breaks."""
        with self.begun_file(room_id, data, **query):
            pass

    @contextmanager
    def begun_file(self, room_id: int, data: bytes, **query: object) -> Iterator[None]:
        """While this lasts 90 % of a file have left, and the rest does not; then the connection breaks."""
        path = f"/rooms/{room_id}/uploads?{urlencode(query)}"
        with self._begun("PUT", path, "application/octet-stream", len(data)) as connection:
            connection.sendall(data[: len(data) * 9 // 10])
            yield

    def put_begun(self, room_id: int, length: int, **query: object) -> Answer:
        """The answer to a file of this length of which no byte ever leaves."""
        path = f"/rooms/{room_id}/uploads?{urlencode(query)}"
        with self._begun("PUT", path, "application/octet-stream", length) as connection:
            answer = HTTPResponse(connection)
            answer.begin()
            return Answer(answer.status, answer.read().decode())

    def post_begun(self, path: str, data: bytes, *, boundary: str, length: int) -> Answer:
        """The answer to a form of this length of which only `data` ever leaves."""
        with self._begun("POST", path, f"multipart/form-data; boundary={boundary}", length) as connection:
            connection.sendall(data)
            answer = HTTPResponse(connection)
            answer.begin()
            return Answer(answer.status, answer.read().decode())

    def _begun(self, method: str, path: str, content_type: str, length: int) -> socket.socket:
        address = urlsplit(self.url)
        lines = [f"{method} {path} HTTP/1.1", f"Host: {address.netloc}", "Accept: application/json"]
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies())
        lines += [f"Cookie: {cookies}", f"X-CSRFToken: {self._csrf_token()}", f"Content-Length: {length}"]
        connection = socket.create_connection((address.hostname, address.port), timeout=DEADLINE_SECONDS)
        connection.sendall("\r\n".join([*lines, f"Content-Type: {content_type}", "", ""]).encode())
        return connection

    def create_room(self, name: str, *, kind: str = "open", members: list[int] | None = None) -> int:
        """The id of a new room; of the one that is there already, where these people have a conversation."""
        answer = self.post("/rooms", {"name": name, "kind": kind, "members": members or []})
        assert answer.status == 201 or (kind == "direct" and answer.status == 200), answer
        room_id: int = answer.json["id"]
        return room_id

    def cookies(self) -> list[tuple[str, str]]:
        """The names and values of the cookies."""
        return [(each.name, str(each.value)) for each in self._cookies]

    def connect(self) -> "Socket":
        """A socket on whichever worker takes it."""
        return Socket(self.wire())

    def wire(self) -> websocket.WebSocket:
        """The same for whoever reads it by themselves."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies())
        address = f"{self.url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket"
        return websocket.create_connection(address, timeout=DEADLINE_SECONDS, origin=self.url, cookie=cookies)

    def open_room(self, room_id: int, *, worker: int | None = None) -> "Socket":
        """A socket that has the room open, on this worker."""
        for _ in range(TRIES):
            socket = self.connect()
            ack = socket.request("room:open", {"room_id": room_id})
            assert ack["ok"], ack
            if worker in (None, ack["worker"]):
                return socket
            socket.close()
        raise AssertionError(f"worker {worker} took none of {TRIES} connections")

    def _come_in(self, way: str, fields: dict[str, Any]) -> int:
        answer = self.post(way, fields)
        assert answer.status == 200, answer
        person_id: int = answer.json["id"]
        return person_id

    def _ask(self, request: Request) -> Answer:
        try:
            with self._opener.open(request, timeout=DEADLINE_SECONDS) as answer:
                return Answer(answer.status, answer.read().decode())
        except HTTPError as refusal:
            with refusal:
                return Answer(refusal.code, refusal.read().decode())

    def _csrf_token(self) -> str:
        # Like a page, which has one as long as its session lasts: to ask for each form would be a second request.
        if self._csrf[0] != self.cookies():
            token: str = self.get("/csrf-token").json["csrf_token"]
            self._csrf = (self.cookies(), token)
        return self._csrf[1]


@dataclass
class Socket:
    """An open socket; a thread reads what comes, so that nothing waits for the test to ask."""

    connection: websocket.WebSocket
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    is_closed: bool = False
    ending: tuple[int, str] | None = None  # the status and the words of the server's good-bye

    def __post_init__(self) -> None:
        self._acks: dict[int, Any] = {}
        self._ids = itertools.count()
        self._is_welcome = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self.connection.send("40")
        assert self._is_welcome.wait(DEADLINE_SECONDS), "the server did not let us in"

    def request(self, name: Any, *payload: Any) -> Any:
        """The ack of a command; None when the socket ended instead. Who is told to slow down does, as a browser."""
        while (ack := self.ask(name, *payload)) and ack.get("error") == "slow_down":
            time.sleep(ack["retry_after"])
        return ack

    def ask(self, name: Any, *payload: Any) -> Any:
        """The same, whatever the ack says."""
        ack_id = next(self._ids)
        self.send(f"42{ack_id}{json.dumps([name, *payload])}")
        eventually(lambda: ack_id in self._acks or self.is_closed, what=f"an ack of {name!r}")
        return self._acks.pop(ack_id, None)

    def send(self, packet: str) -> None:
        """Send this very packet; nothing happens when the socket has ended."""
        with suppress(OSError, websocket.WebSocketException):
            self.connection.send(packet)

    def post(self, room_id: int, body: str, **more: object) -> dict[str, Any]:
        """The ack of a message, which must have been taken."""
        ack = self.request("message:post", {"room_id": room_id, "body": body, "client_id": str(uuid4()), **more})
        assert ack["ok"], ack
        posted: dict[str, Any] = ack
        return posted

    def received(self, name: str) -> list[dict[str, Any]]:
        """The payloads of all events of this name so far."""
        return [payload for event, payload in list(self.events) if event == name]

    def wait_for(self, name: str, *, count: int = 1) -> None:
        """Return when at least so many events of this name have come."""
        eventually(lambda: len(self.received(name)) >= count, what=f"{count} {name}")

    def wait_for_body(self, body: str) -> None:
        """Return when a message with this text has come."""
        eventually(lambda: body in self.bodies(), what=body)

    def wait_until_closed(self) -> None:
        """Return when the server has ended it."""
        eventually(lambda: self.is_closed, what="the socket is closed")

    def bodies(self) -> list[str]:
        """The messages that came, in the order in which they came."""
        return [payload["body"] for payload in self.received("message:posted")]

    def close(self) -> None:
        """Go away."""
        self.connection.abort()  # type: ignore[no-untyped-call]  # wakes the reader
        self._thread.join(DEADLINE_SECONDS)
        self.connection.shutdown()  # type: ignore[no-untyped-call]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self) -> None:
        try:
            while not self.is_closed:
                opcode, data = self.connection.recv_data()
                if opcode == websocket.ABNF.OPCODE_CLOSE:
                    self.ending = (int.from_bytes(data[:2]), data[2:].decode())
                self._take(data.decode() if opcode == websocket.ABNF.OPCODE_TEXT else "")
        except (OSError, websocket.WebSocketException):
            self.is_closed = True

    def _take(self, packet: str) -> None:
        if packet == "2":
            self.connection.send("3")
        elif packet.startswith("40"):
            self._is_welcome.set()
        elif packet.startswith("42"):
            name, payload = json.loads(packet[2:])
            self.events.append((name, payload))
        elif packet.startswith("43"):
            ack_id, _, data = packet[2:].partition("[")
            self._acks[int(ack_id)] = next(iter(json.loads(f"[{data}")), None)
        elif packet in ("", "1", "41"):  # the connection, the engine or the server's Socket.IO ends it
            self.is_closed = True
