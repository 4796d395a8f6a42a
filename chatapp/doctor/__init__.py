"""`python -m chatapp doctor`: is this deployment sound, and what to do where it is not. One small function a check."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from flask import Flask

from chatapp import config, secret_files
from chatapp.actions.file_store import current_store
from chatapp.config import ConfigError, Settings
from chatapp.doctor import database, files, machine, redis_server, settings, visit
from chatapp.doctor.finding import Finding, State, ok, wrong
from chatapp.web.static_files import has_browser_client, is_bundled

__all__ = ["Finding", "State", "examine"]

Check = Callable[[], Iterable[Finding]]


def examine(make_app: Callable[[Settings], Flask], environ: Mapping[str, str]) -> Iterator[Finding]:
    """What all checks find, one after the other. `make_app` makes the application from settings."""
    given = environ
    try:
        environ = secret_files.with_secrets(environ)
    except ConfigError as error:
        yield _unreadable(error)
        return
    if visit.lacks_instance(environ, config.INSTANCE):
        # Not made by us: as root we would make it for root.
        advice = "as who runs the server, run `python -m chatapp migrate`, then ask again"
        yield wrong(
            "settings", "instance/ is not there yet, where the secret, the database or files are to lie", advice
        )
        return
    try:
        app = make_app(config.load(visit.with_a_secret(environ, config.INSTANCE)))
    except ConfigError as error:
        yield _unreadable(error)
        return
    visit.become_owner(config.INSTANCE)  # before the first check, which may be the first to write
    yield ok("settings", "can be read")
    chosen: Settings = app.extensions["chatapp_settings"]
    with app.app_context():
        for check in _checks(app, chosen, environ, given):
            yield from _found_by(check)


def _unreadable(error: ConfigError) -> Finding:
    return wrong("settings", str(error), "correct the environment, then ask again")


def _checks(app: Flask, chosen: Settings, environ: Mapping[str, str], given: Mapping[str, str]) -> list[Check]:
    # Where a secret came from is told by what was given, before the files that it names were read.
    in_container = settings.is_in_container()
    return [
        lambda: [settings.secret_key(chosen, given, in_container=in_container)],
        lambda: [settings.public_url(chosen, app)],
        lambda: [settings.proxies(chosen, environ, in_container=in_container)],
        lambda: [settings.workers(chosen, environ)],
        lambda: [settings.metrics_token(chosen)],
        lambda: database.examine(chosen, environ),
        lambda: redis_server.examine(chosen),
        lambda: [files.store(chosen, current_store())],
        lambda: [files.scanner(chosen)],
        lambda: machine.examine(chosen, is_live=has_browser_client(), is_bundled=is_bundled()),
    ]


def _found_by(check: Check) -> Iterator[Finding]:
    try:
        yield from check()
    except Exception as error:  # noqa: BLE001 - the other checks must have their say
        # Its name alone: its words may hold an address with a password.
        yield wrong("doctor", f"a check failed by itself ({type(error).__name__})", "tell who looks after chatapp")
