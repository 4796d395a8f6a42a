"""The HTTP connections of a worker, and who of them is waited for: of those the oldest goes when there are too many."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from socket import MSG_DONTWAIT, MSG_PEEK, SHUT_RDWR, socket
from typing import Any

from chatapp.offload import native

CROWDED = 0.75  # of all there may be: from there on somebody who says nothing goes for each who comes
FULL = 0.9  # from there on, when nobody is idle, somebody who halts in the middle: something of theirs is lost by it
# Those of one house share a line: while it is busy, many of their answers wait at once, for a moment.
UNREAD_SECONDS = 5.0

_select = native("select")


class Halted:
    """Connections that wait for the same, each with its house, in the order in which they began to.

    `has_moved` says of one whether what it waits for is there; of one house `per_network` may wait for longer than
    `seconds`, or all when that is None.
    """

    def __init__(
        self,
        has_moved: Callable[[socket], bool],
        *,
        per_network: int | None = None,
        seconds: float = 0.0,
        clock: Callable[[], float],
    ) -> None:
        self._has_moved = has_moved
        self._per_network = per_network
        self._seconds = seconds
        self._clock = clock
        self._network: dict[Any, str] = {}
        self._of_network: dict[str, dict[Any, float]] = {}

    def begin(self, connection: Any, network: str) -> Any:
        """Note that it waits; who is to go for it, of those of the same house, or None."""
        self._network[connection] = network
        of_network = self._of_network.setdefault(network, {})
        of_network[connection] = self._clock()
        is_too_many = self._per_network is not None and len(of_network) > self._per_network
        return self._first(of_network, connection) if is_too_many else None

    def end(self, connection: Any) -> None:
        """Note that it waits no more."""
        network = self._network.pop(connection, None)
        if network is not None:
            del self._of_network[network][connection]
            if not self._of_network[network]:
                del self._of_network[network]

    def oldest(self, *, but: Any) -> Any:
        """Who has waited for longest, but for this one; None when nobody does."""
        # By what is inside of it: eventlet's own would wait.
        return next((each for each in self._network if each is not but and not self._has_moved(each.fd)), None)

    def _first(self, since: dict[Any, float], newest: Any) -> Any:
        began_before = self._clock() - self._seconds
        for each, began in since.items():
            if began > began_before:
                return None  # nor has any after it waited for so long
            if each is not newest and not self._has_moved(each.fd):
                return each
        return None


class Callers:
    """Who is connected, and who of them says nothing, or halts in the middle of a request or of reading its answer.

    `most` is how many connections there may be; `per_network` how many of one house may say nothing, and how many may
    read nothing, or None where all come by way of a proxy, and look like one house. Nobody who comes is refused: an
    office behind one address holds several for each browser, which asks again on another when an idle one ends.
    """

    def __init__(self, *, most: int, per_network: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._crowded_at = int(most * CROWDED)
        self._full_at = int(most * FULL)
        self._here: set[Any] = set()
        self._silent = Halted(has_come, per_network=per_network, clock=clock)
        self._unread = Halted(has_room, per_network=per_network, seconds=UNREAD_SECONDS, clock=clock)
        self._unheard = Halted(has_come, clock=clock)

    @contextmanager
    def present(self, connection: Any) -> Iterator[None]:
        """While it is connected."""
        self._here.add(connection)
        self._make_room(connection)
        try:
            yield
        finally:
            self._here.discard(connection)

    def silence(self, connection: Any, network: str) -> Any:
        """While `connection`, of this house, says nothing since its last answer, or at all, but the beginning of a
        line. It may be ended meanwhile.
        """
        return self._halt(self._silent, connection, network)

    def unread(self, connection: Any, network: str) -> Any:
        """The same, while it takes nothing of its answer."""
        return self._halt(self._unread, connection, network)

    def unheard(self, connection: Any, network: str) -> Any:
        """The same, while nothing comes of a request that has begun. An office may send as many files as it likes."""
        return self._halt(self._unheard, connection, network)

    @contextmanager
    def _halt(self, halted: Halted, connection: Any, network: str) -> Iterator[None]:
        self._end(halted.begin(connection, network))
        # Not only for those who come: when all places are taken, nobody more is let in.
        self._make_room(connection)
        try:
            yield
        finally:
            halted.end(connection)

    def _make_room(self, newest: Any) -> None:
        if len(self._here) > self._crowded_at:
            self._end(self._silent.oldest(but=newest))
        if len(self._here) > self._full_at:
            self._end(self._unread.oldest(but=newest) or self._unheard.oldest(but=newest))

    def _end(self, connection: Any) -> None:
        if connection is not None:
            for halted in (self._silent, self._unread, self._unheard):
                halted.end(connection)
            self._here.discard(connection)  # as good as gone: one for each is enough
            with suppress(OSError):  # it has ended by itself
                connection.shutdown(SHUT_RDWR)


def has_come(connection: socket) -> bool:
    """True when something of theirs is still to be read."""
    try:
        return bool(connection.recv(1, MSG_DONTWAIT | MSG_PEEK))
    except OSError:
        return False


def has_room(connection: socket) -> bool:
    """True when it takes something that is to be sent."""
    poll = _select.poll()
    poll.register(connection, _select.POLLOUT)
    ready: list[tuple[int, int]] = poll.poll(0)
    return ready == [(connection.fileno(), _select.POLLOUT)]
