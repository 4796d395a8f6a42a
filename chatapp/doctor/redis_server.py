"""The Redis between the workers: whether it answers, who else may speak on it, and how old it is."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import redis
from redis.exceptions import NoPermissionError

from chatapp import db
from chatapp.config import Settings
from chatapp.doctor import floor
from chatapp.doctor.clocks import clock
from chatapp.doctor.finding import Finding, ok, warn, wrong
from chatapp.guards import LOOPBACK

TIMEOUT_SECONDS = 2.0


def examine(settings: Settings) -> Iterator[Finding]:
    """All of it; no more than the first line when it does not answer."""
    if not settings.redis_url:
        yield ok("redis", "not used: one worker needs none")
        return
    try:
        with redis.Redis.from_url(
            settings.redis_url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
        ) as client:
            yield from _ask(client)
    except redis.AuthenticationError:
        yield wrong("redis", "refuses our name or password", "correct REDIS_URL: redis://name:password@host:port/0")
        return
    except (redis.RedisError, OSError, ValueError) as error:
        yield wrong("redis", f"does not answer ({type(error).__name__})", "start it, or correct REDIS_URL")
        return
    yield password(settings.redis_url)
    yield encryption(settings.redis_url)


def password(url: str) -> Finding:
    """Whether it asks who we are."""
    parts = urlsplit(url)
    if parts.password:
        return ok("redis login", "by password")
    if _is_near(url):
        return ok("redis login", "without a password, on this machine")
    return warn("redis login", "it lets in whoever reaches it", "give it a password, and let nobody else reach it")


def user(name: str) -> Finding:
    """Whether who steals our password could do more there than we do. `name` is empty where it may not be asked for."""
    if name == "default":
        advice = "a user that may only publish and subscribe, see docs/deploy.md"
        return warn("redis user", "we come as `default`, who may run scripts and change settings", advice)
    return ok("redis user", name or "one that may not even ask who it is")


def encryption(url: str) -> Finding:
    """Whether others on the way could read along, or take its place."""
    parts = urlsplit(url)
    if parts.scheme != "rediss":
        if _is_near(url):
            return ok("redis tls", "not needed on this machine")
        return warn("redis tls", "what people say goes there in the clear", "use rediss://, or a network of your own")
    if parse_qs(parts.query).get("ssl_cert_reqs") == ["none"]:
        return warn("redis tls", "encrypted, but nobody checks to whom", "leave out ssl_cert_reqs=none if you can")
    return ok("redis tls", "encrypted, its certificate is checked")


def _ask(client: redis.Redis) -> Iterator[Finding]:
    client.ping()
    yield ok("redis", "answers")
    yield user(_name_of_ours(client))
    try:
        about = client.info("server")
        seconds, microseconds = client.time()
    except NoPermissionError:
        yield warn("redis version", "our user may not ask for it", "look yourself, or allow INFO and TIME")
        return
    yield floor.redis_server(*_name_and_version(about))
    yield clock("redis", datetime.fromtimestamp(seconds + microseconds / 1e6, UTC), db.now())


def _name_of_ours(client: redis.Redis) -> str:
    try:
        return str(_text(client.acl_whoami()))
    except NoPermissionError:
        return ""
    except redis.ResponseError:  # before Redis 6 there is nobody else
        return "default"


def _text(said: object) -> object:
    return said.decode() if isinstance(said, bytes) else said


def _name_and_version(about: dict[str, Any]) -> tuple[str, str]:
    # Valkey also says which Redis it is like, which is an old one.
    if "valkey_version" in about:
        return "valkey", about["valkey_version"]
    return str(about.get("server_name", "redis")), str(about["redis_version"])


def _is_near(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "unix" or parts.hostname in LOOPBACK
