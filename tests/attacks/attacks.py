"""The attacks, one line each: what is tried and how often, what may come of it, and what it may cost for a while."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chatapp import errors
from tests.attacks import answers, bus, floods, frames, fuzz, handshakes, heads, idle, loris, readers
from tests.attacks.raw import CUT, UNHEARD
from tests.attacks.target import Target

Tries = Callable[[Target, int], Iterator[str]]


@dataclass(frozen=True)
class Attack:
    """One line of the plan."""

    key: str
    words: str
    tries: Tries
    short: int  # how many tries in `make test`
    full: int  # and in `make attack`
    may: frozenset[str]  # what may come of a try
    must: frozenset[str]  # what must come of one of them at least
    holds_kb: float = 0  # what each try may take as long as it lasts, beyond the tenth that every attack may
    because: str = ""
    per_second: float = 50.0  # tries at most: more of them is a matter of processors, and of a proxy in front
    fills: bool = False  # what it held once the allocator keeps for the next: so it is made once in full before
    warms: bool = True  # its short form is over soon: what it does for the first time is done before it is measured

    def missed(self, outcomes: dict[str, int]) -> list[str]:
        """What came of it and may not, and what had to and did not."""
        wrong = [f"{count}x {outcome}" for outcome, count in outcomes.items() if outcome not in self.may]
        return wrong + [f"never {outcome}" for outcome in sorted(self.must - outcomes.keys())]


def attack(
    key: str, words: str, tries: Tries, counts: tuple[int, int], *must: str, also: str = "", **more: object
) -> Attack:
    """A line: what must come of it, and what may come of it also (separated by `|`)."""
    may = frozenset(must) | frozenset(filter(None, also.split("|")))
    return Attack(key, words, tries, *counts, may, frozenset(must), **more)  # type: ignore[arg-type]


QUEUE_KB = 5_632  # what may wait for one socket at most: 5/4 of OUT_QUEUE_MAX_BYTES, and an answer on its way
HTTP_KB = 64  # a connection whose request has begun, with its greenlet and its buffers
SILENT = ("close 1008", "HTTP 401")
TOLD = ("ok", "slow_down")
LATE = "close 1008"
FLOODED = (*TOLD, LATE)
STRANGE = ("HTTP 401", "HTTP 429")
OUR_FAULT = {"error", "internal_error", "unavailable"}
TYPED = {each.code for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.ChatError)}
FUZZED = "|".join([UNHEARD, "close 1007", *(TYPED - OUR_FAULT)])

ATTACKS = [
    attack("fragments", "unfinished fragments, 60 KB held", frames.fragments, (20, 300), "close 1009"),
    attack("drafts", "draft-76, draft-75 and old versions", handshakes.drafts, (20, 500), "HTTP 426"),
    attack("big", "frames and messages of 8 MB", frames.big_frames, (6, 150), "close 1009"),
    attack("deflate", "permessage-deflate offered and used", frames.compression, (10, 150), "close 1002"),
    attack("attachments", "binary attachments announced", frames.attachments, (12, 150), "close 1007", UNHEARD),
    attack("slow", "read nothing of what was asked for", readers.slow, (2, 8), CUT, holds_kb=QUEUE_KB, fills=True),
    attack("trickle", "read ten bytes now and then", readers.trickle, (2, 8), CUT, holds_kb=QUEUE_KB, fills=True),
    attack(
        "handshakes", "handshakes, then nothing", idle.handshakes, (60, 1_500), *SILENT, also="HTTP 429", warms=False
    ),
    attack(
        "connections",
        "connections, then nothing",
        idle.connections,
        (40, 1_500),
        CUT,
        also="HTTP 400",
        holds_kb=HTTP_KB,
        warms=False,
    ),
    attack("flood", "events of one socket", floods.one_socket, (1_500, 50_000), *FLOODED, also=UNHEARD, per_second=1e9),
    attack(
        "posts", "posts of one person by 16 sockets", floods.one_person, (800, 6_400), *TOLD, also=LATE, per_second=1e9
    ),
    attack("smuggling", "CL+TE, two lengths, folded lines", heads.smuggling, (90, 500), "HTTP 400", "HTTP 411"),
    attack("headers", "forged addresses and hosts", handshakes.forged_headers, (80, 500), *STRANGE, "HTTP 403"),
    attack("origins", "foreign and missing origins", handshakes.origins, (24, 500), "HTTP 403"),
    attack("doors", "JSONP, polling, protocol 3", handshakes.side_doors, (16, 500), "HTTP 400"),
    attack("bus", "forged frames on Redis", bus.forged_frames, (500, 5_000), "dropped", "said again", per_second=1e9),
    attack(
        "fuzz", "any JSON to every event", fuzz.every_event, (8, 100), "ok", "bad_request", also=FUZZED, per_second=1e9
    ),
    attack("http-slow", "read no answer", answers.unread, (10, 300), CUT, holds_kb=HTTP_KB, warms=False),
    attack("half-heads", "half a request's head", loris.half_heads, (10, 500), CUT, holds_kb=HTTP_KB, warms=False),
    attack("loris", "a head byte by byte", loris.heads, (10, 500), CUT, holds_kb=HTTP_KB, warms=False),
    attack(
        "bodies", "a form or a file byte by byte", loris.bodies, (9, 300), "HTTP 400", holds_kb=HTTP_KB, warms=False
    ),
]
BY_KEY = {each.key: each for each in ATTACKS}
