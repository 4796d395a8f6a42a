"""What can be told from the settings alone."""

import stat
from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from chatapp.config import INSTANCE, Settings
from chatapp.doctor.finding import Finding, ok, warn, wrong
from chatapp.guards import LOOPBACK

CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv", "/var/run/secrets/kubernetes.io")


def secret_key(
    settings: Settings,
    environ: Mapping[str, str],
    path: Path = INSTANCE / "secret_key",
    *,
    in_container: bool = False,
) -> Finding:
    """Whether anybody could read what signs cookies; with one that can be guessed nothing starts."""
    if named := environ.get("SECRET_KEY_FILE", "").strip():
        return _secret_key_file(settings, Path(named), in_container=in_container)
    if environ.get("SECRET_KEY", "").strip():
        return ok("secret key", f"{len(settings.secret_key)} characters from the environment")
    if not path.exists():
        return ok("secret key", "none yet: the server makes one at its first start")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return wrong("secret key", f"others may read {path.name} (mode {mode:04o})", f"chmod 600 {path}")
    return ok("secret key", f"{len(settings.secret_key)} characters in a file of its own, which only its owner reads")


def _secret_key_file(settings: Settings, path: Path, *, in_container: bool) -> Finding:
    mode = stat.S_IMODE(path.stat().st_mode)
    # Its group may: a file of root and of the server's group is usual. And one mounted into a container all may read.
    if mode & stat.S_IRWXO and not in_container:
        return wrong("secret key", f"others may read the one of SECRET_KEY_FILE (mode {mode:04o})", f"chmod o= {path}")
    return ok("secret key", f"{len(settings.secret_key)} characters from SECRET_KEY_FILE")


def public_url(settings: Settings, app: Flask) -> Finding:
    """Whether people come by https, and their cookies go by nothing else."""
    if not settings.public_url:
        if settings.host in LOOPBACK and not settings.trusted_proxies:
            return warn("public url", "PUBLIC_URL is not set", "set it to https://... before others come")
        return wrong("public url", "PUBLIC_URL is not set", "set it to the address that people type, https://...")
    if not settings.is_https:
        return warn("public url", "PUBLIC_URL is http: passwords and cookies go in the clear", "use https")
    with app.test_request_context("/"):
        cookies = app.session_interface
        flags = {
            "Secure": cookies.get_cookie_secure(app),
            "HttpOnly": cookies.get_cookie_httponly(app),
            "SameSite=Lax": cookies.get_cookie_samesite(app) == "Lax",
            "__Host-": cookies.get_cookie_name(app).startswith("__Host-"),
        }
    if missing := [name for name, is_set in flags.items() if not is_set]:
        return wrong("public url", f"the cookie lacks {', '.join(missing)}", "install chatapp anew, unchanged")
    return ok("public url", f"{settings.public_url}, the cookie is {', '.join(flags)}")


def is_in_container() -> bool:
    """True where the network is our own: who reaches the port is decided where it is published."""
    return any(Path(mark).exists() for mark in CONTAINER_MARKS)


def proxies(settings: Settings, environ: Mapping[str, str], *, in_container: bool = False) -> Finding:
    """Whether the address that somebody comes from is the one that password tries are counted for."""
    hops, on_dyno = settings.trusted_proxies, "DYNO" in environ
    if not hops and (on_dyno or settings.is_https):
        return wrong(
            "proxies",
            "somebody must speak https for us, and TRUSTED_PROXIES is 0: all people count as one address",
            "set TRUSTED_PROXIES=1",
        )
    if hops > 1:
        return warn("proxies", f"TRUSTED_PROXIES is {hops}", "count them: one too many, and strangers choose addresses")
    if in_container and settings.host not in LOOPBACK:
        # 127.0.0.1 would be the container's own, where no proxy is.
        return ok("proxies", f"{hops} in front of us; publish the port where only they reach it, as on 127.0.0.1")
    if hops and not on_dyno and settings.host not in LOOPBACK:
        return warn(
            "proxies",
            f"it listens on {settings.host}, where strangers could pass the proxy by",
            "set HOST=127.0.0.1, or let nobody but the proxy reach the port",
        )
    return ok("proxies", f"{hops} in front of us")


def metrics_token(settings: Settings) -> Finding:
    """Who can read what a monitoring reads."""
    return ok("metrics", "for who has the token" if settings.metrics_token else "closed: METRICS_TOKEN is empty")


def workers(settings: Settings, environ: Mapping[str, str]) -> Finding:
    """Whether as many workers serve as somebody asked for."""
    asked = environ.get("WEB_CONCURRENCY", "").strip()
    if asked not in ("", str(settings.web_concurrency)):
        return warn(
            "workers",
            f"WEB_CONCURRENCY is {asked}, and one worker serves",
            "set REDIS_URL and a DATABASE_URL of PostgreSQL, or leave it out",
        )
    return ok("workers", f"{settings.web_concurrency}")
