"""`python -m tests.faults.saboteur` serves as `python wsgi.py` does, with a worker that a test may sabotage.

chatapp knows of none of it. The environment says what to do: FAULTS_CLOCK names a file with the seconds by which the
wall clock is off, FAULTS_RATES how often the worker dies at which moment (`commit-ack:0.005`), FAULTS_SEED its fate,
and FAULTS_DEATHS a file in which it then notes the moment and the message. While there is a file of that name with
`.doom` instead, the next post to reach the moment that stands in it is the worker's last.
"""

import datetime as dt
import os
import random
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import wsgi

STATUS = 137  # what a shell says of a process that was killed
REREAD_SECONDS = 0.2
ACK_SECONDS = 0.02  # an ack leaves when its handler returns, which is after the announcement was put down


Dispatch = Callable[[Any], None]
PostTogether = Callable[[int, Sequence[Any], dt.datetime], list[Any]]


class Moment(StrEnum):
    """The worst moments to die in."""

    INSERT = "insert"  # before a message is written
    COMMIT = "commit"  # before its transaction commits
    COMMIT_ACK = "commit-ack"  # committed, and its sender has not heard of it
    ACK_PUBLISH = "ack-publish"  # acked, and nobody else has heard of it


def main() -> int:
    """The exit status of the launcher, or of a worker that lived."""
    if "CHATAPP_WORKER" in os.environ:
        Clock(Path(os.environ["FAULTS_CLOCK"])).install()
        _patch()
        Deaths(Path(os.environ["FAULTS_DEATHS"]), os.environ["FAULTS_RATES"], os.environ["FAULTS_SEED"]).install()
    return wsgi.main()


class Clock:
    """A wall clock that can be set. What counts durations is right, as it is when a machine's clock is set."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._real_time = time.time
        self._read_at = -REREAD_SECONDS
        self._offset = 0.0

    def install(self) -> None:
        """Be the clock of this process. Whatever was imported before keeps the real one."""
        time.time = lambda: self._real_time() + self.offset()
        dt.datetime = _shifted(dt.datetime, self)  # type: ignore[misc]

    def offset(self) -> float:
        """By how many seconds it is wrong now."""
        if time.monotonic() - self._read_at > REREAD_SECONDS:
            self._read_at = time.monotonic()
            self._offset = float(self._path.read_text() or 0)
        return self._offset


def _shifted(real: type[dt.datetime], clock: Clock) -> type[dt.datetime]:
    class AnyDatetime(type):
        # What the database driver makes are real ones.
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, real)

    class Shifted(real, metaclass=AnyDatetime):  # type: ignore[valid-type, misc]
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            return real.now(tz) + dt.timedelta(seconds=clock.offset())

    return Shifted


def _patch() -> None:
    """Make this process green, as a worker does: what is imported from here on must find it so."""
    warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")
    import eventlet

    eventlet.monkey_patch()


def doom_beside(notes: Path) -> Path:
    """The file that says of which moment a worker with these notes is to die next."""
    return notes.with_suffix(".doom")


class Deaths:
    """Ends the process without a word, as `kill -9` in the worst moment would, at some of the posts."""

    def __init__(self, notes: Path, rates: str, seed: str) -> None:
        self._notes, self._doom = notes, doom_beside(notes)
        self._rates = {Moment(name): float(rate) for name, rate in (each.split(":") for each in rates.split())}
        # Another life, another fate: else a worker that died of its first post would die of it for ever.
        self._chance = random.Random(f"{seed} {notes.stat().st_size}")  # noqa: S311

    def install(self) -> None:
        """Wait for those moments."""
        from sqlalchemy import event
        from sqlalchemy.orm import Session, object_session

        from chatapp.actions import posting
        from chatapp.models import Message
        from chatapp.realtime import outbox

        def before_insert(_mapper: object, _connection: object, message: Message) -> None:
            self.reach(Moment.INSERT, message.client_id)
            session = object_session(message)
            assert session is not None
            session.info["posting"] = message.client_id

        def before_commit(session: Session) -> None:
            self.reach(Moment.COMMIT, session.info.get("posting"))

        def after_commit(session: Session) -> None:
            self.reach(Moment.COMMIT_ACK, session.info.pop("posting", None))

        def after_rollback(session: Session) -> None:
            session.info.pop("posting", None)

        posting.post_together = self._fatal_statement(posting.post_together)  # type: ignore[attr-defined]
        event.listen(Message, "before_insert", before_insert)
        for listener in (before_commit, after_commit, after_rollback):
            event.listen(Session, listener.__name__, listener)
        outbox.dispatch = self._fatal(outbox.dispatch)  # type: ignore[attr-defined, assignment]

    def _fatal_statement(self, post_together: PostTogether) -> PostTogether:
        def post_or_die(room_id: int, drafts: Sequence[Any], created_at: dt.datetime) -> list[Any]:
            # One statement: it is not begun, or it is committed.
            for draft in drafts:
                self.reach(Moment.INSERT, draft.client_id)
                self.reach(Moment.COMMIT, draft.client_id)
            places = post_together(room_id, drafts, created_at)
            for draft in drafts if places else ():
                self.reach(Moment.COMMIT_ACK, draft.client_id)
            return places

        return post_or_die

    def _fatal(self, dispatch: Dispatch) -> Dispatch:
        def dispatch_or_die(announcement: object) -> None:
            payload = getattr(announcement, "payload", {})
            self.reach(Moment.ACK_PUBLISH, payload.get("client_id"))
            dispatch(announcement)

        return dispatch_or_die

    def reach(self, moment: Moment, client_id: str | None) -> None:
        """Be in this moment of this message, and end there or not."""
        if client_id is None or not (self._is_doomed(moment) or self._chance.random() < self._rates.get(moment, 0.0)):
            return
        if moment is Moment.ACK_PUBLISH:
            time.sleep(ACK_SECONDS)  # the moment itself: the ack has left by then
        with self._notes.open("a") as notes:
            notes.write(f"{moment} {client_id}\n")
        os._exit(STATUS)

    def _is_doomed(self, moment: Moment) -> bool:
        try:
            is_now = self._doom.read_text() == moment
        except FileNotFoundError:
            return False
        if is_now:
            self._doom.unlink()  # the next life is not to end so
        return is_now


if __name__ == "__main__":
    sys.exit(main())
