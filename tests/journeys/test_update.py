"""What an update does to the files of a server that runs: nothing, until it is told to reload."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.journeys.server import ROOT, Server
from tests.journeys.waiting import eventually

pytestmark = pytest.mark.journey

PARTS = ("chatapp", "locales", "static", "templates", "wsgi.py")
LATE = "js/helpers/emoji_dialog.js"  # a tab asks for it when somebody wants an emoji, days after the page perhaps
FROM_NOW_ON = "of-the-next-release"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The repository once more, for a test to change."""
    folder = tmp_path / "checkout"
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
        folder.mkdir(exist_ok=True)
        copy(ROOT / part, folder / part)
    return folder


@pytest.fixture
def server(tmp_path: Path, checkout: Path) -> Iterator[Server]:
    server = Server("update", DATABASE_URL=f"sqlite:///{tmp_path / 'chatapp.db'}")
    server.root = checkout
    server.migrate()
    server.start()
    yield server
    server.stop()


def get(server: Server, path: str) -> bytes:
    with urlopen(server.url + path, timeout=10) as answer:  # noqa: S310
        content: bytes = answer.read()
        assert int(answer.headers["Content-Length"]) == len(content)
        return content


def release_of(page: bytes) -> str:
    found = re.search(rb"/static/v-[0-9a-f]+/", page)
    assert found is not None
    return found[0].decode()


def test_an_update_changes_nothing_before_the_reload_and_open_pages_keep_what_they_know(
    server: Server, checkout: Path
) -> None:
    template, script = checkout / "templates" / "base.html", checkout / "static" / LATE
    was = script.read_bytes()
    template.write_text(template.read_text().replace("<body", f'<body data-is="{FROM_NOW_ON}"', 1))
    script.write_bytes(b"// " + FROM_NOW_ON.encode() + b"\n" + was)

    # The first page of this worker: no template was read for another before.
    page = get(server, "/login")
    assert FROM_NOW_ON.encode() not in page
    old = release_of(page)
    assert get(server, old + LATE) == was

    server.reload()
    eventually(lambda: "roll done" in server.log, what="the roll is done")

    page = get(server, "/login")
    new = release_of(page)
    assert new != old
    assert FROM_NOW_ON.encode() in page
    assert get(server, new + LATE) == script.read_bytes()
    assert get(server, old + LATE) == was
