"""Where the log goes: standard output, one line per fact. As JSON for machines, `key=value` for who reads along.

A line is written as `logger.warning("bus down error=%s tries=%s", ...)`: what stands before the first key is the name
of the event, and JSON has the values under their keys.
"""

import json
import logging
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from traceback import format_tb, walk_tb
from types import TracebackType

from chatapp.config import ConfigError
from chatapp.request_id import request_id

# These two log every payload at INFO, messages and all, and among their errors what clients made up.
PAYLOAD_LOGGERS = ("engineio.server", "socketio.server")
OURS = "chatapp"
JSON, TEXT = "json", "text"

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

KEY = re.compile(r" (\w+)=(%[-+ #0-9.]*[a-z])")
_as_json = json.JSONEncoder(separators=(",", ":"), default=str).encode


def configure(process: str, log_format: str) -> None:
    """Log to standard output from now on, each line with `process` in it; libraries only when they warn.

    Raises ConfigError for another LOG_FORMAT than json and text; an empty one is text on a terminal.
    """
    chosen = log_format or (TEXT if sys.stdout.isatty() else JSON)
    if chosen not in (JSON, TEXT):
        raise ConfigError("LOG_FORMAT must be json or text, or empty: then it is text on a terminal")
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines(process) if chosen == JSON else TextLines(process))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger(OURS).setLevel(logging.INFO)
    for name in PAYLOAD_LOGGERS:
        logging.getLogger(name).setLevel(logging.ERROR)
        logging.getLogger(name).addFilter(_is_fault_of_ours)


class JsonLines(logging.Formatter):
    """One object a line: time, level, process, logger, event, then the fields. In ASCII, so nothing ends a line early.

    Nothing that anybody typed gets in by an error: of an error there is its name and where it happened, not its words.
    Of what libraries say there is the sentence without its values.
    """

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "process": self._process,
            "logger": record.name,
        }
        line |= fields_of(record)
        if found := request_id():
            line["request"] = found
        if record.exc_info and record.exc_info[1] is not None:
            line |= error_fields(record.exc_info[1])
        return _as_json(line)


def fields_of(record: logging.LogRecord) -> dict[str, object]:
    """The event and its values."""
    template = str(record.msg)
    if not (record.name == OURS or record.name.startswith(f"{OURS}.")):
        return {"event": template}
    event, keys = parts_of(template)
    values = record.args if isinstance(record.args, tuple) else ()
    if len(keys) != len(values):
        return {"event": record.getMessage()}
    return {"event": event, **dict(zip(keys, map(_plain, values), strict=True))}


@cache  # as many as there are places that log
def parts_of(template: str) -> tuple[str, tuple[str, ...]]:
    """The name of an event, and the keys of its values, as a line is written."""
    first = KEY.search(template)
    event = template[: first.start()] if first else template
    return event, tuple(key for key, _ in KEY.findall(template))


def error_fields(error: BaseException) -> dict[str, object]:
    """What kind of error it was, where it happened, and what it came from."""
    frames = [
        f"{frame.f_code.co_filename}:{line} {frame.f_code.co_name}" for frame, line in walk_tb(error.__traceback__)
    ]
    found: dict[str, object] = {"exception": type(error).__qualname__, "trace": frames}
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found | ({"cause": error_fields(cause)} if cause else {})


def _plain(value: object) -> object:
    if isinstance(value, float):
        return round(value, 3)
    return value if isinstance(value, int | str | None) else str(value)


class TextLines(logging.Formatter):
    """`key=value` for who reads along. Of an error there is its kind and where it happened here too, not its words."""

    def __init__(self, process: str) -> None:
        super().__init__(f"level=%(levelname)s process={process} logger=%(name)s %(message)s")

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802 - logging's name
        """What came from what, the first cause first."""
        return "\n".join(_told(ei[1])) if ei[1] is not None else ""


def _told(error: BaseException) -> Iterator[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _told(cause)
    yield "Traceback (most recent call last):"
    # Lines of our code, and no values.
    yield "".join(format_tb(error.__traceback__)).rstrip("\n")
    yield type(error).__qualname__


def _is_fault_of_ours(record: logging.LogRecord) -> bool:
    # Else it is a sentence on a request, with what stood in it: "Invalid session <whatever they sent>".
    return record.exc_info is not None
