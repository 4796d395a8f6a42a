"""Handshakes that no browser of ours makes: T1, T2, T24 and T35 of the threats."""

import time
from collections.abc import Iterator

from tests.attacks.raw import KEY, PATH, UPGRADE, Raw
from tests.attacks.target import Target

HIXIE = ("Connection: Upgrade", "Upgrade: WebSocket", "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5")
DRAFTS = (
    (*HIXIE, "Sec-WebSocket-Key2: 12998 5 Y3 1  .P00"),  # draft-76, whose key goes on behind the head
    ("Connection: Upgrade", "Upgrade: WebSocket"),  # draft-75
    ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 8", KEY),
    ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13, 8", KEY),
    ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 7", "Sec-WebSocket-Origin: http://x", KEY),
)
HIXIE_KEY = b"^n:ds[4U"
EVIL = "http://evil.example"
FORWARDED = ("X-Forwarded-Host: evil.example", "X-Forwarded-Proto: http", "Forwarded: host=evil.example;proto=http")
SIDE_DOORS = (
    ("GET", f"{PATH}&j=0"),
    ("GET", PATH.replace("websocket", "polling")),
    ("GET", PATH.replace("websocket", "polling") + "&j=0"),
    ("POST", PATH.replace("websocket", "polling") + "&sid=guess"),
    ("POST", PATH),
    ("GET", PATH.replace("EIO=4", "EIO=3")),
    ("GET", f"{PATH}&sid=guess"),
    ("GET", PATH.partition("?")[0]),
)
ALLOWED_PER_SECOND = 10 * 2  # handshakes of one address without a sign-in, in each of two workers


def drafts(target: Target, times: int) -> Iterator[str]:
    """Handshakes of the years before RFC 6455, and their keys behind the head."""
    for number in range(times):
        with target.raw() as raw:
            headers = DRAFTS[number % len(DRAFTS)]
            lines = [f"GET {PATH} HTTP/1.1", f"Host: {raw.host}", *headers, *target.credentials(number), "", ""]
            raw.say("\r\n".join(lines).encode() + HIXIE_KEY)
            raw.head()
            yield f"HTTP {raw.answered[9:12].decode()}"


def origins(target: Target, times: int) -> Iterator[str]:
    """Pages of other sites, by the browser of somebody who is signed in here."""
    url = target.server.url
    foreign = (
        "null",
        EVIL,
        f"{url}.evil.example",
        url.replace("//", "//sub."),
        f"{url}@evil.example",
        f"{url}, {EVIL}",
    )
    kinds = [(f"Origin: {origin}",) for origin in foreign]
    kinds += [(), ("Origin:",), *((f"Origin: {EVIL}", forged) for forged in FORWARDED)]
    for number in range(times):
        cookie, _ = target.credentials(number)
        with target.raw() as raw:
            yield raw.upgrade(cookie, *kinds[number % len(kinds)])


def side_doors(target: Target, times: int) -> Iterator[str]:
    """JSONP, polling, the protocol before this one, and other ways past the WebSocket."""
    for number in range(times):
        method, path = SIDE_DOORS[number % len(SIDE_DOORS)]
        body = ("Content-Length: 0",) if method == "POST" else ()
        with target.raw() as raw:
            yield raw.ask(method, path, *UPGRADE, *body, *target.credentials(number))


def forged_headers(target: Target, times: int) -> Iterator[str]:
    """Strangers who say that each of them has another address, and pages that name another host as ours."""
    began, heard_out = time.monotonic(), 0
    for number in range(times):
        with target.raw() as raw:
            if number % 4 == 3:
                cookie, _ = target.credentials(number)
                yield _of_another_host(raw, cookie)
                continue
            answer = raw.upgrade(f"Origin: {target.server.url}", *_from(number))
            heard_out += answer == "HTTP 401"
            allowed = ALLOWED_PER_SECOND * (2 + time.monotonic() - began)
            yield answer if heard_out <= allowed else "the throttle was passed"


def _of_another_host(raw: Raw, cookie: str) -> str:
    return raw.ask("GET", PATH, *UPGRADE, cookie, f"Origin: {EVIL}", *FORWARDED, host="evil.example")


def _from(number: int) -> tuple[str, ...]:
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return (
        f"X-Forwarded-For: {address}",
        f"X-Real-IP: {address}",
        f"Forwarded: for={address}",
        f"X_Forwarded_For: {address}",
    )
