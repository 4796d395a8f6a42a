"""What a request's head must not be: a proxy in front might read it otherwise than we do, and end it elsewhere."""

import re
from email import errors
from email.message import Message
from http import HTTPStatus
from typing import Any

TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110, section 5.1
# Of those a second one is another length, another body or another host. Of all others the values are joined.
ONCE = ("content-length", "transfer-encoding", "host", "content-type")
LENGTH_MAX_DIGITS = 18  # a million terabytes; numbers of thousands of digits Python does not even read
NO_HEADER = (
    errors.FirstHeaderLineIsContinuationDefect,
    errors.InvalidHeaderDefect,
    errors.MisplacedEnvelopeHeaderDefect,
    errors.MissingHeaderBodySeparatorDefect,
)


class BadLine(Exception):
    """A line of a head holds what ends lines elsewhere."""


class Lines:
    """The lines of a head, from a file."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def readline(self, size: int = -1) -> bytes:
        """The next one. Raises BadLine."""
        line: bytes = self._file.readline(size)
        # Python ends a line at a bare return or a bare feed as well, and a header would begin there that no proxy saw.
        is_bare = line.endswith(b"\n") and not line.endswith(b"\r\n")
        if is_bare or b"\r" in line.removesuffix(b"\n").removesuffix(b"\r") or b"\0" in line:
            raise BadLine
        return line


def fault_of(headers: Message) -> HTTPStatus | None:
    """Why a request with this head is refused, and its connection closed; None when it is sound."""
    # A line that is no header: what follows it would be dropped without a word. (Other defects are of mail.)
    if headers.get_unixfrom() is not None or any(isinstance(each, NO_HEADER) for each in headers.defects):
        return HTTPStatus.BAD_REQUEST
    for name, value in headers.items():
        # A line that goes on in the next was given up long ago: some still join the two.
        if not TOKEN.fullmatch(name) or "\r" in value or "\n" in value:
            return HTTPStatus.BAD_REQUEST
    if any(len(headers.get_all(name, [])) > 1 for name in ONCE):
        return HTTPStatus.BAD_REQUEST
    length = headers.get("Content-Length")
    if length is not None and not (length.isascii() and length.isdecimal() and len(length) <= LENGTH_MAX_DIGITS):
        return HTTPStatus.BAD_REQUEST
    if "Transfer-Encoding" in headers:
        # Browsers know how long it is what they send; without a length nobody can refuse it before it has come.
        return HTTPStatus.BAD_REQUEST if length is not None else HTTPStatus.LENGTH_REQUIRED
    return None
