"""Settings with which nothing starts, and those with which it starts and says so."""

import logging

import pytest

from chatapp import guards
from chatapp.background import TELL_SECONDS
from chatapp.config import ConfigError, load
from chatapp.server.supervisor import Limits
from chatapp.server.worker import LEAVE_SECONDS, STOP_SECONDS

SECRET = "Zx8k-3Qm_pL7tR2vY9sW4nB6cD1fG5hJ"
FORM_SECONDS = 5  # one of a phone at the edge of its network
IN_THE_CLEAR = {"SECRET_KEY": SECRET, "PUBLIC_URL": "http://chat.example.org", "HOST": "0.0.0.0"}  # noqa: S104


@pytest.mark.parametrize("secret", ["change-me-" * 5, "s" * 64, "1234567890" * 4, "change-me-change-me-change-me-cha"])
def test_with_a_secret_that_somebody_could_guess_nothing_starts(secret: str) -> None:
    with pytest.raises(ConfigError, match=r"^SECRET_KEY is no random text: set it to what `openssl rand"):
        load({"SECRET_KEY": secret})


@pytest.mark.parametrize("secret", ["8f3a1c0e9d7b6542", SECRET + SECRET[::-1], "0f1e2d3c4b5a69788796a5b4c3d2e1f0"])
def test_one_that_looks_random_is_taken(secret: str) -> None:
    assert load({"SECRET_KEY": secret.ljust(32, "-")}).secret_key


@pytest.mark.parametrize("token", ["x", "fifteen-letters"])
def test_with_a_metrics_token_that_somebody_could_try_nothing_starts(token: str) -> None:
    with pytest.raises(ConfigError, match=r"^METRICS_TOKEN is too short: "):
        load({"SECRET_KEY": SECRET, "METRICS_TOKEN": token})


def test_without_one_and_with_a_long_one_it_does() -> None:
    for token in ("", "a" * guards.METRICS_TOKEN_CHARS):
        assert load({"SECRET_KEY": SECRET, "METRICS_TOKEN": token}).metrics_token == token


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({}, 1),
        ({"HOST": "127.0.0.1"}, 0),
        ({"PUBLIC_URL": "https://chat.example.org"}, 0),
        ({"PUBLIC_URL": ""}, 1),
        ({"PUBLIC_URL": "", "HOST": "", "PORT": "5000"}, 1),  # then it listens on every address
        ({"PUBLIC_URL": "", "HOST": ""}, 0),
        ({"PUBLIC_URL": "", "TRUSTED_PROXIES": "1"}, 0),  # the proxy says of each request whether it came by https
        ({"TRUSTED_PROXIES": "1"}, 1),
        ({"HOST": "192.0.2.7"}, 1),
    ],
)
def test_passwords_in_the_clear_are_said_aloud(
    changes: dict[str, str], lines: int, caplog: pytest.LogCaptureFixture
) -> None:
    guards.warn_of_clear_text(load(IN_THE_CLEAR | changes))
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * lines


def test_whatever_is_set_a_worker_is_gone_before_the_master_kills_it() -> None:
    with pytest.raises(ConfigError, match=r"^DRAIN_SECONDS must be from 0 to 8"):
        load({"SECRET_KEY": SECRET, "DRAIN_SECONDS": "9"})
    longest = load({"SECRET_KEY": SECRET, "DRAIN_SECONDS": "8"}).drain_seconds
    assert Limits().stop - 2 >= LEAVE_SECONDS, "a busy machine hears a signal late"
    assert LEAVE_SECONDS - STOP_SECONDS - longest >= FORM_SECONDS, "requests under way"
    assert STOP_SECONDS > TELL_SECONDS, "and what the background has begun"
