"""What is measured of servers that need no database, and what is said where one cannot be measured."""

import resource
import socket
from pathlib import Path

import pytest

from bench.contenders import node
from bench.contenders.raw import Raw
from bench.contenders.stock import Stock
from bench.descriptors import allow_connections
from bench.load.generator import Generator
from bench.measure import Bench, Options
from bench.results import Case, Results

SHORT = Options(servers=("raw",), members=(5,), senders=(1,), idle=(10, 20), storm=20, rounds=2, seconds=0.1)
SHORT_ROOMS = (3, 4)


def run(options: Options) -> Results:
    return Bench(options, lambda _words: None).run()


def test_every_workload_of_one_worker_is_measured() -> None:
    short = Options(**{**vars(SHORT), "only": ("W1", "W2", "W3", "W4"), "many_rooms": SHORT_ROOMS})
    results = run(short)
    one_room, many_rooms = Case("W1", 1, 5, 1, "raw"), Case("W2", *SHORT_ROOMS, 1, "raw")
    assert {case: len(samples) for case, samples in results.samples.items()} == {one_room: 2, many_rooms: 2}
    assert all(each.talk.deliveries == each.talk.messages * 4 > 0 for each in results.samples[many_rooms])
    assert not results.wrongs_of("raw")
    assert set(results.kib) == {("raw", 10), ("raw", 20)}
    assert results.empty_mib["raw"] > 5
    assert len(results.connect_ms["raw"]) == 1


def test_where_there_is_no_socket_io_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(node, "PACKAGES", tmp_path / "node_modules")
    results = run(Options(**{**vars(SHORT), "only": ("W1",), "servers": ("raw", "node")}))
    assert {case.server for case in results.samples} == {"raw"}
    (note,) = results.notes
    assert note.startswith("node is missing: ")


def test_the_others_are_measured_where_one_cannot_bear_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = listener.getsockname()[1]
    monkeypatch.setattr(Raw, "start", lambda raw: raw.ports.append(closed))
    results = run(Options(**{**vars(SHORT), "only": ("W3", "W4"), "servers": ("raw", "stock")}))
    assert (results.given_up, set(results.connect_ms)) == ({"raw": 2}, {"stock"})
    assert [note[:18] for note in results.notes] == ["W3 of raw was give", "W4 of raw was give"]


def test_stock_relays_to_everybody_in_the_room_and_goes_when_it_is_told() -> None:
    with Stock() as stock, Generator(stock.ports, stock.dialect) as generator:
        pids = list(stock.pids)
        generator.connect(stock.places(1, 5))
        talk = generator.talk(0.2, 2)
    assert talk.deliveries == talk.messages * 5 > 0
    assert not talk.wrongs
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_fewer_files_allow_fewer_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = [100, 400]
    monkeypatch.setattr(resource, "getrlimit", lambda _: tuple(limits))
    monkeypatch.setattr(resource, "setrlimit", lambda _, new: limits.__setitem__(slice(None), new))
    assert (allow_connections(75), limits) == (75, [101, 400])
    assert (allow_connections(1000), limits) == (300, [400, 400])


def test_a_limit_that_is_too_low_is_said_and_kept_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.measure.allow_connections", lambda wanted: min(wanted, 15))
    results = run(Options(**{**vars(SHORT), "only": ("W3", "W4")}))
    assert set(results.kib) == {("raw", 10)}
    (note,) = results.notes
    assert note.startswith("no more than 15 connections")
