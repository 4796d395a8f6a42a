"""The numbers of a worker at one moment, and those of several as one."""

from collections.abc import Iterable
from typing import Any

from flask import Flask

from chatapp.config import Settings
from chatapp.counters import Counters, Timings
from chatapp.extensions import socketio
from chatapp.metrics.catalogue import METRICS, Kind
from chatapp.realtime.connections import connections

# By the key of the metric: a number, or of a histogram its counts with the sum of the seconds behind them.
Snapshot = dict[str, float | list[float]]


def taken(app: Flask, settings: Settings, counters: Counters, *, peak_seconds: float) -> Snapshot:
    """Those of this worker, now."""
    bus, pool = app.extensions["chatapp_bus"], app.extensions["chatapp_engine"].pool
    return {
        "chatapp_workers": 1,
        "chatapp_connections": len(connections),
        "chatapp_people": len(connections.user_ids()),
        "chatapp_deliveries": counters.deliveries,
        "chatapp_delivery_seconds": _histogram(counters.delivering),
        "chatapp_post_seconds": _histogram(counters.posting),
        "chatapp_hub_lag_seconds": _histogram(counters.hub_lag),
        "chatapp_hub_lag_peak_seconds": peak_seconds,
        "chatapp_queue_bytes": _queue_bytes(),
        "chatapp_outbox_waiting": app.extensions["chatapp_outbox"].waiting,
        "chatapp_bus_connected": int(bus.is_connected),
        "chatapp_bus_used": int(bus.is_used),
        "chatapp_bus_queue_bytes": bus.waiting_bytes,
        "chatapp_bus_forged": bus.forged,
        "chatapp_bus_overflowed": bus.overflowed,
        "chatapp_fills": counters.fills,
        "chatapp_sync_pages": counters.sync_pages,
        "chatapp_database_connections_in_use": pool.checkedout() + app.extensions["chatapp_statements"].in_use,
        "chatapp_database_connections_allowed": settings.database_pool_size,
        **{f"chatapp_requests:{digit}xx": counters.requests[digit] for digit in range(1, 6)},
    }


def together(snapshots: Iterable[Snapshot]) -> Snapshot:
    """Those of several workers as one; what one of them does not have counts nothing."""
    found: Snapshot = {}
    for snapshot in snapshots:
        for metric in METRICS:
            if (value := snapshot.get(metric.key)) is not None:
                found[metric.key] = _joined(found.get(metric.key), value, largest=metric.kind is Kind.PEAK)
    return found


def what_stays(snapshot: Snapshot) -> Snapshot:
    """What is true of a worker also when it has ended."""
    return {metric.key: snapshot[metric.key] for metric in METRICS if _stays(metric.key, snapshot, metric.kind)}


def _stays(key: str, snapshot: Snapshot, kind: Kind) -> bool:
    return key in snapshot and kind in (Kind.COUNTER, Kind.HISTOGRAM)


def _joined(one: Any, other: Any, *, largest: bool) -> float | list[float]:
    if one is None:
        found: float | list[float] = other
    elif isinstance(other, list):
        found = [a + b for a, b in zip(one, other, strict=True)]
    else:
        found = max(one, other) if largest else one + other
    return found


def _histogram(timings: Timings) -> list[float]:
    return [*timings.counts, timings.seconds]


def _queue_bytes() -> int:
    # Where Engine.IO has queues of its own, in tests, nobody counts.
    sockets = list(socketio.server.eio.sockets.values())
    return sum(getattr(socket.queue, "waiting_bytes", 0) for socket in sockets)
