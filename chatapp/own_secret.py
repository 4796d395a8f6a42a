"""A secret of our own, for where nobody gives us one."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def own_secret(path: Path) -> str:
    """The secret kept in `path`, made on first use; nobody but its owner may read it."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(48))
    return path.read_text().strip()


def _write_once(path: Path, text: str) -> None:
    # Written whole, then linked: two processes that start together read one secret, never half of one.
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
