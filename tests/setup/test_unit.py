"""The unit for systemd that docs/deploy.md prints, and the proxies in front."""

import re
from configparser import ConfigParser

from chatapp.server.serving import KEEP_ALIVE_SECONDS
from chatapp.server.supervisor import Limits
from tests.setup.clone import ROOT

DEPLOY = (ROOT / "docs" / "deploy.md").read_text()


def unit() -> ConfigParser:
    found = re.search(r"```\n(\[Unit\]\n.*?)```", DEPLOY, re.DOTALL)
    assert found is not None
    parser = ConfigParser(strict=False, interpolation=None)  # ExecReload stands there twice
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(found[1])
    return parser


def seconds(text: str) -> int:
    number, factor = re.fullmatch(r"(\d+)(s|min|h)?", text).groups()  # type: ignore[union-attr]
    return int(number) * {None: 1, "s": 1, "min": 60, "h": 3600}[factor]


def test_it_tries_again_for_as_long_as_the_database_is_away() -> None:
    # systemd gives up after 5 starts within 10 s, and a migration that finds no database fails in less than 2.
    assert unit()["Service"]["Restart"] == "always"
    assert seconds(unit()["Service"]["RestartSec"]) >= 5
    assert seconds(unit()["Unit"]["StartLimitIntervalSec"]) == 0


def test_it_waits_for_migrations_and_for_the_drain() -> None:
    assert seconds(unit()["Service"]["TimeoutStartSec"]) >= 3600
    assert seconds(unit()["Service"]["TimeoutStopSec"]) > Limits().stop


def test_the_master_alone_is_told_to_end_and_may_write_in_instance() -> None:
    assert unit()["Service"]["KillMode"] == "mixed"
    assert unit()["Service"]["ReadWritePaths"] == f"{unit()['Service']['WorkingDirectory']}/instance"


def test_doctor_is_asked_as_the_unit_runs() -> None:
    service = unit()["Service"]
    assert f"--uid={service['User']} --working-directory={service['WorkingDirectory']} " in DEPLOY
    for name in ("EnvironmentFile", "LimitNOFILE"):
        assert f"--property={name}={service[name]} " in DEPLOY


def test_caddy_drops_an_idle_connection_before_we_do() -> None:
    # Else a form that comes while we end it is answered with 502: nobody may send it again by themselves.
    (kept,) = re.findall(r"reverse_proxy .*\{(?s:.*?)transport http \{\n\s+keepalive (\w+)", DEPLOY)
    assert seconds(kept) <= KEEP_ALIVE_SECONDS - 30


def test_nginx_keeps_none() -> None:
    (server,) = re.findall(r"location / \{\n.*?\n\}", DEPLOY, re.DOTALL)
    assert "proxy_pass http://127.0.0.1:5000;" in server, "no upstream block, which alone can keep connections"
    assert "upstream" not in server
