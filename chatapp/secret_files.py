"""Secrets in files instead of the environment, where each program started from a process and each dump shows them."""

from collections.abc import Mapping
from pathlib import Path

from chatapp.config_error import ConfigError

SECRETS = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "STORAGE_SECRET_KEY", "METRICS_TOKEN")


def with_secrets(environ: Mapping[str, str]) -> Mapping[str, str]:
    """`environ` with what the files hold that `SECRET_KEY_FILE` and its like name. Raises ConfigError."""
    found = {name: path for name in SECRETS if (path := environ.get(f"{name}_FILE", "").strip())}
    for name in found:
        if environ.get(name, "").strip():
            raise ConfigError(f"{name} and {name}_FILE are both set: leave one of them out")
    # As if they had been there all the time: whoever reads the result once more finds nothing set twice.
    others = {name: value for name, value in environ.items() if name.removesuffix("_FILE") not in found}
    return {**others, **{name: _text_in(Path(path), f"{name}_FILE") for name, path in found.items()}}


def _text_in(path: Path, setting: str) -> str:
    try:
        text = path.read_text("utf-8").strip()
    except (OSError, ValueError) as error:  # ValueError: no text, or no path
        raise ConfigError(f"{setting} names {path}, which cannot be read ({type(error).__name__})") from error
    if not text:
        raise ConfigError(f"{setting} names {path}, which is empty")
    return text
