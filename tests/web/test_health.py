"""Is it alive, and may it be sent people?"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from chatapp import create_app, db
from chatapp.config import Settings
from chatapp.web import health, static_files
from tests.databases import connections_in_use
from tests.support import Browser, another_app


@pytest.fixture(autouse=True)
def browser_client(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine that is set up."""
    monkeypatch.setitem(app.extensions, "chatapp_has_browser_client", True)


def ready(app: Flask) -> tuple[int, list[str]]:
    response = Browser(app).get("/ready")
    return response.status_code, response.get_json()["missing"]


def test_up_asks_no_database(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "chatapp_engine", None)
    response = app.test_client().get("/up")
    assert (response.status_code, response.get_json()) == (200, {"ok": True})


def test_ready_when_all_is_there(app: Flask) -> None:
    response = Browser(app).get("/ready")
    assert response.status_code == 200
    assert {"ok": True, "missing": [], "degraded": False}.items() <= response.get_json().items()


def test_not_ready_without_the_database(app: Flask, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    away = db.make_engine(replace(settings, database_url=AWAY[settings.is_sqlite]))
    monkeypatch.setitem(app.extensions, "chatapp_engine", away)
    assert ready(app) == (503, ["database", "migrations"])


AWAY = {True: "sqlite:////nowhere/at/all.db", False: "postgresql+psycopg2://nobody@127.0.0.1:1/nothing"}


def test_not_ready_before_the_migrations(app: Flask) -> None:
    with app.app_context(), db.transaction() as session:
        version = session.scalar(text("SELECT version_num FROM alembic_version"))
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    try:
        assert ready(app) == (503, ["migrations"])
    finally:
        with app.app_context(), db.transaction() as session:
            session.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_ready_while_the_next_release_has_migrated_already(app: Flask) -> None:
    with app.app_context(), db.transaction() as session:
        known = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        assert ready(app) == (200, [])
    finally:
        with app.app_context(), db.transaction() as session:
            session.execute(text("UPDATE alembic_version SET version_num = :known"), {"known": known})


def test_not_ready_when_there_was_no_browser_client_at_the_start(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(static_files, "BROWSER_CLIENT", tmp_path / "none")
    with another_app(settings) as without:
        assert ready(without) == (503, ["browser_client"])


def test_ready_while_an_update_takes_the_browser_client_from_the_disk(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    client = tmp_path / "client.js"
    client.touch()
    monkeypatch.setattr(static_files, "BROWSER_CLIENT", client)
    with another_app(settings) as running:
        client.unlink()
        assert ready(running) == (200, []), "it serves a copy, where it is"


def test_not_ready_while_draining(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "chatapp_draining", True)
    response = Browser(app).get("/ready")
    assert (response.status_code, response.get_json()["draining"]) == (503, True)
    assert Browser(app).get("/up").status_code == 200


def test_without_redis_it_is_ready_and_says_that_it_is_degraded(settings: Settings) -> None:
    app = create_app(replace(settings, redis_url="redis://127.0.0.1:1/0"))
    response = app.test_client().get("/ready")
    app.extensions["chatapp_engine"].dispose()
    assert (response.status_code, response.get_json()["degraded"]) == (200, True)


TOKEN = "a-token-of-the-tests"


@pytest.fixture
def measured(settings: Settings) -> Iterator[FlaskClient]:
    """A client of an application that has a token."""
    app = create_app(replace(settings, metrics_token=TOKEN))
    yield app.test_client()
    app.extensions["chatapp_engine"].dispose()


def test_who_has_the_token_reads_the_metrics(measured: FlaskClient) -> None:
    response = measured.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    assert response.content_type.startswith("application/openmetrics-text")
    assert response.text.endswith("# EOF\n")
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("given", ["", TOKEN + "x", TOKEN[:-1], "\xe4\xf6"])
def test_who_has_another_token_reads_nothing(measured: FlaskClient, given: str) -> None:
    response = measured.get("/metrics", headers={"Authorization": f"Bearer {given}"} if given else {})
    assert response.status_code == 401
    assert "chatapp_" not in response.text


@pytest.mark.parametrize("given", ["", "anything"])
def test_without_a_token_there_are_no_metrics(app: Flask, given: str) -> None:
    assert app.test_client().get("/metrics", headers={"Authorization": f"Bearer {given}"}).status_code == 404


def test_it_asks_with_one_connection_at_a_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    monkeypatch.setattr(health.migrations, "is_usable", lambda _engine: not held.append(connections_in_use(app)))
    assert ready(app) == (200, [])
    assert held == [0]
