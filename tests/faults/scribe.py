"""Ten thousand changes in a few seconds, written past every worker: nobody announces them, so they must be found."""

import random
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from chatapp import text
from tests.faults.cluster import Cluster
from tests.faults.history import Acked, Arrived, Event, Sent, Typed

SCRIBE = 2_000  # the client number of whoever writes so
AT_ONCE = 200  # changes in one transaction
EDITS, DELETES = 0.15, 0.05

POST = """INSERT INTO messages (room_id, number, version, author_id, client_id, body, html, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
EDIT = "UPDATE messages SET body = ?, html = ?, edited_at = ?, version = ? WHERE room_id = ? AND number = ?"
DELETE = "UPDATE messages SET body = '', html = '', deleted_at = ?, version = ? WHERE room_id = ? AND number = ?"
LOCK = "UPDATE rooms SET version = version + ? WHERE id = ? RETURNING version, last_number"
MOVE_ON = "UPDATE rooms SET last_number = ? WHERE id = ?"


class Scribe:
    """One person who posts, edits and deletes straight in the database, by its rules. The history knows it all."""

    def __init__(self, cluster: Cluster, history: list[Event], client: int, user: int, seed: str) -> None:
        self._cluster = cluster
        self._history = history
        self._client = client
        self._user = user
        self._chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
        self._own: dict[int, str] = {}  # what is not deleted: client ids by number
        self._note(Arrived, user=user)

    def write(self, room: int, count: int) -> None:
        """So many changes in this room."""
        with closing(self._cluster.connect()) as connection, closing(connection.cursor()) as cursor:
            for done in range(0, count, AT_ONCE):
                if self._cluster.is_sqlite:
                    cursor.execute("BEGIN IMMEDIATE")
                # Others write too: what is sent now may be put behind what they are told before it is written down.
                began = time.monotonic()
                noted = self._write(self._runner(cursor), room, min(AT_ONCE, count - done))
                connection.commit()
                for kind, fields in noted:
                    self._note(kind, at=None if kind is Acked else began, room=room, **fields)

    def _runner(self, cursor: Any) -> Callable[..., Any]:
        def execute(statement: str, *values: object) -> Any:
            cursor.execute(statement if self._cluster.is_sqlite else statement.replace("?", "%s"), values)
            return cursor

        return execute

    def _write(self, execute: Callable[..., Any], room: int, count: int) -> list[tuple[type[Event], dict[str, Any]]]:
        head, number = execute(LOCK, count, room).fetchone()
        noted: list[tuple[type[Event], dict[str, Any]]] = []
        for version in range(head - count + 1, head + 1):
            fate = self._chance.random() if self._own else 1.0
            if fate < EDITS + DELETES:
                noted += self._change(execute, room, version, deletes=fate < DELETES)
            else:
                number += 1
                noted += self._post(execute, room, version, number)
        execute(MOVE_ON, number, room)
        return noted

    def _post(self, execute: Callable[..., Any], room: int, version: int, number: int) -> list[Any]:
        client_id = str(uuid.UUID(int=self._chance.getrandbits(128), version=4))
        body = f"written {client_id}"
        self._own[number] = client_id
        execute(POST, room, number, version, self._user, client_id, body, text.render(body), self._now())
        facts = {"client_id": client_id, "action": "post"}
        typed = (Typed, {"client_id": client_id})
        return [typed, (Sent, {**facts, "body": body}), (Acked, {**facts, "version": version, "number": number})]

    def _change(self, execute: Callable[..., Any], room: int, version: int, *, deletes: bool) -> list[Any]:
        number = self._chance.choice(list(self._own)[-100:])
        client_id, body = self._own[number], "" if deletes else f"changed {version} {self._own[number]}"
        if deletes:
            del self._own[number]
            execute(DELETE, self._now(), version, room, number)
        else:
            execute(EDIT, body, text.render(body), self._now(), version, room, number)
        facts = {"client_id": client_id, "action": "delete" if deletes else "edit"}
        return [(Sent, {**facts, "body": body}), (Acked, {**facts, "version": version})]

    def _now(self) -> str:
        now = datetime.now(UTC)
        return now.strftime("%Y-%m-%d %H:%M:%S.%f") if self._cluster.is_sqlite else now.isoformat()

    def _note(self, kind: type[Event], *, at: float | None = None, **fields: Any) -> None:
        self._history.append(kind(at=time.monotonic() if at is None else at, client=self._client, **fields))
