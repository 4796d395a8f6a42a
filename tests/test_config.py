"""Every setting: where it comes from, what is refused, and the page that lists them."""

import os
import stat
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from chatapp import config
from chatapp.config import ConfigError, Settings, load

SECRET = "secret-of-the-tests-of-32-letters"
POSTGRESQL = "postgres://chat:pw@db.example.org:5432/chat"
DYNO = {"DYNO": "web.1", "SECRET_KEY": SECRET, "DATABASE_URL": POSTGRESQL}
REDIS = "redis://127.0.0.1:6379/0"
NOT_FOR_PEOPLE = {"CHATAPP_WORKER", "CHATAPP_TELL_WORKER", "CHATAPP_METRICS"}  # set by the launcher and by tests

HEADER = """\
# Every setting of chatapp with its default: chatapp/config.py says the same, and a test holds the two equal.
# They are environment variables and come from nowhere else; SECRET_KEY, DATABASE_URL, REDIS_URL, STORAGE_SECRET_KEY and
# METRICS_TOKEN also from a file: SECRET_KEY_FILE=/run/secrets/secret_key. With a copy of this file called .env:
#   set -a && . ./.env && set +a && make run
"""

NUMBERS = [each.metadata["name"] for each in fields(Settings) if each.metadata["default"].isdigit()]
MAY_BE_ZERO = {"TRUSTED_PROXIES", "DRAIN_SECONDS", "STORAGE_LINK_SECONDS", *NOT_FOR_PEOPLE}


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place of its own for the secret, so that no test touches the one of this checkout."""
    folder = tmp_path / "instance"
    monkeypatch.setattr(config, "INSTANCE", folder)
    return folder


def refusal(environ: dict[str, str]) -> str:
    """The one line that refuses this environment."""
    with pytest.raises(ConfigError) as refused:
        load(environ)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def env_example() -> str:
    """What `.env.example` must be."""
    shown = [each.metadata for each in fields(Settings) if each.metadata["name"] not in NOT_FOR_PEOPLE]
    return HEADER + "".join(f"\n# {each['help']}\n#{each['name']}={each['default']}\n" for each in shown)


def test_env_example_lists_every_setting_with_its_help_and_default() -> None:
    assert (config.ROOT / ".env.example").read_text() == env_example()


def test_every_setting_has_a_default_that_is_accepted() -> None:
    defaults = {each.metadata["name"]: each.metadata["default"] for each in fields(Settings)}
    assert load({**defaults, "SECRET_KEY": SECRET}).port == 5000


def test_an_empty_variable_is_like_none() -> None:
    empty = {each.metadata["name"]: " " for each in fields(Settings)}
    assert load(empty) == load({})


@pytest.mark.parametrize("given", [POSTGRESQL, POSTGRESQL.replace("postgres:", "postgresql:")])
def test_the_urls_that_hosts_give_get_the_green_driver(given: str) -> None:
    assert load({"DATABASE_URL": given}).database_url == "postgresql+psycopg2://chat:pw@db.example.org:5432/chat"


def test_a_url_that_names_the_green_driver_stays() -> None:
    given = "postgresql+psycopg2://127.0.0.1/chat?sslmode=require"
    assert load({"DATABASE_URL": given}).database_url == given


@pytest.mark.parametrize(
    "given",
    ["mysql://127.0.0.1/chat", "postgresql+psycopg://127.0.0.1/chat", "chat.db", "nonsense", "://", "sqlite://"],
)
def test_any_other_database_is_refused(given: str) -> None:
    assert refusal({"DATABASE_URL": given}).startswith("DATABASE_URL must ")


def test_a_refused_database_url_does_not_show_its_password() -> None:
    assert "hunter2" not in refusal({"DATABASE_URL": "mysql://chat:hunter2@127.0.0.1/chat"})


def test_without_a_url_the_database_is_a_file_of_ours(instance: Path) -> None:
    settings = load({})
    assert settings.database_url == f"sqlite:///{instance / 'chatapp.db'}"
    assert settings.is_sqlite


@pytest.mark.parametrize(
    ("environ", "host"),
    [
        ({}, "127.0.0.1"),
        ({"PORT": "8000"}, "0.0.0.0"),  # noqa: S104
        ({"PORT": "8000", "HOST": "127.0.0.1"}, "127.0.0.1"),
        ({"HOST": "::1"}, "::1"),
    ],
)
def test_it_listens_to_others_only_when_a_port_or_host_is_given(environ: dict[str, str], host: str) -> None:
    assert load(environ).host == host


def test_a_dyno_has_one_proxy_in_front() -> None:
    assert load(DYNO).trusted_proxies == 1
    assert load({**DYNO, "TRUSTED_PROXIES": "2"}).trusted_proxies == 2
    assert load({"SECRET_KEY": SECRET}).trusted_proxies == 0


def test_a_dyno_speaks_to_a_redis_whose_certificate_nobody_can_check() -> None:
    assert load({**DYNO, "REDIS_URL": "rediss://:pw@host:6380"}).redis_url.endswith(":6380?ssl_cert_reqs=none")
    for kept in (REDIS, "rediss://host:6380?ssl_cert_reqs=required"):
        assert load({**DYNO, "REDIS_URL": kept}).redis_url == kept
    assert load({"SECRET_KEY": SECRET, "REDIS_URL": "rediss://host:6380"}).redis_url == "rediss://host:6380"


def test_a_dyno_refuses_sqlite() -> None:
    for url in ("", "sqlite:////data/chat.db"):
        assert "SQLite would lose every message" in refusal({**DYNO, "DATABASE_URL": url})


def test_files_lie_beside_us_and_on_a_dyno_in_the_database(instance: Path) -> None:
    assert load({}).storage_url == f"file://{instance / 'files'}"
    assert load(DYNO).storage_url == "db:"


def test_a_dyno_refuses_files_on_its_disk() -> None:
    assert "would lose every file" in refusal({**DYNO, "STORAGE_URL": "file:///data/files"})
    bucket = "s3://files?endpoint=https://s3.example.org"
    assert load({**DYNO, "STORAGE_URL": bucket}).storage_url == bucket


@pytest.mark.parametrize("given", ["files", "/srv/files", "file://files", "ftp://files", "db", "s3:files", "db:x"])
def test_any_other_store_is_refused(given: str) -> None:
    assert refusal({"STORAGE_URL": given}).startswith("STORAGE_URL must be ")


def test_a_dyno_refuses_to_make_a_secret(instance: Path) -> None:
    assert "SECRET_KEY is not set" in refusal({**DYNO, "SECRET_KEY": ""})
    assert not instance.exists()


@pytest.mark.parametrize(
    ("environ", "workers"),
    [
        ({"DATABASE_URL": POSTGRESQL, "REDIS_URL": REDIS}, 4),
        ({"DATABASE_URL": POSTGRESQL}, 1),
        ({"REDIS_URL": REDIS}, 1),
        ({}, 1),
    ],
)
def test_more_workers_take_redis_and_postgresql(environ: dict[str, str], workers: int) -> None:
    assert load({**environ, "WEB_CONCURRENCY": "4"}).web_concurrency == workers


@pytest.mark.parametrize("value", ["five", "-1", "1.5", "1e3", "0x10", "²", "٣", "1 0", "+1", "1_000", "9" * 5_000])
def test_what_is_no_whole_number_is_refused(value: str) -> None:
    assert refusal({"MESSAGE_MAX_CHARS": value}).startswith("MESSAGE_MAX_CHARS must be ")


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_is_looked_at(name: str) -> None:
    assert refusal({name: "many"}) == f"{name} must be a whole number, not 'many'"


@pytest.mark.parametrize("name", [name for name in NUMBERS if name not in MAY_BE_ZERO])
def test_a_limit_of_nothing_is_refused(name: str) -> None:
    assert refusal({name: "0"}).startswith(f"{name} must be ")


@pytest.mark.parametrize("name", sorted(MAY_BE_ZERO))
def test_some_settings_may_be_zero(name: str) -> None:
    load({name: "0"})


@pytest.mark.parametrize("port", ["0", "65536", "99999"])
def test_a_port_that_does_not_exist_is_refused(port: str) -> None:
    assert refusal({"PORT": port}) == f"PORT must be from 1 to 65535, not {port}"


def test_the_first_and_the_last_port_are_accepted() -> None:
    assert [load({"PORT": port}).port for port in ("1", "65535")] == [1, 65535]


@pytest.mark.parametrize("name", ["NAME_MAX_CHARS", "PASSWORD_MAX_CHARS", "INVITE_DAYS"])
def test_a_limit_beyond_what_the_house_holds_is_refused(name: str) -> None:
    assert refusal({name: "50000"}).startswith(f"{name} must be from 1 to ")


def test_a_public_url_is_an_address_of_the_web() -> None:
    assert load({"PUBLIC_URL": "https://chat.example.org/"}).origin == "https://chat.example.org"
    assert load({"PUBLIC_URL": "https://chat.example.org"}).is_https
    assert not load({"PUBLIC_URL": "http://chat.lan"}).is_https
    for wrong in ("chat.example.org", "ftp://chat.example.org", "javascript:alert(1)"):
        assert refusal({"PUBLIC_URL": wrong}).startswith("PUBLIC_URL must start with")


def test_a_short_secret_is_refused() -> None:
    assert refusal({"SECRET_KEY": "s" * 31}).startswith("SECRET_KEY is too short")


def test_the_secret_is_made_once_for_its_owner_alone(instance: Path) -> None:
    first = load({}).secret_key
    assert len(first) >= 32
    assert load({}).secret_key == first
    assert [path.name for path in instance.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((instance / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(instance.stat().st_mode) == 0o700


def test_a_given_secret_is_not_written_down(instance: Path) -> None:
    assert load({"SECRET_KEY": SECRET}).secret_key == SECRET
    assert not instance.exists()


def test_processes_that_start_together_have_one_secret(instance: Path) -> None:
    program = f"""
from pathlib import Path
from chatapp import config
config.INSTANCE = Path({str(instance)!r})
input()
print(config.load({{}}).secret_key)
"""
    command, pipe = [sys.executable, "-c", program], subprocess.PIPE
    processes = [subprocess.Popen(command, cwd=config.ROOT, stdin=pipe, stdout=pipe, text=True) for _ in range(5)]
    secrets = {process.communicate("go\n", timeout=60)[0] for process in processes}
    assert secrets == {(instance / "secret_key").read_text() + "\n"}
    assert [path.name for path in instance.iterdir()] == ["secret_key"]


def test_a_draft_that_a_crash_left_does_not_stop_the_next_start(instance: Path) -> None:
    # In a container every start has the same process id.
    instance.mkdir()
    (instance / f"secret_key.{os.getpid()}").write_text("half")
    assert len(load({}).secret_key) >= 32
