"""The numbers of a worker, and those of several as one."""

from flask import Flask

from chatapp.actions import history
from chatapp.actions.messages import post_message
from chatapp.config import Settings
from chatapp.counters import Counters, counters
from chatapp.metrics.catalogue import METRICS
from chatapp.metrics.snapshot import Snapshot, taken, together, what_stays
from tests.support import Browser, Cast


def now(app: Flask, settings: Settings) -> Snapshot:
    return taken(app, settings, counters, peak_seconds=0.0)


def number(snapshot: Snapshot, key: str) -> float:
    value = snapshot[key]
    assert isinstance(value, int | float)
    return value


def test_it_has_all_that_the_catalogue_names(app: Flask, settings: Settings) -> None:
    assert set(taken(app, settings, Counters(), peak_seconds=0.0)) == {metric.key for metric in METRICS}


def test_what_people_do_is_counted(app: Flask, cast: Cast, settings: Settings) -> None:
    before = now(app, settings)
    socket = Browser(app, cast.alice).connect()
    Browser(app, cast.alice).get("/nowhere")
    with app.app_context():
        post_message(cast.alice, cast.open_room, "hello")
        history.read_changes(cast.alice, cast.open_room, 0, epoch=None)
    after = now(app, settings)
    assert number(after, "chatapp_connections") == number(before, "chatapp_connections") + 1
    assert number(after, "chatapp_requests:4xx") == number(before, "chatapp_requests:4xx") + 1
    assert number(after, "chatapp_sync_pages") == number(before, "chatapp_sync_pages") + 1
    posts = [sum(snapshot["chatapp_post_seconds"][:-1]) for snapshot in (before, after)]  # type: ignore[index]
    assert posts[1] == posts[0] + 1
    socket.close()
    assert number(now(app, settings), "chatapp_connections") == number(before, "chatapp_connections")


def test_a_connection_that_is_taken_from_the_pool_is_told(app: Flask, settings: Settings) -> None:
    with app.extensions["chatapp_engine"].connect():
        assert number(now(app, settings), "chatapp_database_connections_in_use") == 1
    assert number(now(app, settings), "chatapp_database_connections_in_use") == 0


def test_several_workers_add_up_and_of_peaks_the_largest_counts() -> None:
    one: Snapshot = {"chatapp_connections": 3, "chatapp_hub_lag_peak_seconds": 0.5, "chatapp_post_seconds": [1, 2, 0.5]}
    two: Snapshot = {"chatapp_connections": 4, "chatapp_hub_lag_peak_seconds": 0.1, "chatapp_post_seconds": [0, 1, 1.0]}
    assert together([one, two, {}]) == {
        "chatapp_connections": 7,
        "chatapp_hub_lag_peak_seconds": 0.5,
        "chatapp_post_seconds": [1, 3, 1.5],
    }


def test_of_a_worker_that_ended_stays_what_it_has_done() -> None:
    ended: Snapshot = {"chatapp_connections": 3, "chatapp_deliveries": 9, "chatapp_post_seconds": [1, 2, 0.5]}
    assert what_stays(ended) == {"chatapp_deliveries": 9, "chatapp_post_seconds": [1, 2, 0.5]}
