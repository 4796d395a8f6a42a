"""A socket that can also say what no browser of ours says."""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask

from chatapp.actions.messages import post_message
from chatapp.extensions import socketio
from tests.support import Browser, Cast, Socket


class RawSocket(Socket):
    """A socket whose owner writes packets by hand."""

    def say(self, packet: str | bytes) -> None:
        """Send one packet as it is. What the server does not catch comes out here."""
        socketio.server._handle_eio_message(self._client.eio_sid, packet)  # noqa: SLF001

    def names(self) -> list[str]:
        """The names of the events that came down since the last call."""
        return [str(event["name"]) for event in self._client.get_received()]

    def refusal(self) -> dict[str, Any]:
        """What the server says to one whom it does not let in, asked once more."""
        said: list[Any] = []
        server, send = socketio.server, socketio.server._send_packet  # noqa: SLF001
        server._send_packet = lambda _sid, packet: said.append(packet.data)  # noqa: SLF001
        try:
            self._client.connect()
        finally:
            server._send_packet = send  # noqa: SLF001
        assert len(said) == 1, said
        refusal: dict[str, Any] = said[0]
        return refusal


def connect(browser: Browser, *, people_version: object = None) -> RawSocket:
    """A socket with this browser's cookies, whose page knows people up to this version."""
    return RawSocket(browser, people_version=people_version)


def say(app: Flask, cast: Cast, text: str, room_id: int | None = None) -> int:
    """The version of a message that Alice posts."""
    with app.app_context():
        return post_message(cast.alice, room_id or cast.open_room, text).version


def elsewhere(act: Callable[[], object]) -> None:
    """Do it as another request would: in the same thread it would share this one's session."""
    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


def open_room(socket: RawSocket, room_id: int, **more: object) -> dict[str, Any]:
    """The ack of opening a room."""
    return socket.request("room:open", {"room_id": room_id, **more})


def heard(socket: RawSocket) -> list[str]:
    """The texts of the messages that came down since the last call."""
    return [message["body"] for message in socket.received("message:posted")]
