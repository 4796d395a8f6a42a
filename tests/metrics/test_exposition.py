"""The numbers as a monitoring reads them, and the dashboard that shows them."""

import json
import re

import pytest
from flask import Flask
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from chatapp.config import Settings
from chatapp.counters import Counters
from chatapp.metrics.catalogue import METRICS, Kind
from chatapp.metrics.exposition import exposition
from chatapp.metrics.snapshot import taken
from tests.setup.clone import ROOT

DASHBOARD = json.loads((ROOT / "docs" / "grafana.json").read_text())
SUFFIXES = {Kind.COUNTER: ("_total",), Kind.HISTOGRAM: ("_bucket", "_count", "_sum"), Kind.GAUGE: ("",)}


def read(text: bytes) -> dict[str, float]:
    """Every line of it, by its name with its labels, as Prometheus would read it."""
    families = text_string_to_metric_families(text.decode())
    return {f"{sample.name}{sample.labels or ''}": sample.value for family in families for sample in family.samples}


def test_every_metric_of_the_catalogue_comes_out(app: Flask, settings: Settings) -> None:
    lines = read(exposition(taken(app, settings, Counters(), peak_seconds=0.0)))
    for metric in METRICS:
        labels = dict([metric.label]) if metric.label else ""
        suffixes = SUFFIXES.get(metric.kind, ("",))
        found = {suffix for suffix in suffixes for line in lines if line.startswith(f"{metric.name}{suffix}")}
        assert found == set(suffixes), metric.key
        if labels:
            assert f"{metric.name}_total{labels}" in lines


def test_a_histogram_adds_up_its_buckets(app: Flask, settings: Settings) -> None:
    counters = Counters()
    for seconds in (0.002, 0.002, 0.2, 60.0):
        counters.posting.took(seconds)
    lines = read(exposition(taken(app, settings, counters, peak_seconds=0.0)))
    assert lines["chatapp_post_seconds_bucket{'le': '0.001'}"] == 0
    assert lines["chatapp_post_seconds_bucket{'le': '0.0025'}"] == 2
    assert lines["chatapp_post_seconds_bucket{'le': '10.0'}"] == 3
    assert lines["chatapp_post_seconds_bucket{'le': '+Inf'}"] == 4
    assert lines["chatapp_post_seconds_count"] == 4
    assert lines["chatapp_post_seconds_sum"] == pytest.approx(60.204)


def test_the_dashboard_shows_only_what_there_is_and_all_that_matters(app: Flask, settings: Settings) -> None:
    known = {re.sub(r"\{.*", "", line) for line in read(exposition(taken(app, settings, Counters(), peak_seconds=0.0)))}
    asked = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    asked += [each["query"] for each in DASHBOARD["templating"]["list"]]
    named = {name for expression in asked for name in re.findall(r"\bchatapp_\w+", expression)}
    assert named - known == set()
    assert {metric.name for metric in METRICS if not any(name.startswith(metric.name) for name in named)} == set()


def test_the_dashboard_is_ours_alone() -> None:
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    assert all(panel["datasource"]["uid"] == "${datasource}" for panel in DASHBOARD["panels"])
