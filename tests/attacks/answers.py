"""Who asks for more than a connection holds, again and again, and reads nothing of it: T27 and T28 of the threats."""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.attacks.raw import CUT, Raw
from tests.attacks.target import Target

RECEIVE_BYTES = 4_096
QUESTIONS = 100  # of 50 KB and more each; a connection holds 4 MB at most
COME_SECONDS = 0.1  # 1,000 questions a second
MOST_SECONDS = 130.0
LOOK_SECONDS = 0.25
SCRIPT = re.compile(rb'src="(/static/v-[^"]+)"')
READ = "all answered"


def unread(target: Target, times: int) -> Iterator[str]:
    """Strangers who ask for the largest script, and read nothing until the server has let go of them."""
    question = f"GET {_script(target)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with ExitStack() as stack:
        here: list[Raw] = []
        for _ in range(times):
            here.append(stack.enter_context(target.raw(receive_bytes=RECEIVE_BYTES)))
            here[-1].say(question * QUESTIONS)
            time.sleep(COME_SECONDS)  # from one to the next
        until = time.monotonic() + MOST_SECONDS
        while any(_is_held(raw) for raw in here) and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)  # between two looks
        yield from [_told(raw) for raw in here]


def _script(target: Target) -> str:
    with target.raw() as raw:
        raw.say(b"GET /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        while raw.hear():
            pass
        found = SCRIPT.search(bytes(raw.heard))
    assert found, bytes(raw.heard[:500])
    return found[1].decode()


def _is_held(raw: Raw) -> bool:
    # By its inode: what the system alone still sends belongs to nobody. Who reads nothing is told nothing else.
    ends = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ours = f":{raw.port:04X}"
    return any(end[2].endswith(ours) and end[9] != "0" for end in ends)


def _told(raw: Raw) -> str:
    if _is_held(raw):
        return "still held"
    heard = 0
    while data := raw.hear():
        heard += data.count(b"HTTP/1.1 200 ")
        raw.heard.clear()
    return READ if heard >= QUESTIONS else CUT
