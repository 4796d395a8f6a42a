"""An accepted HTTP connection, which says for what it is waited: `callers` may end it meanwhile."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RDWR
from typing import Any

from eventlet.greenio import GreenSocket

from chatapp.server.callers import Callers


class Connection(GreenSocket):  # type: ignore[misc]  # eventlet ships no types
    """One of theirs, from `network`."""

    callers: Callers
    network: str

    def send(self, data: bytes, flags: int = 0) -> int:
        """Send some of it, as soon as it can be. Raises OSError."""
        sent: int
        try:
            sent = self.fd.send(data, flags)
        except BlockingIOError:
            with self.unread():
                sent = super().send(data, flags)
        return sent

    @contextmanager
    def unread(self) -> Iterator[None]:
        """While nothing more can be sent. Who takes nothing for too long has left, and more would only wait again:
        raises BrokenPipeError.
        """
        try:
            with self.callers.unread(self, self.network):
                yield
        except TimeoutError:
            with suppress(OSError):  # it has ended by itself
                self.fd.shutdown(SHUT_RDWR)
            raise BrokenPipeError(errno.EPIPE, "nobody reads") from None

    def silence(self) -> Any:
        """While nothing is said on it."""
        return self.callers.silence(self, self.network)

    def unheard(self) -> Any:
        """While the rest of a request is waited for."""
        return self.callers.unheard(self, self.network)
