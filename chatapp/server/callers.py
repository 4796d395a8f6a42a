"""The HTTP connections of a worker that say nothing: of those the oldest goes where there are too many."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from socket import MSG_DONTWAIT, MSG_PEEK, SHUT_RDWR, socket
from typing import Any

CROWDED = 0.75  # of all there may be: from there on somebody who says nothing goes for each who comes


class Callers:
    """Who is connected, and of whom nothing has come since their last answer, or at all, but the beginning of a line.

    `most` is how many connections there may be; `silent_per_network` how many of one house may say nothing, or None
    where all come by way of a proxy, and look like one house. Nobody who comes is refused: an office behind one address
    holds several for each browser, which asks again on another when an idle one ends.
    """

    def __init__(self, *, most: int, silent_per_network: int | None) -> None:
        self._crowded_at = int(most * CROWDED)
        self._silent_per_network = silent_per_network
        self._count = 0
        # In the order in which they fell silent.
        self._silent: dict[Any, str] = {}
        self._of_network: dict[str, dict[Any, None]] = {}

    @contextmanager
    def present(self) -> Iterator[None]:
        """While somebody is connected."""
        self._count += 1
        if self._count > self._crowded_at:
            self._end_oldest(self._silent)
        try:
            yield
        finally:
            self._count -= 1

    @contextmanager
    def silence(self, connection: Any, network: str) -> Iterator[None]:
        """While `connection`, of this house, says nothing. It may be ended meanwhile."""
        self._silent[connection] = network
        of_network = self._of_network.setdefault(network, {})
        of_network[connection] = None
        if self._silent_per_network is not None and len(of_network) > self._silent_per_network:
            self._end_oldest(of_network)
        try:
            yield
        finally:
            self._forget(connection)

    def _end_oldest(self, connections: Iterable[Any]) -> None:
        # By what is inside of it: eventlet's own would wait for something to come.
        oldest = next((each for each in connections if not has_come(each.fd)), None)
        if oldest is not None:
            self._forget(oldest)
            with suppress(OSError):  # it has ended by itself
                oldest.shutdown(SHUT_RDWR)

    def _forget(self, connection: Any) -> None:
        network = self._silent.pop(connection, None)
        if network is not None:
            del self._of_network[network][connection]
            if not self._of_network[network]:
                del self._of_network[network]


def has_come(connection: socket) -> bool:
    """True when something of theirs is still to be read."""
    try:
        return bool(connection.recv(1, MSG_DONTWAIT | MSG_PEEK))
    except OSError:
        return False
