"""Frames that no browser sends: T24 and T25 of the threats, F23 of the faults."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

from websocket import ABNF

from tests.attacks.raw import UNHEARD, Raw, frame
from tests.attacks.target import Target

MAX_BYTES = 65_536  # of a message, as the server is delivered
FRAGMENT = b"x" * 1_000
HELD_FRAGMENTS = 60  # 60,000 bytes: less than it takes
MORE_FRAGMENTS = 10
MANY_EMPTY = 100  # it takes 64 frames of one message
AT_ONCE = 100  # sockets
BIG = 8 * 2**20
COMPRESSED = 0x40  # the first reserved bit of a frame
OFFERS = (
    "permessage-deflate",
    "permessage-deflate; client_max_window_bits; server_no_context_takeover",
    "permessage-deflate; server_max_window_bits=8, permessage-deflate",
    "x-webkit-deflate-frame, permessage-bzip2",
    ", ".join(["permessage-deflate; client_max_window_bits=15"] * 100),
)
ANNOUNCEMENTS = (
    b'451-["room:open",{"_placeholder":true,"num":0}]',
    b"452-[]",
    b"459999999999-[]",
    b'461-7[{"_placeholder":true,"num":0}]',
    b"45",
)
UNFRAMED = b'51-["room:open"]'  # without the 4 of a message: to Engine.IO it is an upgrade, which it does not know


def fragments(target: Target, times: int) -> Iterator[str]:
    """Sockets that hold what they may, all at once, and then go on."""
    for first in range(0, times, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, times))
        with ExitStack() as stack:
            sockets = [stack.enter_context(target.arrived(number)) for number in numbers]
            for raw in sockets:
                raw.say(frame(FRAGMENT, fin=0) + frame(FRAGMENT, ABNF.OPCODE_CONT, fin=0) * (HELD_FRAGMENTS - 1))
            for number, raw in zip(numbers, sockets, strict=True):
                more = FRAGMENT if number % 2 else b""
                raw.say(frame(more, ABNF.OPCODE_CONT, fin=0) * (MORE_FRAGMENTS if more else MANY_EMPTY))
                yield raw.ending()


def big_frames(target: Target, times: int) -> Iterator[str]:
    """8 MB: announced alone, announced and sent, or cut into frames that are small enough."""
    whole, piece = frame(bytes(BIG)), frame(bytes(MAX_BYTES), ABNF.OPCODE_CONT, fin=0)
    kinds = (whole[:14], whole, frame(b"4", fin=0) + piece * (BIG // MAX_BYTES))
    for number in range(times):
        with target.arrived(number) as raw:
            raw.say(kinds[number % len(kinds)])
            yield raw.ending()


def compression(target: Target, times: int) -> Iterator[str]:
    """Offers to compress, and frames that are said to be compressed all the same."""
    for number in range(times):
        with target.arrived(number, f"Sec-WebSocket-Extensions: {OFFERS[number % len(OFFERS)]}") as raw:
            packet = frame(b"4" * 100)
            raw.say(bytes([packet[0] | COMPRESSED]) + packet[1:])
            yield "compression accepted" if b"extensions" in raw.answered.lower() else raw.ending()


def attachments(target: Target, times: int) -> Iterator[str]:
    """Attachments announced, and never sent; some of those who announce have not even come in."""
    kinds: list[Callable[[int], Raw]] = [target.insider, target.arrived]
    for number in range(times):
        with kinds[number // len(ANNOUNCEMENTS) % 2](number) as raw:
            raw.frame(ANNOUNCEMENTS[number % len(ANNOUNCEMENTS)])
            yield raw.ending()
    with target.insider(0) as raw:
        raw.frame(UNFRAMED)
        raw.frame(b"427" + b'["nothing"]')
        is_answered = any(payload.startswith(b"437") for _, payload in raw.packets() if payload[:2] in (b"43", b"1"))
        yield UNHEARD if is_answered else "an upgrade was heard"
