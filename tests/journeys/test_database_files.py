"""Files in the database: for a first deploy on a host that throws its disk away."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from chatapp.models.stored_chunk import MAX_BYTES
from tests.journeys.conftest import Visit, email_of, running
from tests.journeys.files import all_there, choose, file, picture, staged
from tests.journeys.protocol import Client
from tests.journeys.server import Server

pytestmark = pytest.mark.journey


@pytest.fixture
def by_database(tmp_path: Path) -> Iterator[Server]:
    """A server without a folder or a bucket for files, and Alice's account on it."""
    server = Server("database", DATABASE_URL=f"sqlite:///{tmp_path / 'chatapp.db'}", STORAGE_URL="db:")
    server.migrate()
    server.create_user("Alice", email=email_of("Alice"), is_admin=True)
    yield from running(server)
    assert not server.files.exists()


def test_a_file_is_chosen_sent_and_downloaded_by_another(by_database: Server, arrive: Visit) -> None:
    founder, data = Client(by_database.url, email_of("Alice")), os.urandom(5_000_000)
    room_id = founder.create_room("Files", kind="open")
    clients = {"Alice": founder, "Bob": founder.invite("Bob", email=email_of("Bob"))}
    alice, bob = (arrive(name, by_database.url) for name in clients)
    for visitor, client in zip((alice, bob), clients.values(), strict=True):
        visitor.server = by_database
        visitor.be_signed_in(client)
        visitor.open_room(room_id)
    choose(alice, file("film.bin", data), file("me.png", picture()), file("large.bin", bytes(MAX_BYTES + 1)))
    expect(alice.page.get_by_text("large.bin is too large: a file may have at most 10 MB.")).to_be_visible()
    expect(staged(alice)).to_have_count(2)
    all_there(alice)
    alice.say("look")
    expect(bob.bodies).to_have_text(["look"])
    shown = bob.lines.get_by_role("img", name="me.png")
    bob.eventually(lambda: shown.evaluate("image => image.complete && image.naturalWidth > 0"), "it is shown")
    with bob.page.expect_download() as download:
        bob.lines.get_by_role("link", name="film.bin").click()
    assert download.value.suggested_filename == "film.bin"
    assert download.value.path().read_bytes() == data
