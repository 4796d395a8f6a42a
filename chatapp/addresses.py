"""Addresses as hosts and people give them, made into what the parts that use them want."""

from urllib.parse import urlsplit

from chatapp.config_error import ConfigError

_GREEN = "postgresql+psycopg2"
_SCHEMES = {"postgres": _GREEN, "postgresql": _GREEN, _GREEN: _GREEN, "sqlite": "sqlite"}


def database_url(raw: str) -> str:
    """`raw` as SQLAlchemy needs it: hosts say postgres://, and a bare postgresql:// would pick psycopg 3,
    which stops every other greenlet while it waits."""
    scheme, _, rest = raw.partition("://")
    if not rest or scheme not in _SCHEMES:
        raise ConfigError("DATABASE_URL must start with postgres:// or sqlite:/// and say where the database is")
    return f"{_SCHEMES[scheme]}://{rest}"


def storage_url(raw: str) -> str:
    """`raw`, if it names a place for files. Raises ConfigError."""
    if raw != "db:" and not raw.startswith(("file:///", "s3://")):
        raise ConfigError("STORAGE_URL must be file:///folder, s3://bucket?endpoint=https://... or db:")
    return raw


def public_url(raw: str) -> str:
    """`raw` as browsers write an Origin: scheme and host in small letters, a port only where it is unusual.

    Raises ConfigError for anything that no Origin could equal: every socket would be refused without a word.
    """
    if not raw:
        return ""
    try:
        parts = urlsplit(raw)
        port = parts.port
    except ValueError as error:
        raise ConfigError("PUBLIC_URL cannot be read: it looks like https://chat.example.org") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError("PUBLIC_URL must start with https:// (or http:// on a closed network) and name a host")
    if parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ConfigError("PUBLIC_URL is only scheme and host, such as https://chat.example.org, with no path or user")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname.encode("idna").decode()
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")


def redis_url_on_dyno(raw: str) -> str:
    """`raw` for a host whose own Redis signs its certificate itself: encrypted, but the signer cannot be checked.

    A URL that says how to check (`ssl_cert_reqs`) is left alone.
    """
    if not raw.startswith("rediss://") or "ssl_cert_reqs" in raw:
        return raw
    return f"{raw}{'&' if '?' in raw else '?'}ssl_cert_reqs=none"
