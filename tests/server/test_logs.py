"""What a line of the log is, and what never stands in one."""

import ast
import io
import json
import logging
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from chatapp.config import ConfigError
from chatapp.request_id import begin_request, end_request
from chatapp.server import logs
from tests.setup.clone import ROOT

RESERVED = {"time", "level", "process", "logger", "event", "request", "exception", "trace", "cause"}
SENTENCES = {"chatapp serves on %s with %d worker%s"}  # for who started it at a terminal; whole in the event
WORDS = "canary: what somebody wrote"


@pytest.fixture(autouse=True)
def levels() -> Iterator[None]:
    """What is chosen here is for these tests alone."""
    loggers = [logging.getLogger(name) for name in (None, logs.OURS, *logs.PAYLOAD_LOGGERS)]
    before = [each.level for each in loggers]
    yield
    for each, level in zip(loggers, before, strict=True):
        each.setLevel(level)


@pytest.fixture
def ours() -> Iterator[logging.Logger]:
    """A logger of ours."""
    found = logging.getLogger("chatapp.tests")
    yield found
    end_request()


def line_of(logger: logging.Logger, level: int, message: object, *values: object, **more: Any) -> dict[str, Any]:
    """What becomes of a record."""
    record = logger.makeRecord(logger.name, level, __file__, 1, message, values, more.get("exc_info"))
    line = logs.JsonLines("worker-1").format(record)
    assert "\n" not in line
    found: dict[str, Any] = json.loads(line)
    return found


def test_a_line_has_its_time_its_place_and_the_values_under_their_keys(ours: logging.Logger) -> None:
    line = line_of(ours, logging.WARNING, "bus down error=%s tries=%s seconds=%.1f", "TimeoutError", 3, 1.23456)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line.pop("time"))
    assert line == {
        "level": "WARNING", "process": "worker-1", "logger": "chatapp.tests", "event": "bus down",
        "error": "TimeoutError", "tries": 3, "seconds": 1.235,
    }  # fmt: skip


def test_a_line_of_a_request_has_its_id(ours: logging.Logger) -> None:
    begin_request("abc")
    assert line_of(ours, logging.INFO, "bus up")["request"] == "abc"
    end_request()
    assert "request" not in line_of(ours, logging.INFO, "bus up")


@pytest.mark.asvs("16.4.1")
@pytest.mark.parametrize("evil", ["a\r\nb", "\u2028", "\x1b[2J", '"}', "\ud800"])
def test_nothing_ends_a_line_early_or_reaches_a_terminal(ours: logging.Logger, evil: str) -> None:
    record = ours.makeRecord(ours.name, logging.INFO, __file__, 1, "said word=%s", (evil,), None)
    line = logs.JsonLines("master").format(record)
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["word"] == evil


def test_of_an_error_there_is_its_kind_and_its_place_but_not_its_words(ours: logging.Logger) -> None:
    def inner() -> None:
        raise ValueError(WORDS)

    try:
        try:
            inner()
        except ValueError as error:
            raise RuntimeError(WORDS) from error
    except RuntimeError:
        line = line_of(ours, logging.ERROR, "request failed", exc_info=sys.exc_info())
    assert line["exception"] == "RuntimeError"
    assert line["cause"]["exception"] == "ValueError"
    assert line["cause"]["trace"][-1].endswith(" inner")
    assert "canary" not in json.dumps(line)


def test_as_text_too_there_is_its_kind_and_its_place_but_not_its_words(ours: logging.Logger) -> None:
    def inner() -> None:
        raise ValueError(WORDS)

    try:
        try:
            inner()
        except ValueError as error:
            raise RuntimeError(WORDS) from error
    except RuntimeError:
        record = ours.makeRecord(ours.name, logging.ERROR, __file__, 1, "request failed", (), sys.exc_info())
    lines = logs.TextLines("worker-1").format(record).splitlines()
    assert lines[0].endswith("request failed")
    assert [line for line in lines if not line.startswith(" ")][1:] == [
        "Traceback (most recent call last):", "ValueError", "Traceback (most recent call last):", "RuntimeError"
    ]  # fmt: skip
    assert any(line.endswith(" in inner") for line in lines)
    assert "canary" not in "\n".join(lines)


SAID_BY_LIBRARIES = """
import logging
from chatapp.server import logs
logs.configure("worker-1", FORMAT)
for name in logs.PAYLOAD_LOGGERS:
    logging.getLogger(name).error("Invalid session canary")
    try:
        raise ValueError("canary")
    except ValueError:
        logging.getLogger(name).exception("message handler error")
"""


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_what_a_client_made_up_is_no_line_of_a_library(log_format: str) -> None:
    # In a process of its own: it says for good where all loggers go.
    program = SAID_BY_LIBRARIES.replace("FORMAT", repr(log_format))
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "canary" not in run.stdout + run.stderr
    assert run.stdout.count("message handler error") == 2


def test_of_a_library_there_is_the_sentence_without_its_values() -> None:
    line = line_of(logging.getLogger("sqlalchemy.pool"), logging.ERROR, "Exception during reset of %r", WORDS)
    assert line["event"] == "Exception during reset of %r"


@pytest.mark.parametrize(
    ("wanted", "is_terminal", "kind"),
    [("", False, "JsonLines"), ("", True, "TextLines"), ("json", True, "JsonLines"), ("text", False, "TextLines")],
)
def test_it_is_json_unless_somebody_reads_along(
    monkeypatch: pytest.MonkeyPatch, wanted: str, is_terminal: bool, kind: str
) -> None:
    chosen: list[logging.Handler] = []
    monkeypatch.setattr(logging, "basicConfig", lambda **options: chosen.extend(options["handlers"]))
    monkeypatch.setattr(sys, "stdout", Terminal(is_terminal=is_terminal))
    logs.configure("master", wanted)
    assert type(chosen[0].formatter).__name__ == kind


def test_another_format_is_refused() -> None:
    with pytest.raises(ConfigError, match="LOG_FORMAT"):
        logs.configure("master", "xml")


class Terminal(io.StringIO):
    """Standard output, which is one or is none."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


def templates() -> set[str]:
    """Every sentence that chatapp logs."""
    found = set()
    for path in [*(ROOT / "chatapp").rglob("*.py"), ROOT / "wsgi.py"]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("logger."):
                assert isinstance(node.args[0], ast.Constant | ast.Name), ast.unparse(node)
                if isinstance(node.args[0], ast.Constant):
                    found.add(str(node.args[0].value))
    return found


def test_every_line_of_ours_has_an_event_and_keys() -> None:
    assert len(templates()) > 50
    for template in templates() - SENTENCES:
        event, keys = logs.parts_of(template)
        assert "%" not in event, template
        assert "=" not in event, template
        assert template.count("%") == len(keys), template
        assert len({*keys} - RESERVED) == len(keys), template


def test_a_line_takes_less_than_30_microseconds(ours: logging.Logger) -> None:
    lines = logs.JsonLines("worker-1")
    began, count = time.process_time(), 5_000
    for _ in range(count):
        values = ("GET", "/rooms/<int:room_id>", "200", 12.3456, 7)
        template = "request method=%s rule=%s status=%s ms=%.1f person=%s"
        lines.format(ours.makeRecord(ours.name, logging.INFO, __file__, 1, template, values, None))
    assert (time.process_time() - began) / count < 30e-6
