"""The oldest versions that may serve, and that those of this release are newer."""

import pytest

from chatapp.doctor import floor


def test_what_is_installed_here_stands_on_the_floor() -> None:
    installed = floor.installed_packages()
    assert set(installed) == set(floor.PACKAGES)
    assert floor.packages(installed).state == "ok", floor.packages(installed).says


@pytest.mark.parametrize("name", floor.PACKAGES)
def test_each_package_below_its_floor_is_wrong_and_named(name: str) -> None:
    for old in ("0.9", ""):
        finding = floor.packages({**floor.PACKAGES, name: old})
        assert finding.state == "wrong"
        assert name in finding.says
    assert floor.packages(dict(floor.PACKAGES)).state == "ok"


def test_ten_is_more_than_nine() -> None:
    assert floor.version_of("5.10.0") > floor.version_of("5.9.9")
    assert floor.version_of("8.2.2-rc1") == (8, 2, 2)
    assert floor.version_of("unknown") == ()


@pytest.mark.parametrize(
    ("name", "version", "state"),
    [
        ("redis", "6.2.19", "wrong"),
        ("redis", "6.2.20", "ok"),
        ("redis", "7.0.15", "wrong"),  # gets no fix
        ("redis", "7.4.5", "wrong"),
        ("redis", "7.4.6", "ok"),
        ("redis", "8.2.1", "wrong"),
        ("redis", "8.4.0", "ok"),
        ("redis", "5.0.7", "wrong"),
        ("valkey", "8.1.3", "wrong"),
        ("valkey", "8.1.4", "ok"),
        ("valkey", "9.0.0", "ok"),
        ("valkey", "", "wrong"),
        ("dragonfly", "1.0", "warn"),
    ],
)
def test_a_redis_with_holes_is_wrong(name: str, version: str, state: str) -> None:
    assert floor.redis_server(name, version).state == state


def test_an_old_python_is_wrong() -> None:
    assert floor.python((3, 10, 14)).state == "wrong"
    assert floor.python((3, 11, 0)).state == "ok"
