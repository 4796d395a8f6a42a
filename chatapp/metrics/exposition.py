"""Numbers as OpenMetrics text."""

from collections.abc import Iterable
from itertools import accumulate, groupby

from chatapp.counters import BOUNDS_SECONDS
from chatapp.metrics.catalogue import METRICS, Kind, Metric
from chatapp.metrics.snapshot import Snapshot


def hold_library() -> None:
    """Import what writes the text: an update may change it on the disk under a server that runs."""
    # In functions and not above: nobody pays for it who has no monitoring.
    import prometheus_client.core
    import prometheus_client.openmetrics.exposition  # noqa: F401


def exposition(snapshot: Snapshot) -> bytes:
    """The text that a monitoring reads."""
    from prometheus_client.openmetrics.exposition import generate_latest
    from prometheus_client.registry import CollectorRegistry

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(snapshot))  # type: ignore[arg-type]  # it asks for a class of its own
    text: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
    return text


class _Collector:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def collect(self) -> Iterable[object]:
        """The families, as the library calls what has one name."""
        known = [metric for metric in METRICS if metric.key in self._snapshot]
        for _, parts in groupby(known, key=lambda metric: metric.name):
            yield self._family(list(parts))

    def describe(self) -> Iterable[object]:
        """Nothing: all is known when it is collected."""
        return ()

    def _family(self, parts: list[Metric]) -> object:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

        first = parts[0]
        value = self._snapshot[first.key]
        if first.kind is Kind.HISTOGRAM and isinstance(value, list):
            return HistogramMetricFamily(first.name, first.help, buckets=_buckets(value[:-1]), sum_value=value[-1])
        family_type = CounterMetricFamily if first.kind is Kind.COUNTER else GaugeMetricFamily
        family = family_type(first.name, first.help, labels=[first.label[0]] if first.label else [])
        for part in parts:
            family.add_metric([part.label[1]] if part.label else [], self._snapshot[part.key])  # type: ignore[arg-type]
        return family


def _buckets(counts: list[float]) -> list[tuple[str, float]]:
    bounds = [*map(str, BOUNDS_SECONDS), "+Inf"]
    return list(zip(bounds, accumulate(counts), strict=True))
