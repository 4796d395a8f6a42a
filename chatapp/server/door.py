"""The port as a worker leaves it: whoever has said something by then is heard."""

from collections.abc import Iterator
from contextlib import contextmanager
from socket import SHUT_RD
from typing import Any

from eventlet.greenio import GreenSocket

from chatapp.server.callers import has_come
from chatapp.server.serving import PatientListener


class Door(PatientListener):
    """The listening socket. While it is `closing`, eventlet cuts the connections that seem idle to it.

    One whose request has come and was not read yet seems so as well: that is answered, and nothing more is read.
    """

    _is_closing = False

    def accept(self) -> tuple[GreenSocket, Any]:
        """As of the class above."""
        connection, address = super().accept()
        # Not by way of `connection`: it would hold itself, and stay until the collector looks, which is seldom.
        inner = connection.fd
        # What the kernel has is still read after SHUT_RD, and then comes the end.
        connection.shutdown = lambda how: inner.shutdown(SHUT_RD if self._is_closing and has_come(inner) else how)
        return connection, address

    @contextmanager
    def closing(self) -> Iterator[None]:
        """While eventlet ends what it takes for idle."""
        self._is_closing = True
        try:
            yield
        finally:
            self._is_closing = False
