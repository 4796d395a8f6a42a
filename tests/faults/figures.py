"""The figures of one run: how long things took, read from what happened while it struck and from the calm before."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from tests.faults.arena import Arena
from tests.faults.clients.client import Client
from tests.faults.clients.outsider import OUTSIDERS
from tests.faults.faults import Limit
from tests.faults.history import Event
from tests.faults.measures import (
    Wait,
    busiest,
    counts,
    delays,
    percentile,
    posts_acked,
    returns_after,
    to_everyone,
    waits,
)
from tests.faults.scribe import SCRIBE

CALM_MIN = 200  # acks; of fewer the slowest hundredth is one ack, or none, and says nothing of what is normal

BUSIEST = {"busiest quarter second": 0.25, "busiest second": 1.0, "busiest three seconds": 3.0}

Figures = dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Times:
    """When the calm began, the first strike and the mending, by the clock of the history."""

    calm: float
    strikes: float
    mended: float


def figures_of(history: list[Event], arena: Arena, at: Times) -> Figures:
    """Every figure by its name in the report. Times of those whose own wire was broken do not count."""
    found = [wait for wait in waits(history) if _is_unhurt(wait.client, arena)]
    return measured(
        {
            **_counts([event for event in history if event.client != SCRIBE], arena, at.strikes, at.mended),
            **ack_times(found, at),
            **_other_rooms(found, arena, at),
            **_delays(history, arena),
            **{name: busiest(returns_after(history, arena.restarts), width) for name, width in BUSIEST.items()},
            "reconnect p99 s": percentile(_reconnects(arena), 0.99),
            **arena.facts,
        }
    )


def measured(figures: Figures) -> Figures:
    """Those that are numbers: of what never happened there is no time."""
    return {name: value for name, value in figures.items() if not math.isnan(value)}


def missed(limits: Iterable[Limit], figures: Figures) -> list[str]:
    """What is above its limit, or was not measured: nobody can say that it was reached."""
    return [
        f"{limit.name}: {figures[limit.name]:.2f} > {limit.most:g}"
        if limit.name in figures
        else f"{limit.name}: not measured"
        for limit in limits
        if not figures.get(limit.name, math.inf) <= limit.most
    ]


def _counts(history: list[Event], arena: Arena, struck_at: float, mended_at: float) -> Figures:
    """Of a history without the scribe: what was written past the server, no server acked."""
    done, clients = counts(history), arena.crowd.clients
    return {
        "acked": posts_acked(history, struck_at, mended_at),
        "acks": done["Acked"],
        "duplicate acks": done["duplicate acks"],
        "refused": done["Refused"],
        "told to wait": sum(client.writer.told_to_wait for client in clients),
        "fills": sum(client.reader.fills for client in clients),
        "largest page": max((client.reader.largest_page for client in clients), default=0),
        "repeats": sum(copy.repeats for client in clients for copy in client.reader.copies.values()),
        "deaths": sum(len(worker.server.log.split("worker ended")) - 1 for worker in arena.cluster.workers),
    }


def ack_times(found: list[Wait], at: Times) -> Figures:
    """How long acks took while it struck and in the calm, and how much longer at the worst than is normal."""
    calm, hard = _between(found, at.calm, at.strikes), _between(found, at.strikes, at.mended)
    return {
        "p50 ack ms": 1000 * percentile([wait.seconds for wait in hard], 0.5),
        "p99 ack ms": 1000 * _p99(hard),
        "p99 calm ms": 1000 * _p99(calm),
        "p99 ratio": _p99(hard) / (_p99(calm) if len(calm) >= CALM_MIN else math.nan),
    }


def _other_rooms(found: list[Wait], arena: Arena, at: Times) -> Figures:
    if not arena.locked_room:
        return {}
    # A socket's events are answered one after the other: who writes in the locked room too must wait with it.
    elsewhere = {client.number for client in arena.crowd.clients if arena.locked_room not in client.reader.copies}
    told_by = [wait for wait in found if wait.began < at.strikes or wait.client in elsewhere]
    return {"other rooms p99 ratio": ack_times(told_by, at)["p99 ratio"]}


def _between(found: list[Wait], since: float, until: float) -> list[Wait]:
    return [wait for wait in found if since <= wait.began < until]


def _delays(history: list[Event], arena: Arena) -> Figures:
    live = [each for each in delays(history) if _is_unhurt(each.client, arena)]
    return {
        "p50 delay ms": 1000 * percentile([each.seconds for each in live], 0.5),
        "p50 write to everyone ms": 1000 * percentile(to_everyone(history), 0.5),
        "worst delay s": max((each.seconds for each in live), default=math.nan),
        "other worker s": max((each.seconds for each in live if each.is_other_worker), default=math.nan),
    }


def _reconnects(arena: Arena) -> list[float]:
    unhurt: list[Client] = [client for client in arena.crowd.clients if _is_unhurt(client.number, arena)]
    return [seconds for client in unhurt for seconds in client.reconnect_seconds[1:]]


def _is_unhurt(client: int, arena: Arena) -> bool:
    return client < OUTSIDERS and client not in arena.victims


def _p99(found: Iterable[Wait]) -> float:
    return percentile([wait.seconds for wait in found], 0.99)
