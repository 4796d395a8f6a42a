"""The Redis queue between workers: a hint, never the truth.

What is published while Redis is away is lost here, and found again in the database. Every frame is signed with a key
derived from SECRET_KEY: whoever can write to Redis can still not speak to our browsers.
"""

import hashlib
import hmac
import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence

import redis
from flask import Flask
from redis.connection import ConnectionInterface

from chatapp.config import Settings
from chatapp.realtime.announcements import Announcement, decode
from chatapp.realtime.backlog import Backlog
from chatapp.realtime.dispatch import dispatch

logger = logging.getLogger(__name__)

REDIS_TIMEOUT_SECONDS = 2.0  # a Redis that hangs may hold the publisher this long, and nobody else
SILENCE_SECONDS = 1.5  # the listener pings after this much quiet; no answer in as much again means a dead link
BACK_OFF_SECONDS = (0.1, 0.5, 1.0, 3.0)  # between tries to connect; the last one again and again
TURN_SECONDS = 0.005  # of work on what others say, before whoever waits has a turn: it may come without a pause
SAY_SECONDS = 1.0  # between two lines about forged frames: a line for each would itself be what the attack does
WAITING_BYTES = 32 * 1024 * 1024  # of frames kept for a slow Redis: some 15,000 messages of everyday length

AWAY = (redis.RedisError, OSError)  # what a Redis that is away is known by; anything else is a fault of ours

SIGNATURE_BYTES = 32
WORKER_BYTES = 8
FRAME_MAX_BYTES = 2 * 1024 * 1024  # 16,000 emoji make 128 KB; what is longer than this is found at the next tick


class Signer:
    """Signs frames and opens them again."""

    def __init__(self, secret_key: str) -> None:
        self._key = hashlib.sha256(b"chatapp bus\0" + secret_key.encode()).digest()
        # Two companies on one Redis do not meet, and need no setting for it.
        self.channel = f"chatapp:{hashlib.sha256(self._key).hexdigest()[:16]}"

    def sign(self, data: bytes) -> bytes:
        """`data` with its signature in front."""
        return hmac.digest(self._key, data, "sha256") + data

    def open(self, frame: bytes) -> bytes:
        """What was signed. Raises ValueError when the signature is not ours."""
        if len(frame) > FRAME_MAX_BYTES:
            raise ValueError("longer than any of ours: not worth the time to sum it up")
        signature, data = frame[:SIGNATURE_BYTES], frame[SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, hmac.digest(self._key, data, "sha256")):
            raise ValueError("signature is not ours")
        return data


