"""One event to many sockets: made into a frame once, and written into each connection."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from socketio import Manager

from chatapp.counters import counters
from chatapp.offload import give_way
from chatapp.realtime.frames import text_frame

NAMESPACE = "/"  # the only one there is
TURN = 256  # sockets written to before everybody else gets a turn
# As it was typed: a Korean letter is three bytes, and would be six as ASCII.
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

Write = Callable[[bytes], None]
Later = Callable[[Callable[[], None]], None]


@dataclass
class Batch:
    """Frames that leave together, to those who were in the room when they were said."""

    writes: list[Write]
    frames: list[bytes] = field(default_factory=list)
    since: float = field(default_factory=perf_counter)


class FanOut(Manager):  # type: ignore[misc]  # Socket.IO ships no types
    """Socket.IO's manager of rooms, which emits to sockets that can `write` a frame by themselves.

    What is emitted to a room in one turn of the hub leaves together; `later(job)` runs a job at its end, in a greenlet.
    Each socket gets what was emitted to a room in that order; what goes to another in the same turn may cross it.
    """

    def __init__(self, later: Later) -> None:
        super().__init__()
        self._later = later
        self.on_stranger: Callable[[str], object] = lambda _engine_sid: None
        self._writes: dict[tuple[str, str | None], list[Write]] = {}  # of each room, until somebody comes or goes
        self._open: dict[tuple[str, str | None], Batch] = {}  # of each room, to which the next frame may be added
        self._waiting: list[Batch] = []
        self._is_sending = False
        self._rooms_of: dict[str, set[str | None]] = {}
        self._framed: tuple[str, Any, bytes] | None = None  # what was emitted last

    def emit(
        self, event: str, data: Any, namespace: str, room: str | None = None, to: str | None = None, **options: Any
    ) -> None:
        """Send an event to a room, to one socket, or to all in the namespace.

        Raises NotImplementedError for what only Socket.IO's own can: to leave somebody out, or to hear an ack.
        """
        if options.get("skip_sid") or options.get("callback"):
            raise NotImplementedError("everybody gets it, and nobody acks")
        place = (namespace, to or room)
        if namespace != NAMESPACE or place[1] not in self.rooms.get(namespace, ()):
            return
        batch = self._open.get(place)
        if batch is None:
            batch = self._open[place] = Batch(self._writes_of(place))
            self._waiting.append(batch)
        batch.frames.append(self._frame(event, data))
        if not self._is_sending:
            self._is_sending = True
            self._later(self._send)

    def connect(self, sid: str, namespace: str) -> str:
        """Let a socket in."""
        sid = super().connect(sid, namespace)
        self._no_stranger(sid, namespace)
        return sid

    def sid_from_eio_sid(self, eio_sid: str, namespace: str) -> str | None:
        """The socket of a connection; `on_stranger` hears of one that says something and is none, or not there."""
        sid: str | None = super().sid_from_eio_sid(eio_sid, namespace)
        if sid is None:
            self.on_stranger(eio_sid)
        return sid

    def basic_enter_room(self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None) -> None:
        """Let a socket into a room: it gets what is emitted from now on."""
        self._changed((namespace, room))
        super().basic_enter_room(sid, namespace, room, eio_sid=eio_sid)
        self._rooms_of.setdefault(sid, set()).add(room)
        if sid in self.pending_connect.get(namespace, ()):
            self._no_stranger(sid, namespace)

    def basic_leave_room(self, sid: str, namespace: str, room: str | None) -> None:
        """Take a socket out of a room."""
        self._changed((namespace, room))
        super().basic_leave_room(sid, namespace, room)
        self._rooms_of.get(sid, set()).discard(room)

    def basic_disconnect(self, sid: str, namespace: str, **_options: Any) -> None:
        """Forget a socket. Socket.IO's own looks for it in all rooms there are, one for each socket among them."""
        for room in self._rooms_of.pop(sid, set()):
            self.basic_leave_room(sid, namespace, room)
        self.callbacks.pop(sid, None)
        for pending in (self.pending_connect, self.pending_disconnect):
            if sid in pending.get(namespace, ()):
                pending[namespace].remove(sid)
                if not pending[namespace]:
                    del pending[namespace]

    def _no_stranger(self, sid: str, namespace: str) -> None:
        for room in (None, sid):
            self._changed((namespace, room))

    def _changed(self, place: tuple[str, str | None]) -> None:
        self._writes.pop(place, None)
        self._open.pop(place, None)

    def _strangers(self, namespace: str) -> set[str]:
        # Of whom nobody knows yet who they are: they are in no room but the one of all and their own.
        return {sid for sid in self.pending_connect.get(namespace, ()) if len(self._rooms_of[sid]) <= len((None, sid))}

    def _frame(self, event: str, data: Any) -> bytes:
        # The same object again, to another room: it is as it was, for nobody changes a payload.
        if self._framed is None or self._framed[0] != event or self._framed[1] is not data:
            # Engine.IO's 4 is a message, Socket.IO's 2 an event of the namespace `/`. Half a character, which no
            # database of ours can hold, would end every connection it is sent to.
            frame = text_frame(f"42{_as_json([event, data])}".encode(errors="replace"))
            self._framed = (event, data, frame)
        return self._framed[2]

    def _writes_of(self, place: tuple[str, str | None]) -> list[Write]:
        writes = self._writes.get(place)
        if writes is None:
            sockets = self.server.eio.sockets
            strangers = self._strangers(place[0])
            members = self.get_participants(*place)
            found = [sockets.get(eio_sid) for sid, eio_sid in members if sid not in strangers]
            writes = self._writes[place] = [socket.write for socket in found if socket is not None]
        return writes

    def _send(self) -> None:
        try:
            while self._waiting:
                batches, self._waiting = self._waiting, []
                self._open.clear()
                for batch in batches:
                    _write(batch)
                    counters.deliveries += len(batch.writes) * len(batch.frames)
                    counters.delivering.took(perf_counter() - batch.since)
        finally:
            self._is_sending = False


def _write(batch: Batch) -> None:
    frames = batch.frames[0] if len(batch.frames) == 1 else b"".join(batch.frames)
    for start in range(0, len(batch.writes), TURN):
        if start:
            give_way()
        for write in batch.writes[start : start + TURN]:
            write(frames)
