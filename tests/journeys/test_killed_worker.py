"""A worker that is killed while a file comes: the file comes again, once, and what is lost can be named."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.command_line import run_command
from tests.journeys.conftest import email_of, running
from tests.journeys.protocol import Client
from tests.journeys.server import Server
from tests.journeys.waiting import eventually

pytestmark = pytest.mark.journey

DATA = os.urandom(4_000_000).hex().encode()  # what comes back is read as text
PART = 5_000_000  # bytes


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """One of its own, of one worker, since files are taken from under it."""
    server = Server("killed", DATABASE_URL=f"sqlite:///{tmp_path / 'chatapp.db'}", WEB_CONCURRENCY="1")
    server.migrate()
    server.create_user("Alice", email=email_of("Alice"), is_admin=True)
    yield from running(server)


def drafts(server: Server) -> list[int]:
    """The lengths of what is coming just now."""
    return [path.stat().st_size for path in (server.files / "incoming").glob("*")]


def kill_worker_amid(server: Server, alice: Client, room_id: int, data: bytes, **query: object) -> None:
    """Send 90 % of these bytes, and kill the worker when it has stored most of them."""
    pid = server.worker_pids[1]
    with alice.begun_file(room_id, data, **query):
        eventually(lambda: max(drafts(server), default=0) > len(data) * 8 // 10, what="most of it has come")
        server.kill_worker(1)
        eventually(lambda: server.worker_pids[1] != pid, what="another worker is there")


@pytest.mark.parametrize("start", [0, PART], ids=["whole", "in parts"])
def test_a_file_whose_worker_was_killed_comes_again_as_one_message_with_one_file(server: Server, start: int) -> None:
    alice, query = Client(server.url, email_of("Alice")), {"client_id": str(uuid4()), "name": "film.bin"}
    room_id = alice.create_room("Films")
    if start:
        assert alice.put_file(room_id, DATA[:start], size=len(DATA), **query).json["offset"] == start
    kill_worker_amid(server, alice, room_id, DATA[start:], size=len(DATA), offset=start, **query)

    # As the page does: it asks how far it has come, sends the rest under the same id, and asks again.
    address = f"/rooms/{room_id}/uploads/{query['client_id']}"
    progress = alice.get(address)
    assert (progress.status, progress.json.get("offset", 0)) == ((200, start) if start else (404, 0))
    sent = alice.put_file(room_id, DATA[start:], size=len(DATA), offset=start, **query)
    (upload_id,) = {each.json["upload"]["id"] for each in (sent, alice.get(address))}
    message = {"client_id": str(uuid4()), "body": "look", "upload_ids": [upload_id]}
    assert [alice.post(f"/rooms/{room_id}/messages", message).status for _ in range(2)] == [201, 201]
    (item,) = alice.get(f"/rooms/{room_id}/messages").json["items"]
    (upload,) = item["uploads"]
    assert (item["body"], upload["id"], upload["size"]) == ("look", upload_id, len(DATA))
    assert alice.get(upload["url"], accept="*/*").text == DATA.decode()
    assert "Removed 0 that no message knows" in server.command("prune-uploads")
    assert alice.get(upload["url"], accept="*/*").status == 200

    # A backup that came back without it: nobody can mend that, so it is named.
    (kept,) = [path for path in server.files.rglob("*") if path.is_file() and path.stat().st_size == len(DATA)]
    kept.unlink()
    run = run_command(("prune-uploads",), server.environment)
    assert (run.returncode, f"the bytes of these uploads are missing: {upload_id}" in run.stderr) == (1, True)
