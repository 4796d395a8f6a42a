"""Who can write to Redis: T31 of the threats. They know the channel, but not the key."""

import hmac
import json
import secrets
import time
from collections.abc import Iterator

import redis

from chatapp.realtime.announcements import PersonMoved, PersonTold, RoomMoved, SignInsEnded
from chatapp.realtime.bus import SIGNATURE_BYTES, WORKER_BYTES, Signer
from tests.attacks.target import Target
from tests.journeys.metrics import metrics
from tests.journeys.waiting import within

HUGE_BYTES = 8 * 2**20
HUGE_EVERY = 250
FRAMES_PER_SECOND = 1_000
REPLAYS = 20  # frames that are heard, and said again
HEARD_SECONDS = 20.0  # a worker knows the other's numbers of five seconds ago


def forged_frames(target: Target, times: int) -> Iterator[str]:
    """Frames without a signature, with another's, with garbage, or huge; and those of before, said again."""
    with target.parts.redis.client() as client:
        channel = client.pubsub_channels("chatapp:*")[0]
        yield from _replay(client, channel)
        before = _dropped(target)
        kinds, began = _kinds(), time.monotonic()
        for number in range(times):
            time.sleep(max(0.0, began + number / FRAMES_PER_SECOND - time.monotonic()))
            is_huge = number % HUGE_EVERY == HUGE_EVERY - 1
            client.publish(channel, secrets.token_bytes(HUGE_BYTES) if is_huge else kinds[number % len(kinds)])
        within(HEARD_SECONDS, lambda: _dropped(target) - before >= 2 * times)
        dropped = _dropped(target) - before
        yield from ["dropped"] * dropped
        yield from ["not dropped"] * (2 * times - dropped)


def _replay(client: "redis.Redis", channel: bytes) -> Iterator[str]:
    listener = client.pubsub()
    listener.subscribe(channel)
    frames: list[bytes] = []
    until = time.monotonic() + HEARD_SECONDS
    while len(frames) < REPLAYS and time.monotonic() < until:
        message = listener.get_message(timeout=1)
        if message and message["type"] == "message":
            frames.append(message["data"])
    listener.close()
    for frame in frames:
        client.publish(channel, frame)
        yield "said again"


def _kinds() -> list[bytes]:
    worker = secrets.token_bytes(WORKER_BYTES)
    told = [
        RoomMoved(room_id=1, version=10**6, event="message:posted", payload={"body": "forged"}),
        PersonTold(user_id=1, event="room:removed", payload={"room_id": 1}),
        PersonMoved(version=10**6, payload={"id": 1, "name": "Forged"}),
        SignInsEnded(sign_in_ids=tuple(range(1, 100))),
    ]
    datas = [worker + each.encode() for each in told]
    stranger = Signer("another secret of at least 32 characters")
    pickled = b"\x80\x04\x95\x1f\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94."
    emitted = json.dumps({"method": "emit", "event": "message:posted", "data": ["forged"], "room": "r:1"}).encode()
    return [
        *datas,
        *(stranger.sign(data) for data in datas),
        *(bytes(SIGNATURE_BYTES) + data for data in datas),
        *(hmac.digest(b"", data, "sha256") + data for data in datas),
        pickled,
        emitted,
        b"",
        b"\0",
        secrets.token_bytes(SIGNATURE_BYTES),
        secrets.token_bytes(1_000),
        b"[" * 100_000,
    ]


def _dropped(target: Target) -> int:
    return int(metrics(target.server)["chatapp_bus_forged_total"])
