"""The browser's files, under an address that changes with them, so that a browser asks for each only once.

A worker serves copies (`chatapp/web/releases.py`): what an update does to `static/` changes no answer, and pages of
other releases find their files too.
"""

import logging
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from whitenoise import WhiteNoise  # type: ignore[import-untyped]

from chatapp import config
from chatapp.config import ROOT, Settings
from chatapp.web.releases import Releases, name_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STATIC = ROOT / "static"
BROWSER_CLIENT = STATIC / "vendor" / "socket.io.esm.min.js"
BUNDLES = (STATIC / "dist" / "app.js", STATIC / "dist" / "app.css")  # bin/bundling.py makes them
BUNDLED = ("js", "vendor", "css")  # of the files in these folders
ADDRESS = re.compile(r"/static/([^/]+)/.")
STDIN = 0

logger = logging.getLogger(__name__)


def init_app(app: Flask, settings: Settings) -> None:
    """Serve `static/` beside `app`, in front of it."""
    # What is no worker of ours ends soon (a command, a test), or is another server's, whose disk we do not know.
    releases = Releases(config.INSTANCE / "static") if settings.worker_number else None
    app.wsgi_app = StaticFiles(app, releases, follows=is_at_terminal())  # type: ignore[method-assign]
    if not has_browser_client():
        logger.warning("browser client missing: run 'make setup'; pages work, not live file=%s", BROWSER_CLIENT.name)


class StaticFiles:
    """Answers with the files of this release, and with those of any other that there is a copy of.

    With `follows` pages ask for the files as they are now, for whoever changes them at a terminal.
    """

    def __init__(self, app: Flask, releases: Releases | None, *, follows: bool = False) -> None:
        self._app = app
        self._behind: WSGIApplication = app.wsgi_app
        self._releases = releases
        self._files = WhiteNoise(self._behind, immutable_file_test=lambda _path, _url: True)
        self._known: set[str] = set()
        self._follows = follows and releases is not None
        self._seen: object = None
        self._show_present()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """The file, or what the app behind answers."""
        address = ADDRESS.match(environ.get("PATH_INFO", ""))
        if address and self._releases is not None and address[1] not in self._known:
            self._look_for(self._releases, address[1])
        elif not address and self._follows and _state(STATIC) != self._seen:
            self._show_present()
        answer: Iterable[bytes] = self._files(environ, start_response)
        return answer

    def _show_present(self) -> None:
        self._seen = _state(STATIC)
        folder = self._copied()
        name = name_of(STATIC) if folder == STATIC else folder.name
        self._add(folder, name)
        self._app.extensions["chatapp_static_prefix"] = f"/static/{name}/"
        self._app.extensions["chatapp_is_bundled"] = is_bundled()
        # Of what we serve, also while an update empties the folder under us.
        self._app.extensions["chatapp_has_browser_client"] = has_browser_client()

    def _copied(self) -> Path:
        if self._releases is None:
            return STATIC
        try:
            return self._releases.take_in(STATIC)
        except OSError as error:
            why = "instance/static cannot be written: an update disturbs open pages"
            logger.warning("static files not copied error=%s why=%r", type(error).__name__, why)
            return STATIC

    def _look_for(self, releases: Releases, name: str) -> None:
        if (copy := releases.find(name)) is not None:
            self._add(copy, name)

    def _add(self, folder: Path, name: str) -> None:
        self._known.add(name)
        self._files.add_files(str(folder), prefix=f"/static/{name}/")


def has_browser_client() -> bool:
    """True when set-up has fetched the socket.io client; without it pages work, but not live."""
    return BROWSER_CLIENT.is_file()


def is_bundled() -> bool:
    """True when one script and one sheet hold all that pages load, and nothing was changed since they were made."""
    if not all(bundle.is_file() for bundle in BUNDLES):
        return False
    sources = (path for folder in BUNDLED for path in (STATIC / folder).rglob("*.*s") if path.suffix in {".js", ".css"})
    return min(bundle.stat().st_mtime for bundle in BUNDLES) >= max(path.stat().st_mtime for path in sources)


def is_at_terminal() -> bool:
    """True where somebody has started us by hand."""
    return os.isatty(STDIN)


def _state(folder: Path) -> object:
    # Times and sizes alone: it is asked before each page, and reading them all takes longer than making one.
    files = ((path, path.stat()) for path in folder.rglob("*"))
    return sorted((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in files)
