"""Settings that can each be read, and with which no server should start all the same."""

import logging
from typing import TYPE_CHECKING

from chatapp.config_error import ConfigError

if TYPE_CHECKING:
    from chatapp.config import Settings

SECRET_CHARS = 32
FEW_CHARACTERS = 10  # different ones: of 32 random hexadecimal digits one in ten thousand has fewer
METRICS_TOKEN_CHARS = 16  # of a random one nobody guesses
LOOPBACK = ("127.0.0.1", "::1", "localhost")

logger = logging.getLogger(__name__)


def refuse_what_would_lose_data(settings: "Settings", *, on_dyno: bool) -> None:
    """Raises ConfigError where a restart would find nothing any more."""
    if settings.is_sqlite and on_dyno:
        raise ConfigError(
            "this host throws its disk away, so SQLite would lose every message: "
            "add a PostgreSQL database (it sets DATABASE_URL)"
        )
    if settings.storage_url.startswith("file:") and on_dyno:
        raise ConfigError(
            "this host throws its disk away, so STORAGE_URL=file: would lose every file: "
            "name a bucket, s3://..., or leave it empty for the database"
        )


def refuse_what_can_be_guessed(settings: "Settings") -> None:
    """Raises ConfigError where a stranger could make cookies, or read the metrics."""
    if len(settings.secret_key) < SECRET_CHARS:
        raise ConfigError(f"SECRET_KEY is too short: use at least {SECRET_CHARS} random characters")
    if len(set(settings.secret_key)) < FEW_CHARACTERS or _repeats(settings.secret_key):
        raise ConfigError("SECRET_KEY is no random text: set it to what `openssl rand -base64 48` says")
    if 0 < len(settings.metrics_token) < METRICS_TOKEN_CHARS:
        raise ConfigError(
            f"METRICS_TOKEN is too short: set it to what `openssl rand -hex 24` says, {METRICS_TOKEN_CHARS} characters "
            "at least, or leave it empty"
        )


def warn_of_clear_text(settings: "Settings") -> None:
    """A line in the log where anybody in the network can read the passwords and cookies that come to us."""
    # Where no address is named, a proxy that is believed says of each request whether it came by https.
    may_be_https = settings.is_https or (not settings.public_url and settings.trusted_proxies)
    if not may_be_https and settings.host not in LOOPBACK:
        advice = "put a proxy in front that speaks https, and name it in PUBLIC_URL (docs/deploy.md)"
        logger.error("passwords and cookies go in the clear host=%s advice=%r", settings.host, advice)


def _repeats(text: str) -> bool:
    # Shifted by one of its parts, what repeats is the same text: `change-me-change-me-...`.
    return text in (text + text)[1:-1]
