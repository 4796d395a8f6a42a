"""Somebody who talks while files come, and how long the server takes to say that it has each message."""

import json
import threading
import time
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import websocket

from tests.journeys.waiting import eventually

PAUSE_SECONDS = 0.1


class Talker:
    """A socket in a room of its own. Nobody else reads it, so a time is not that of a thread that wakes up."""

    def __init__(self, connection: websocket.WebSocket, room_id: int) -> None:
        self._connection = connection
        self._room_id = room_id
        self._asked = 0
        self._connection.send("40")
        self._wait_for("40")
        self._request("room:open", {"room_id": room_id})

    def say(self) -> float:
        """Post a message; seconds until the ack was there."""
        message = {"room_id": self._room_id, "body": "Are you still there?", "client_id": str(uuid4())}
        began = time.monotonic()
        self._request("message:post", message)
        return time.monotonic() - began

    def close(self) -> None:
        """Go away."""
        self._connection.close()

    def _request(self, name: str, payload: dict[str, Any]) -> None:
        self._asked += 1
        self._connection.send(f"42{self._asked}{json.dumps([name, payload])}")
        ack = self._wait_for(f"43{self._asked}[")
        assert '"ok":true' in ack.replace(" ", ""), ack

    def _wait_for(self, beginning: str) -> str:
        while not (packet := str(self._connection.recv())).startswith(beginning):
            if packet == "2":
                self._connection.send("3")
        return packet


class Talk:
    """All of these talk for as long as the block lasts; `seconds` has how long each ack took."""

    def __init__(self, talkers: list[Talker]) -> None:
        self._is_over = threading.Event()
        self.seconds: list[float] = []
        self._threads = [threading.Thread(target=self._go_on, args=(talker,)) for talker in talkers]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, acks: int) -> None:
        """Return when there are so many."""
        eventually(lambda: len(self.seconds) >= acks, what=f"{acks} acks")

    def _go_on(self, talker: Talker) -> None:
        while not self._is_over.is_set():
            self.seconds.append(talker.say())
            self._is_over.wait(PAUSE_SECONDS)
