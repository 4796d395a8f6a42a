"""What is told a moment later is told: soon when there is news, and whatever else fails."""

import threading

import pytest
from flask import Flask, current_app

from chatapp.realtime import pulse
from chatapp.realtime.pulse import Pulse
from tests.together import PATIENCE_SECONDS


def test_news_are_told_soon_and_within_the_application(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "IDLE_SECONDS", 600.0)
    told = threading.Event()
    names: list[str] = []

    def part() -> None:
        names.append(current_app.name)
        told.set()

    own = Pulse(app, [part])
    own.start()
    own.soon()
    assert told.wait(PATIENCE_SECONDS)
    own.stop()
    assert set(names) == {app.name}


def test_without_news_it_goes_on_so_that_leases_end(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IDLE_SECONDS", "BREATH_SECONDS"):
        monkeypatch.setattr(pulse, name, 0.01)
    often = threading.Semaphore(0)
    own = Pulse(app, [often.release])
    own.start()
    assert all(often.acquire(timeout=PATIENCE_SECONDS) for _ in range(3))
    own.stop()


def test_a_part_that_fails_keeps_no_other_from_being_called(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    called: list[str] = []

    def fail() -> None:
        raise RuntimeError("a bug")

    Pulse(app, [fail, lambda: called.append("next")]).once()
    assert called == ["next"]
    assert [record.getMessage() for record in caplog.records] == ["pulse failed"]


def test_the_end_is_told_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "IDLE_SECONDS", 600.0)
    called: list[str] = []
    own = Pulse(app, [lambda: called.append("told")])
    own.stop()
    assert called == []
    own.start()
    own.stop()
    assert called
