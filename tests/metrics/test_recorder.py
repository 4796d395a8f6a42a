"""A worker that writes its numbers down."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from chatapp.config import Settings
from chatapp.counters import Counters
from chatapp.metrics import recorder
from chatapp.metrics.recorder import Recorder
from tests.together import eventually


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks often."""
    monkeypatch.setattr(recorder, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(recorder, "LOOKS", 2)


def recorder_of(app: Flask, settings: Settings, folder: Path, number: int = 1, *, is_wanted: bool = True) -> Recorder:
    changes = {"metrics_folder": str(folder), "worker_number": number, "metrics_token": "t" if is_wanted else ""}
    return Recorder(app, replace(settings, **changes))  # type: ignore[arg-type]


def test_two_workers_know_each_others_numbers(app: Flask, settings: Settings, tmp_path: Path) -> None:
    one, two = (recorder_of(app, settings, tmp_path, number) for number in (1, 2))
    one.start()
    two.start()
    eventually(lambda: one.all_workers()["chatapp_workers"] == two.all_workers()["chatapp_workers"] == 2)
    one.stop()
    two.stop()


def test_a_worker_that_is_started_again_goes_on_counting(app: Flask, settings: Settings, tmp_path: Path) -> None:
    first = recorder_of(app, settings, tmp_path)
    first.start()
    first.stop()
    # In one process it counts twice what this process has counted; in production the second begins at nothing.
    second = recorder_of(app, settings, tmp_path)
    second.start()
    requests = first.all_workers()["chatapp_requests:2xx"]
    assert second.all_workers()["chatapp_requests:2xx"] == 2 * requests  # type: ignore[operator]
    assert second.all_workers()["chatapp_workers"] == 1
    second.stop()


def test_no_sum_falls_when_a_worker_is_killed(
    app: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "LOOK_SECONDS", 3_600)  # it is killed before it writes by itself
    counters = Counters()
    monkeypatch.setattr(recorder, "counters", counters)
    killed = recorder_of(app, settings, tmp_path)
    killed.start()
    counters.requests[2] += 300
    shown = killed.all_workers()["chatapp_requests:2xx"]

    # Nobody stops it. Another asks, and then the one that comes in its place, which has counted nothing.
    other = recorder_of(app, settings, tmp_path, 2).all_workers()
    monkeypatch.setattr(recorder, "counters", Counters())
    next_one = recorder_of(app, settings, tmp_path)
    next_one.start()

    assert shown == 300
    assert other["chatapp_requests:2xx"] == 600, "300 of the one that was killed, and those of this process once more"
    assert next_one.all_workers()["chatapp_requests:2xx"] == 600, "and the next one goes on from there"


def test_who_is_asked_before_its_start_knows_already_what_was_counted(
    app: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counters = Counters()
    monkeypatch.setattr(recorder, "counters", counters)
    counters.requests[2] += 300
    first = recorder_of(app, settings, tmp_path)
    first.start()
    first.stop()
    monkeypatch.setattr(recorder, "counters", Counters())
    second = recorder_of(app, settings, tmp_path)
    assert second.all_workers()["chatapp_requests:2xx"] == 300
    second.start()
    assert second.all_workers()["chatapp_requests:2xx"] == 300
    second.stop()


def test_one_that_has_left_holds_nothing_any_more(app: Flask, settings: Settings, tmp_path: Path) -> None:
    leaving, staying = (recorder_of(app, settings, tmp_path, number) for number in (1, 2))
    leaving.start()
    staying.start()
    eventually(lambda: staying.all_workers()["chatapp_workers"] == 2)
    leaving.stop()
    now = staying.all_workers()
    assert now["chatapp_workers"] == 1
    assert now["chatapp_database_connections_allowed"] == settings.database_pool_size
    staying.stop()


def test_without_a_token_nothing_is_written(app: Flask, settings: Settings, tmp_path: Path) -> None:
    silent = recorder_of(app, settings, tmp_path, is_wanted=False)
    silent.start()
    silent.stop()
    assert list(tmp_path.iterdir()) == []


def test_a_hub_that_was_held_up_is_seen(
    app: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = recorder_of(app, settings, tmp_path)
    real = time.sleep
    monkeypatch.setattr(recorder.time, "sleep", lambda seconds: real(seconds + 0.2))
    late.start()
    eventually(lambda: late.all_workers()["chatapp_hub_lag_peak_seconds"] >= 0.2)  # type: ignore[operator]
    late.stop()


def test_a_full_disk_ends_nothing(
    app: Flask, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lost = recorder_of(app, settings, tmp_path / "gone")
    lost.start()
    eventually(lambda: "numbers not written error=FileNotFoundError" in caplog.text)
    assert lost.all_workers()["chatapp_workers"] == 1
    lost.stop()
