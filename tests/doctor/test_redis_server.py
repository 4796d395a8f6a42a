"""The Redis of a deployment."""

import socket

import pytest

from chatapp.doctor import redis_server
from tests.doctor.support import settings_of, states
from tests.parts.redis import Redis
from tests.parts.server import free_port


class LockedRedis(Redis):
    """One that asks for a password, and whose user `bus` may do no more than the bus does."""

    password = "canary-word"

    def command(self) -> list[str]:
        rights = f"bus on >{self.password} resetchannels allchannels -@all +publish +subscribe +ping"
        # The tests' own client comes as `default`.
        return [*super().command(), "--user", *rights.split()]


def findings_of(url: str) -> dict[str, str]:
    return states(redis_server.examine(settings_of(REDIS_URL=url)))


def test_a_redis_on_this_machine_is_sound(redis_server: Redis) -> None:
    sound = dict.fromkeys(("redis", "redis version", "redis clock", "redis login", "redis tls"), "ok")
    assert findings_of(redis_server.url) == {**sound, "redis user": "warn"}  # it comes as `default`


def test_none_at_all_is_no_fault() -> None:
    assert findings_of("") == {"redis": "ok"}


def test_one_that_is_away_or_hangs_is_one_line() -> None:
    assert findings_of(f"redis://127.0.0.1:{free_port()}/0") == {"redis": "wrong"}
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert findings_of(f"redis://127.0.0.1:{silent.getsockname()[1]}/0") == {"redis": "wrong"}


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "redis://127.0.0.1:port/0", "redis://:canary-word@127.0.0.1:1"])
def test_an_address_that_is_none_is_one_line_without_its_password(url: str) -> None:
    (finding,) = redis_server.examine(settings_of(REDIS_URL=url))
    assert finding.state == "wrong"
    assert "canary-word" not in finding.line()


def test_a_wrong_password_is_told_and_one_that_may_only_do_what_it_must_is_enough() -> None:
    with LockedRedis() as server:
        place = f"127.0.0.1:{server.port}/0"
        (refused,) = redis_server.examine(settings_of(REDIS_URL=f"redis://bus:another@{place}"))
        assert (refused.state, refused.says) == ("wrong", "refuses our name or password")
        found = findings_of(f"redis://bus:{server.password}@{place}")
    assert found == {
        "redis": "ok",
        "redis user": "ok",
        "redis version": "warn",
        "redis login": "ok",
        "redis tls": "ok",
    }


@pytest.mark.parametrize(
    ("url", "login", "tls"),
    [
        ("redis://127.0.0.1/0", "ok", "ok"),
        ("redis://redis.example.org/0", "warn", "warn"),
        ("redis://:password@redis.example.org/0", "ok", "warn"),
        ("rediss://:password@redis.example.org/0", "ok", "ok"),
        ("rediss://:password@redis.example.org/0?ssl_cert_reqs=none", "ok", "warn"),
        ("unix:///run/redis.sock", "ok", "ok"),
    ],
)
def test_who_else_may_hear_and_speak_is_told(url: str, login: str, tls: str) -> None:
    assert (redis_server.password(url).state, redis_server.encryption(url).state) == (login, tls)