class Bus:
    """Carries announcements to the other workers, and delivers theirs here."""

    def __init__(self, app: Flask, settings: Settings, *, on_up: Sequence[Callable[[], None]] = ()) -> None:
        self._app = app
        self._on_up = on_up
        self._url = settings.redis_url
        self._signer = Signer(settings.secret_key)
        self._worker = secrets.token_bytes(WORKER_BYTES)
        self._waiting = Backlog[bytes](WAITING_BYTES)
        self._running = False
        self._publisher: threading.Thread | None = None
        self.is_connected = False
        self.forged = 0  # frames of others that were not signed by us
        self.overflowed = 0  # frames of ours that found no more room in the queue
        self._is_overflowing = False
        self._say_forged_at = 0.0

    @property
    def is_used(self) -> bool:
        """True when a REDIS_URL is set."""
        return bool(self._url)

    @property
    def waiting_bytes(self) -> int:
        """Of frames for Redis that it has not taken yet."""
        return self._waiting.weight

    def start(self) -> None:
        """Connect, and stay connected."""
        if self.is_used and not self._running:
            self._running = True
            self._publisher = threading.Thread(target=self._publish_for_ever, name="bus publisher", daemon=True)
            self._publisher.start()
            threading.Thread(target=self._listen_for_ever, name="bus listener", daemon=True).start()

    def stop(self) -> None:
        """Publish what waits, as far as Redis takes it within its timeout; the listener ends soon after."""
        if self._running and self._publisher is not None:
            self._running = False
            self._waiting.end()
            self._publisher.join(timeout=REDIS_TIMEOUT_SECONDS)

    def publish(self, announcement: Announcement) -> None:
        """Hand it to the other workers, without waiting for Redis."""
        if not self._running:
            return
        frame = self._signer.sign(self._worker + announcement.encode())
        if not self._waiting.put(frame, len(frame)):
            self._overflow()

    def receive(self, frame: bytes) -> None:
        """Deliver what another worker published. What is not ours is dropped and counted."""
        try:
            data = self._signer.open(frame)
            announcement = decode(data[WORKER_BYTES:])
        except ValueError:
            self._drop_forged()
        else:
            if data[:WORKER_BYTES] != self._worker:
                self._deliver(announcement)

    def _drop_forged(self) -> None:
        self.forged += 1
        if time.monotonic() >= self._say_forged_at:
            self._say_forged_at = time.monotonic() + SAY_SECONDS
            logger.warning("bus frame dropped forged=%s", self.forged)

    def _overflow(self) -> None:
        self.overflowed += 1
        if not self._is_overflowing:
            # Once, not for each: how many they were is said when Redis has taken all that waits.
            self._is_overflowing = True
            logger.warning("bus queue full overflowed=%s", self.overflowed)

    def _published(self) -> None:
        if self._is_overflowing and self._waiting.is_empty:
            self._is_overflowing = False
            logger.warning("bus queue empty again overflowed=%s", self.overflowed)

    def _deliver(self, announcement: Announcement) -> None:
        try:
            with self._app.app_context():  # within: with the database away even its end can fail
                dispatch(announcement)
        except Exception:
            # One that cannot be delivered must not make us deaf for all that follow.
            logger.exception("delivery failed kind=%s", type(announcement).__name__)

    def _publish_for_ever(self) -> None:
        # One connection of our own: what the client does around each command takes longer than the command.
        connection, is_failing = self._connect().connection_pool.make_connection(), False
        while frames := self._waiting.get_all():
            try:
                self._send(connection, frames)
                is_failing = False
                self._published()
            except Exception as error:
                if not is_failing:
                    # Once, not for each: an outage at a busy hour would fill the log with this one line.
                    trace = None if isinstance(error, AWAY) else error
                    logger.warning("bus publish failed error=%s", type(error).__name__, exc_info=trace)
                is_failing = True

    def _send(self, connection: ConnectionInterface, frames: list[bytes]) -> None:
        commands = connection.pack_commands(  # type: ignore[no-untyped-call]
            [("PUBLISH", self._signer.channel, frame) for frame in frames]
        )
        try:
            self._ask(connection, commands, len(frames))
        except (redis.ConnectionError, OSError):
            # That of a Redis which has been restarted since. What came twice is told once.
            self._ask(connection, commands, len(frames))

    @staticmethod
    def _ask(connection: ConnectionInterface, commands: list[bytes], answers: int) -> None:
        try:
            connection.connect()  # type: ignore[no-untyped-call]
            connection.send_packed_command(commands)  # type: ignore[no-untyped-call]
            for _ in range(answers):
                connection.read_response()
        except BaseException:
            connection.disconnect()  # type: ignore[no-untyped-call]  # else the next would read an answer to these
            raise

    def _listen_for_ever(self) -> None:
        tries = 0
        while self._running:
            try:
                self._listen()
                tries = 0
            except Exception as error:
                # Whatever it is: a worker whose listener has ended hears the others by the tick alone, for good.
                tries = 0 if self.is_connected else tries + 1
                self.is_connected = False
                trace = None if isinstance(error, AWAY) else error
                logger.warning("bus down error=%s tries=%s", type(error).__name__, tries, exc_info=trace)
                # Nothing tells when a Redis that is away is back, but asking it.
                time.sleep(BACK_OFF_SECONDS[min(tries, len(BACK_OFF_SECONDS) - 1)])

    def _listen(self) -> None:
        listener = self._connect().pubsub()  # type: ignore[no-untyped-call]
        try:
            listener.subscribe(self._signer.channel)
            quiet_since = turn_since = time.monotonic()
            while self._running:
                if time.monotonic() - turn_since >= TURN_SECONDS:
                    time.sleep(0)
                    turn_since = time.monotonic()
                message = listener.get_message(timeout=SILENCE_SECONDS)
                if message is not None:
                    quiet_since = time.monotonic()
                    self._take(message)
                elif time.monotonic() - quiet_since > 2 * SILENCE_SECONDS:
                    raise TimeoutError("no answer to the ping")
                else:
                    listener.ping()
        finally:
            listener.close()

    def _take(self, message: dict[str, object]) -> None:
        if message["type"] == "subscribe":
            self.is_connected = True
            logger.info("bus up")
            # What was published while we were away is lost to us: look for it now, not at the next tick.
            for catch_up in self._on_up:
                catch_up()
        elif isinstance(message["data"], bytes) and message["type"] == "message":
            self.receive(message["data"])

    def _connect(self) -> redis.Redis:
        # from_url neither retries nor times out of its own accord.
        return redis.Redis.from_url(
            self._url,
            socket_timeout=REDIS_TIMEOUT_SECONDS,
            socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
            protocol=2,  # with the third the client writes out each frame for a log that nobody keeps
        )
