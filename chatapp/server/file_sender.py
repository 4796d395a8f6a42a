"""Files leave by the shortest way: the system sends them itself, without their bytes passing through Python."""

from collections.abc import Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from eventlet.hubs import trampoline

from chatapp.storage.contract import READING, Sendable


class FileSender:
    """Sends the file of a disk that the application puts into READING to the connection's own socket.

    The head and the first piece go by the usual way. Nothing in between may change an answer's bytes.
    """

    def __init__(self, inner: WSGIApplication) -> None:
        self._inner = inner

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The answer from inside, shortened where that is possible."""
        # A list, since what is in between hands on a copy of the environment.
        environ[READING] = readings = list[object]()
        answer = self._inner(environ, start_response)
        reading = readings[0] if readings else None
        if not isinstance(reading, Sendable):
            return answer
        return _Sent(answer, reading, environ["eventlet.input"].get_socket())


class _Sent:
    def __init__(self, answer: Iterable[bytes], reading: Sendable, connection: Any) -> None:
        self._answer = answer
        self._reading = reading
        self._connection = connection

    def __iter__(self) -> Iterator[bytes]:
        # eventlet has written a piece of this size when it asks for the next one.
        yield from _first(self._answer)
        while self._reading.left:
            if not self._reading.send_to(self._connection.fd):
                seconds = self._connection.gettimeout()
                with self._connection.unread():
                    trampoline(self._connection, write=True, timeout=seconds, timeout_exc=TimeoutError)

    def close(self) -> None:
        """As the server does when all is sent, or nobody is there any more."""
        if hasattr(self._answer, "close"):
            self._answer.close()


def _first(pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield piece
        return
