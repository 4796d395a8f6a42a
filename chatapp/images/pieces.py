"""What the formats of pictures have in common: each is a row of pieces, some of which tell more than they show."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

STEP_BYTES = 2**20  # that are in memory at once: a film may be larger than that
BYTES_PER_SECOND = 20 * 2**20  # that are read and written, at least; what is larger gets more time


class Damaged(Exception):
    """The bytes are not what their beginning says."""


class Bytes(Protocol):
    """Bytes, or a file that is mapped into memory."""

    def __len__(self) -> int: ...
    def __getitem__(self, where: slice, /) -> bytes: ...


@dataclass(frozen=True, order=True)
class Stretch:
    """What is to be overwritten, from `start` up to `stop`: by `begin`, and then by nothing but `filling`."""

    start: int
    stop: int
    begin: bytes = b""
    filling: bytes = b"\0"


def overwritten(picture: Bytes, stretches: Iterable[Stretch]) -> Iterator[bytes]:
    """The picture with these stretches overwritten where they stand, so that nothing in it moves."""
    place, end = 0, len(picture)
    for stretch in sorted(stretches):
        start, stop = max(place, min(stretch.start, end)), min(stretch.stop, end)
        if stop > start:
            yield from _as_it_is(picture, place, start)
            yield from _instead(stretch, start, stop)
            place = stop
    yield from _as_it_is(picture, place, end)


def _as_it_is(picture: Bytes, start: int, stop: int) -> Iterator[bytes]:
    for place in range(start, stop, STEP_BYTES):
        yield picture[place : min(stop, place + STEP_BYTES)]


def _instead(stretch: Stretch, start: int, stop: int) -> Iterator[bytes]:
    # Where the one before it reaches into it, its beginning is gone already.
    begin = stretch.begin[: stop - start] if start == stretch.start else b""
    yield begin
    for place in range(start + len(begin), stop, STEP_BYTES):
        yield stretch.filling * (min(stop, place + STEP_BYTES) - place)
