"""Every metric: its name, what it says, and how those of several workers become one."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What becomes of the numbers of several workers."""

    COUNTER = "counter"  # added up, with those of workers that ended
    GAUGE = "gauge"  # added up, of those that live
    PEAK = "peak"  # the largest, of those that live
    HISTOGRAM = "histogram"  # added up, with those of workers that ended


@dataclass(frozen=True)
class Metric:
    """One of them, or with a label a part of one: its name, and what it is for this part."""

    name: str
    kind: Kind
    help: str
    label: tuple[str, str] | None = None

    @property
    def key(self) -> str:
        """What tells it from all others."""
        return f"{self.name}:{self.label[1]}" if self.label else self.name


_REQUESTS = tuple(
    Metric("chatapp_requests", Kind.COUNTER, "Requests by HTTP that were answered.", ("status", f"{digit}xx"))
    for digit in range(1, 6)
)

METRICS = (
    Metric("chatapp_workers", Kind.GAUGE, "Workers that live."),
    Metric("chatapp_connections", Kind.GAUGE, "Sockets of people who are signed in."),
    Metric("chatapp_people", Kind.GAUGE, "People with a socket; who has one on two workers counts twice."),
    Metric("chatapp_deliveries", Kind.COUNTER, "Frames written, one for each connection that gets one."),
    Metric("chatapp_delivery_seconds", Kind.HISTOGRAM, "From the frame being made to the last of its connections."),
    Metric("chatapp_post_seconds", Kind.HISTOGRAM, "Posting a message, until it is committed."),
    Metric("chatapp_hub_lag_seconds", Kind.HISTOGRAM, "How much later than asked for a greenlet had its turn."),
    Metric("chatapp_hub_lag_peak_seconds", Kind.PEAK, "The longest of these in the last seconds."),
    Metric("chatapp_queue_bytes", Kind.GAUGE, "Bytes that wait for browsers which do not read them."),
    Metric("chatapp_outbox_waiting", Kind.GAUGE, "Announcements that are committed and not told yet."),
    Metric("chatapp_bus_connected", Kind.GAUGE, "Workers that hear the others by Redis."),
    Metric("chatapp_bus_used", Kind.GAUGE, "Workers that have a REDIS_URL."),
    Metric("chatapp_bus_queue_bytes", Kind.GAUGE, "Bytes that wait for Redis."),
    Metric("chatapp_bus_forged", Kind.COUNTER, "Frames on Redis that were not signed by us."),
    Metric("chatapp_bus_overflowed", Kind.COUNTER, "Frames for Redis that found no more room."),
    Metric("chatapp_fills", Kind.COUNTER, "Gaps in a room that a worker read from the database."),
    Metric("chatapp_sync_pages", Kind.COUNTER, "Pages of changes that browsers had missed."),
    Metric("chatapp_database_connections_in_use", Kind.GAUGE, "Connections to the database at work."),
    Metric("chatapp_database_connections_allowed", Kind.GAUGE, "Connections to the database that workers may have."),
    *_REQUESTS,
)
