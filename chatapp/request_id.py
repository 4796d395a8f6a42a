"""Which request this is: what its log lines, its answer and its error page have in common."""

from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """The id of the request that is answered here just now, or nothing."""
    return _current.get()


def begin_request(given: str) -> None:
    """From here on, in this greenlet, everything belongs to that request."""
    _current.set(given)


def end_request() -> None:
    """What follows belongs to none."""
    _current.set("")
