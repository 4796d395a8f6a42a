"""What the settings alone tell of a deployment."""

from pathlib import Path

import pytest
from flask import Flask

from chatapp import config
from chatapp.doctor import settings as checks
from tests.doctor.support import SECRET, application, settings_of

HTTPS = {"PUBLIC_URL": "https://chat.example.org"}


@pytest.mark.parametrize(("mode", "state"), [(0o600, "ok"), (0o640, "wrong"), (0o604, "wrong"), (0o400, "ok")])
def test_a_secret_that_others_may_read_is_wrong(tmp_path: Path, mode: int, state: str) -> None:
    path = tmp_path / "secret_key"
    path.write_text(SECRET)
    path.chmod(mode)
    finding = checks.secret_key(settings_of(), {}, path)
    assert finding.state == state
    assert finding.advice == ("" if state == "ok" else f"chmod 600 {path}")


def test_of_a_secret_from_the_environment_no_file_is_looked_at(tmp_path: Path) -> None:
    environ = {"SECRET_KEY": SECRET}
    assert checks.secret_key(settings_of(**environ), environ, tmp_path / "none").state == "ok"


@pytest.mark.parametrize(
    ("mode", "in_container", "state"),
    [
        (0o400, False, "ok"),
        (0o640, False, "ok"),  # root's, and the server's group reads it
        (0o644, False, "wrong"),
        (0o444, True, "ok"),  # as it is mounted there, where there are no others
    ],
)
def test_so_is_one_that_a_file_holds_which_the_environment_names(
    tmp_path: Path, mode: int, in_container: bool, state: str
) -> None:
    path = tmp_path / "mounted"
    path.write_text(SECRET)
    path.chmod(mode)
    environ = {"SECRET_KEY_FILE": str(path)}
    finding = checks.secret_key(config.load(environ), environ, tmp_path / "none", in_container=in_container)
    assert finding.state == state
    assert "SECRET_KEY_FILE" in finding.says
    assert finding.advice == ("" if state == "ok" else f"chmod o= {path}")


@pytest.mark.parametrize(
    ("environ", "state"),
    [
        (HTTPS, "ok"),
        ({}, "warn"),
        ({"PUBLIC_URL": "http://chat.example.org"}, "warn"),
        ({"PORT": "5000"}, "wrong"),  # then it listens on every address
        ({"TRUSTED_PROXIES": "1"}, "wrong"),
    ],
)
def test_people_come_by_https_and_their_cookies_by_nothing_else(environ: dict[str, str], state: str) -> None:
    with application(settings_of(DATABASE_URL="sqlite:///none", **environ)) as app:
        assert checks.public_url(app.extensions["chatapp_settings"], app).state == state


@pytest.mark.parametrize(("name", "value"), [("SESSION_COOKIE_HTTPONLY", False), ("SESSION_COOKIE_SAMESITE", None)])
def test_a_cookie_without_one_of_its_flags_is_wrong(name: str, value: object) -> None:
    with application(settings_of(DATABASE_URL="sqlite:///none", **HTTPS)) as app:
        app.config[name] = value
        assert checks.public_url(app.extensions["chatapp_settings"], app).state == "wrong"


def test_a_cookie_that_goes_without_https_is_wrong() -> None:
    app = Flask("another")
    app.secret_key = SECRET
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    finding = checks.public_url(settings_of(**HTTPS), app)
    assert finding.state == "wrong"
    assert "Secure" in finding.says


@pytest.mark.parametrize(
    ("environ", "state"),
    [
        ({}, "ok"),
        (HTTPS, "wrong"),
        ({**HTTPS, "TRUSTED_PROXIES": "1"}, "ok"),
        ({**HTTPS, "TRUSTED_PROXIES": "1", "PORT": "5000"}, "warn"),
        ({**HTTPS, "TRUSTED_PROXIES": "2"}, "warn"),
        ({"DYNO": "web.1", "DATABASE_URL": "postgres://a/b", "PORT": "5000"}, "ok"),
        ({"DYNO": "web.1", "DATABASE_URL": "postgres://a/b", "PORT": "5000", "TRUSTED_PROXIES": "0"}, "wrong"),
    ],
)
def test_the_proxies_in_front_are_counted(environ: dict[str, str], state: str) -> None:
    assert checks.proxies(settings_of(**environ), environ).state == state


@pytest.mark.parametrize("hops", ["0", "1"])
def test_a_container_is_not_told_to_hide_from_its_proxy(hops: str) -> None:
    environ = {"TRUSTED_PROXIES": hops, "HOST": "0.0.0.0", "PORT": "5000"}  # noqa: S104
    finding = checks.proxies(settings_of(**environ), environ, in_container=True)
    assert finding.state == "ok"
    assert "HOST=127.0.0.1" not in finding.line()
    assert "publish the port" in finding.says


def test_in_a_container_too_the_proxies_are_counted() -> None:
    environ = {**HTTPS, "HOST": "0.0.0.0"}  # noqa: S104
    assert checks.proxies(settings_of(**environ), environ, in_container=True).state == "wrong"


def test_a_container_is_known_by_what_its_maker_leaves_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "CONTAINER_MARKS", (str(tmp_path / "mark"),))
    assert not checks.is_in_container()
    (tmp_path / "mark").touch()
    assert checks.is_in_container()


def test_workers_that_were_asked_for_in_vain_are_told() -> None:
    postgresql = {"DATABASE_URL": "postgres://a/b", "WEB_CONCURRENCY": "4"}
    assert checks.workers(settings_of(**postgresql), postgresql).state == "warn"
    with_redis = {**postgresql, "REDIS_URL": "redis://r/0"}
    assert checks.workers(settings_of(**with_redis), with_redis).state == "ok"
    assert checks.workers(settings_of(), {}).state == "ok"


@pytest.mark.parametrize(
    ("token", "says"), [("", "closed: METRICS_TOKEN is empty"), ("f" * 48, "for who has the token")]
)
def test_who_can_read_the_metrics_is_said(token: str, says: str) -> None:
    assert checks.metrics_token(settings_of(METRICS_TOKEN=token)).says == says
