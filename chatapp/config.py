"""Every setting with its unit and reason. They come from the environment, secrets also from files that it names.

`.env.example` lists the same names with the same defaults; `tests/test_config.py` holds the two equal.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from flask import current_app

from chatapp import addresses, guards, secret_files
from chatapp.config_error import ConfigError
from chatapp.own_secret import own_secret

__all__ = ["INSTANCE", "ROOT", "ConfigError", "Settings", "current", "load"]

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = ROOT / "instance"

MOST = 2**31 - 1  # what PostgreSQL takes for a number of milliseconds
MOST_DIGITS = len(str(MOST))
MOST_DAYS = 36_500  # a century; a date that far ahead can still be written down


def setting(name: str, default: str, help: str) -> str:
    """A field of Settings that is read from the environment variable `name`."""
    value: str = field(default=default, metadata={"name": name, "default": default, "help": help})
    return value


def number(name: str, default: int, help: str, *, least: int = 1, most: int = MOST) -> int:
    """The same for a whole number from `least` to `most`."""
    metadata = {"name": name, "default": str(default), "help": help, "range": range(least, most + 1)}
    value: int = field(default=default, metadata=metadata)
    return value


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All that an operator can set, checked. Made by `load()`."""

    # Where things are
    secret_key: str = setting("SECRET_KEY", "", "signs cookies; made in instance/secret_key when empty")
    database_url: str = setting("DATABASE_URL", "", "postgres://... or sqlite:///...; instance/chatapp.db when empty")
    redis_url: str = setting("REDIS_URL", "", "redis://... carries events between workers; without it one worker")
    public_url: str = setting("PUBLIC_URL", "", "https://chat.example.org: the only Origin, and the base of links")
    log_format: str = setting("LOG_FORMAT", "", "json or text; when empty text on a terminal, else json")
    host: str = setting("HOST", "", "address to bind; 0.0.0.0 when PORT is given, else 127.0.0.1")
    port: int = number("PORT", 5000, "TCP port to bind", most=65_535)
    trusted_proxies: int = number(
        "TRUSTED_PROXIES", 0, "proxies in front whose X-Forwarded-* count; 1 on a dyno", least=0
    )

    # Workers
    web_concurrency: int = number("WEB_CONCURRENCY", 2, "workers; counts only with REDIS_URL and PostgreSQL")
    max_connections: int = number("MAX_CONNECTIONS", 20_000, "open connections per worker; eventlet stops at 1,024")
    idle_per_address: int = number(
        "IDLE_PER_ADDRESS", 200, "HTTP connections of one network address that may say nothing; without a proxy"
    )
    drain_seconds: int = number(
        "DRAIN_SECONDS", 5, "seconds over which a stopping worker closes its sockets", least=0, most=8
    )
    frame_max_bytes: int = number("FRAME_MAX_BYTES", 65_536, "bytes of one WebSocket message, all fragments together")
    out_queue_max_packets: int = number(
        "OUT_QUEUE_MAX_PACKETS", 256, "packets that may wait for a browser which reads none; more, and it is dropped"
    )
    out_queue_max_bytes: int = number("OUT_QUEUE_MAX_BYTES", 4_194_304, "bytes of them, the same")
    request_max_bytes: int = number("REQUEST_MAX_BYTES", 1_048_576, "bytes of one form; files have their own limit")

    # Database
    database_pool_size: int = number(
        "DATABASE_POOL_SIZE", 8, "connections per worker, half for single statements; small plans allow 20", least=2
    )
    statement_timeout_ms: int = number("STATEMENT_TIMEOUT_MS", 10_000, "milliseconds before PostgreSQL gives up")
    lock_timeout_ms: int = number("LOCK_TIMEOUT_MS", 3_000, "milliseconds to wait for a lock, on both databases")

    # People
    password_min_chars: int = number("PASSWORD_MIN_CHARS", 12, "characters; ASVS 6.2.1 asks for 8 and advises more")
    password_max_chars: int = number(
        "PASSWORD_MAX_CHARS", 256, "characters; argon2 of megabytes would be a weapon", most=1_024
    )
    sign_in_idle_days: int = number(
        "SIGN_IN_IDLE_DAYS", 14, "days without use after which a sign-in ends", most=MOST_DAYS
    )
    sign_in_max_days: int = number(
        "SIGN_IN_MAX_DAYS", 90, "days after which a sign-in ends in any case", most=MOST_DAYS
    )
    invite_days: int = number("INVITE_DAYS", 7, "days an invite link works", most=MOST_DAYS)
    invite_uses: int = number("INVITE_USES", 50, "people who may join by one invite link")
    logins_per_account: int = number("LOGINS_PER_ACCOUNT", 5, "wrong passwords a minute: one account, one address")
    logins_per_account_anywhere: int = number(
        "LOGINS_PER_ACCOUNT_ANYWHERE", 50, "wrong passwords a minute: one account, all addresses"
    )
    logins_per_address: int = number("LOGINS_PER_ADDRESS", 20, "wrong passwords a minute: one network address")

    # How often; counted in each worker
    events_per_second: int = number("EVENTS_PER_SECOND", 20, "events a second of one socket, posts not among them")
    events_burst: int = number("EVENTS_BURST", 40, "events of one socket at once")
    events_per_person: int = number(
        "EVENTS_PER_PERSON",
        100,
        "events a second of one person, in all tabs; a worker gives its share, and at least what one socket may say",
    )
    events_per_person_burst: int = number("EVENTS_PER_PERSON_BURST", 200, "events of one person at once")
    posts_per_second: int = number(
        "POSTS_PER_SECOND", 10, "messages a second of one person; a worker gives its share, and at least half"
    )
    posts_burst: int = number("POSTS_BURST", 20, "messages of one person at once")

    sockets_per_person: int = number("SOCKETS_PER_PERSON", 20, "open sockets of one person, in each worker")
    handshakes_per_second: int = number(
        "HANDSHAKES_PER_SECOND",
        10,
        "handshakes a second, and at once, of one address without a sign-in; a worker gives its share, 1 at least",
    )
    handshakes_per_person: int = number(
        "HANDSHAKES_PER_PERSON",
        2,
        "handshakes a second of one person; a worker gives its share, 1 at least; twice SOCKETS_PER_PERSON at once",
    )
    connect_seconds: int = number("CONNECT_SECONDS", 10, "seconds for an open socket to say who it is for")

    # Who is here
    presence_lease_seconds: int = number(
        "PRESENCE_LEASE_SECONDS", 45, "seconds until people of a worker that died are away"
    )
    presence_grace_seconds: int = number(
        "PRESENCE_GRACE_SECONDS", 30, "seconds until one who has left is away: a reload is no leaving"
    )

    # Messages
    message_max_chars: int = number("MESSAGE_MAX_CHARS", 16_000, "characters (code points) of one message")
    message_max_emoji: int = number(
        "MESSAGE_MAX_EMOJI", 20, "different emoji on one message; on a phone they are four rows of it"
    )
    name_max_chars: int = number("NAME_MAX_CHARS", 80, "characters of a room's or a person's name", most=80)
    message_max_uploads: int = number("MESSAGE_MAX_UPLOADS", 10, "files of one message", most=100)

    # Files
    storage_url: str = setting(
        "STORAGE_URL",
        "",
        "file:///folder, s3://bucket?endpoint=https://... or db:; when empty instance/files, on a dyno db:",
    )
    storage_key_id: str = setting("STORAGE_KEY_ID", "", "who we are to the bucket; boto3 looks for itself when empty")
    storage_secret_key: str = setting("STORAGE_SECRET_KEY", "", "the secret that goes with STORAGE_KEY_ID")
    storage_link_seconds: int = number(
        "STORAGE_LINK_SECONDS",
        60,
        "seconds that a signed link to the bucket works; 0: no links",
        least=0,
        most=60,
    )
    upload_max_bytes: int = number("UPLOAD_MAX_BYTES", 26_214_400, "bytes of one file; db: takes 10 MB at most")
    upload_quota_mb: int = number("UPLOAD_QUOTA_MB", 10_000, "megabytes of all files, so that no disk fills up")
    upload_person_quota_mb: int = number(
        "UPLOAD_PERSON_QUOTA_MB", 5_000, "megabytes of one person's files, so that nobody alone takes all of it"
    )
    upload_max_unsent: int = number("UPLOAD_MAX_UNSENT", 200, "files of one person that are in no message yet")
    upload_keep_hours: int = number("UPLOAD_KEEP_HOURS", 24, "hours until a file that was never sent is removed")
    clamd_url: str = setting(
        "CLAMD_URL", "", "tcp://host:3310 or unix:///path of a clamd, which must pass a file before others get it"
    )

    metrics_token: str = setting("METRICS_TOKEN", "", "who sends it as a bearer token may read /metrics; empty: nobody")

    # Set by the launcher and by tests, never by hand
    metrics_folder: str = setting("CHATAPP_METRICS", "", "set by the launcher: where workers leave their numbers")
    worker_number: int = number("CHATAPP_WORKER", 0, "set by the launcher: which worker this is, from 1", least=0)
    tell_worker: int = number(
        "CHATAPP_TELL_WORKER", 0, "1: the ack of room:open says which worker answers (tests)", least=0
    )

    @property
    def is_sqlite(self) -> bool:
        """True when the database is a SQLite file: then one worker serves."""
        return self.database_url.startswith("sqlite")

    @property
    def is_https(self) -> bool:
        """True when people reach us by https, as PUBLIC_URL says."""
        return self.public_url.startswith("https://")

    @property
    def origin(self) -> str | None:
        """The one Origin browsers may come from, or None: then it must equal the request's own host."""
        return self.public_url or None


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process. Raises ConfigError with one clear line."""
    environ = secret_files.with_secrets(environ)
    values = {each.name: _read(environ, each.metadata) for each in fields(Settings)}
    on_dyno = "DYNO" in environ
    _fill_in(values, environ, on_dyno=on_dyno)
    settings = Settings(**values)  # type: ignore[arg-type]
    guards.refuse_what_would_lose_data(settings, on_dyno=on_dyno)
    guards.refuse_what_can_be_guessed(settings)
    return settings


def current() -> Settings:
    """The settings of the running application."""
    settings: Settings = current_app.extensions["chatapp_settings"]
    return settings


def _read(environ: Mapping[str, str], metadata: Mapping[str, Any]) -> str | int:
    raw = environ.get(metadata["name"], "").strip() or str(metadata["default"])
    return _whole_number(raw, metadata["name"], metadata["range"]) if "range" in metadata else raw


def _whole_number(raw: str, name: str, allowed: range) -> int:
    if not (raw.isascii() and raw.isdecimal()):
        raise ConfigError(f"{name} must be a whole number, not {raw!r}")
    # The digits first: of thousands int() makes no number but an error of its own.
    if len(raw) > MOST_DIGITS or int(raw) not in allowed:
        raise ConfigError(f"{name} must be from {allowed[0]} to {allowed[-1]}, not {raw}")
    return int(raw)


def _fill_in(values: dict[str, str | int], environ: Mapping[str, str], *, on_dyno: bool) -> None:
    values["host"] = values["host"] or ("0.0.0.0" if environ.get("PORT", "").strip() else "127.0.0.1")  # noqa: S104
    # Beside us, or in the database where the disk is thrown away.
    files = "db:" if on_dyno else f"file://{INSTANCE / 'files'}"
    values["database_url"] = addresses.database_url(
        str(values["database_url"]) or f"sqlite:///{INSTANCE / 'chatapp.db'}"
    )
    values["public_url"] = addresses.public_url(str(values["public_url"]))
    values["storage_url"] = addresses.storage_url(str(values["storage_url"]) or files)
    if on_dyno:
        values["redis_url"] = addresses.redis_url_on_dyno(str(values["redis_url"]))
    if on_dyno and not environ.get("TRUSTED_PROXIES", "").strip():
        values["trusted_proxies"] = 1
    if not values["redis_url"] or str(values["database_url"]).startswith("sqlite"):
        values["web_concurrency"] = 1
    if not values["secret_key"]:
        values["secret_key"] = _refuse_no_secret() if on_dyno else own_secret(INSTANCE / "secret_key")


def _refuse_no_secret() -> str:
    raise ConfigError("SECRET_KEY is not set, and this host throws its disk away: set it to a long random text")
