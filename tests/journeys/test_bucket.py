"""Files in a bucket: the browser gets pictures from there, under the policy of our pages."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit, email_of, running
from tests.journeys.files import choose, file
from tests.journeys.protocol import Client
from tests.journeys.server import Server
from tests.parts.s3 import KEY_ID, S3, SECRET_KEY
from tests.pictures import photo

pytestmark = pytest.mark.journey


@pytest.fixture(params=["sqlite"])
def by_bucket(tmp_path: Path, s3_server: S3) -> Iterator[Server]:
    """A server whose files lie in a bucket."""
    server = Server(
        "bucket",
        DATABASE_URL=f"sqlite:///{tmp_path / 'chatapp.db'}",
        STORAGE_URL=s3_server.storage_url,
        STORAGE_KEY_ID=KEY_ID,
        STORAGE_SECRET_KEY=SECRET_KEY,
    )
    server.migrate()
    server.create_user("Alice", email=email_of("Alice"), is_admin=True)
    yield from running(server)


def test_a_picture_comes_from_the_bucket_into_the_page(by_bucket: Server, s3_server: S3, arrive: Visit) -> None:
    client = Client(by_bucket.url, email_of("Alice"))
    alice = arrive("Alice", by_bucket.url)
    alice.server = by_bucket
    alice.be_signed_in(client)
    alice.open_room(client.create_room("Pictures", kind="open"))
    came: list[tuple[str, int]] = []
    alice.page.on("response", lambda answer: came.append((answer.url, answer.status)))
    choose(alice, file("me.jpg", photo()), file("notes.bin", b"\0\1"))
    alice.say("look")
    picture = alice.lines.get_by_role("img", name="me.jpg")
    alice.eventually(lambda: picture.evaluate("image => image.complete && image.naturalWidth > 0"), "it is shown")
    bucket = urlsplit(s3_server.url).netloc
    assert 200 in [status for url, status in came if urlsplit(url).netloc == bucket]
    # Large, in the dialog: the same way.
    picture.click()
    large = alice.page.locator("dialog img")
    alice.eventually(lambda: large.first.evaluate("image => image.complete && image.naturalWidth > 0"), "it is large")
    alice.page.keyboard.press("Escape")
    with alice.page.expect_download() as download:
        alice.lines.get_by_role("link", name="notes.bin").click()
    assert download.value.suggested_filename == "notes.bin"
    assert download.value.path().read_bytes() == b"\0\1"
    expect(alice.bodies).to_have_text(["look"])
