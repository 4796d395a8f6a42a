"""The browser's files, under an address that changes with them, so that a browser asks for each only once."""

import hashlib
import logging
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise  # type: ignore[import-untyped]

from chatapp.config import ROOT

logger = logging.getLogger(__name__)

STATIC = ROOT / "static"
BROWSER_CLIENT = STATIC / "vendor" / "socket.io.esm.min.js"
BUNDLES = (STATIC / "dist" / "app.js", STATIC / "dist" / "app.css")  # bin/bundling.py makes them
BUNDLED = ("js", "vendor", "css")  # of the files in these folders


def init_app(app: Flask) -> None:
    """Serve `static/` beside `app`, in front of it."""
    prefix = f"/static/v-{_fingerprint(STATIC)}/"
    app.extensions["chatapp_static_prefix"] = prefix
    app.extensions["chatapp_is_bundled"] = is_bundled()
    files = WhiteNoise(app.wsgi_app, immutable_file_test=lambda _path, _url: True)
    files.add_files(str(STATIC), prefix=prefix)
    app.wsgi_app = files  # type: ignore[method-assign]
    if not has_browser_client():
        logger.warning("browser client missing: run 'make setup'; pages work, not live file=%s", BROWSER_CLIENT.name)


def has_browser_client() -> bool:
    """True when set-up has fetched the socket.io client; without it pages work, but not live."""
    return BROWSER_CLIENT.is_file()


def is_bundled() -> bool:
    """True when one script and one sheet hold all that pages load, and nothing was changed since they were made."""
    if not all(bundle.is_file() for bundle in BUNDLES):
        return False
    sources = (path for folder in BUNDLED for path in (STATIC / folder).rglob("*.*s") if path.suffix in {".js", ".css"})
    return min(bundle.stat().st_mtime for bundle in BUNDLES) >= max(path.stat().st_mtime for path in sources)


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file() and each.suffix != ".gz"):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
