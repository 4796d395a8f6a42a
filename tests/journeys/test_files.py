"""Files on the real server: by a plain form, cut off on the way, in parts on any worker, and seen by others."""

import os
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from chatapp import config
from chatapp.storage.contract import STEP_BYTES
from tests.files import PNG
from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.people import REFUSED, SCRIPT_NOT_RUN, Visitor
from tests.journeys.server import Server
from tests.journeys.waiting import eventually

pytestmark = pytest.mark.journey

DATA = os.urandom(1_000_000).hex().encode()  # what comes back is read as text
PART = 700_000  # bytes


def stored(server: Server) -> set[str]:
    """The names of all that its store holds, whole or not."""
    return {path.name for path in server.files.rglob("*") if path.is_file()}


def test_a_form_without_a_script_sends_a_picture_that_others_see_at_once(
    visit: Visit, bob: Visitor, room_id: int, tmp_path: Path
) -> None:
    bob.open_room(room_id)
    alice = visit("Alice", java_script_enabled=False)
    alice.allow(SCRIPT_NOT_RUN)
    alice.goto(f"/rooms/{room_id}")
    (tmp_path / "나.png").write_bytes(PNG)
    (tmp_path / "notes.txt").write_bytes(b"hello")
    alice.page.get_by_label("Files", exact=True).set_input_files([tmp_path / "나.png", tmp_path / "notes.txt"])
    alice.page.get_by_label("What the files show").fill("me, at last\nwhat we said")
    alice.box.fill("look")
    alice.page.get_by_role("button", name="Send").click()
    expect(alice.bodies).to_have_text(["look"])

    for visitor in (alice, bob):
        expect(visitor.lines.get_by_role("link", name="notes.txt")).to_be_visible()
        expect(visitor.lines.get_by_role("img", name="me, at last")).to_be_visible()
    picture = bob.lines.get_by_role("img", name="me, at last")
    bob.eventually(lambda: picture.evaluate("image => image.complete && image.naturalWidth"), "the picture is there")
    with bob.page.expect_download() as download:
        bob.lines.get_by_role("link", name="notes.txt").click()
    assert download.value.suggested_filename == "notes.txt"
    assert Path(download.value.path()).read_bytes() == b"hello"


def test_what_was_cut_off_leaves_nothing_and_comes_again_as_one(server: Server, sign_in: SignIn, room_id: int) -> None:
    alice, client_id = sign_in("Alice"), str(uuid4())
    before = stored(server)
    alice.cut_off(room_id, DATA, client_id=client_id, name="film.bin")
    eventually(lambda: stored(server) == before, what="nothing is left of what was cut off")
    assert alice.get(f"/rooms/{room_id}/uploads/{client_id}").status == 404

    for _ in range(2):
        answer = alice.put_file(room_id, DATA, client_id=client_id, name="film.bin")
        assert (answer.status, answer.json["offset"]) == (201, len(DATA))
    assert len(stored(server) - before) == 1


def test_a_form_is_refused_as_its_file_passes_the_limit_and_a_strangers_before_it_comes(
    server: Server, sign_in: SignIn, new_room: NewRoom
) -> None:
    room_id = new_room(kind="closed")
    before, most = (
        stored(server),
        config.load({"SECRET_KEY": "secret-of-the-tests-of-32-letters"}).upload_max_bytes,
    )
    path, field = f"/rooms/{room_id}/messages", 'Content-Disposition: form-data; name="files"; filename="film.bin"'
    form = {"boundary": "edge", "length": 4 * most}
    # No more of it ever comes: only who counts on the way can say so.
    film = f"--edge\r\n{field}\r\n\r\n".encode() + b"a" * (most + 3 * STEP_BYTES)
    refused = sign_in("Alice").post_begun(path, film, **form)
    assert (refused.status, refused.json["error"]) == (413, "upload_too_large")
    stranger = sign_in("Charlie").post_begun(path, b"", **form)
    assert (stranger.status, stranger.json["error"]) == (404, "room_not_found")
    assert stored(server) == before


def test_parts_come_together_whichever_workers_take_them(server: Server, sign_in: SignIn, room_id: int) -> None:
    alice, query = sign_in("Alice"), {"client_id": str(uuid4()), "name": "film.bin", "size": len(DATA)}
    before = stored(server)
    for start in range(0, len(DATA), PART):
        answer = alice.put_file(room_id, DATA[start : start + PART], offset=start, **query)
    assert answer.status == 201
    upload = answer.json["upload"]
    posted = alice.post(f"/rooms/{room_id}/messages", {"body": "", "upload_ids": [upload["id"]]})
    assert posted.status == 201
    assert len(stored(server) - before) == 1
    bob = sign_in("Bob")
    assert bob.get(f"/rooms/{room_id}/messages/1").json["uploads"] == [upload]
    assert bob.get(upload["url"]).text == DATA.decode()


def test_a_file_over_the_limit_is_refused_by_the_length_that_it_names(
    server: Server, sign_in: SignIn, room_id: int
) -> None:
    alice, query = sign_in("Alice"), {"client_id": str(uuid4()), "name": "film.bin"}
    before, most = (
        stored(server),
        config.load({"SECRET_KEY": "secret-of-the-tests-of-32-letters"}).upload_max_bytes,
    )
    refused = alice.put_begun(room_id, most + 1, **query)
    assert (refused.status, refused.json["error"]) == (413, "upload_too_large")
    # Its size may be announced apart from the part that comes first.
    refused = alice.put_begun(room_id, STEP_BYTES, size=most + 1, **query)
    assert (refused.status, refused.json["error"]) == (413, "upload_too_large")
    assert stored(server) == before


def test_without_a_script_one_reads_how_much_a_form_may_bring(visit: Visit, room_id: int, tmp_path: Path) -> None:
    settings, film = config.load({"SECRET_KEY": "secret-of-the-tests-of-32-letters"}), tmp_path / "film.bin"
    with film.open("wb") as file:
        file.truncate(settings.message_max_uploads * settings.upload_max_bytes + settings.request_max_bytes)
    alice = visit("Alice", java_script_enabled=False)
    alice.allow(SCRIPT_NOT_RUN)
    alice.allow(REFUSED)
    alice.goto(f"/rooms/{room_id}")
    alice.page.get_by_label("Files", exact=True).set_input_files(film)
    alice.box.fill("look")
    alice.page.get_by_role("button", name="Send").click()
    expect(alice.page.locator("#composer-error")).to_contain_text("at most 251 MB")
    expect(alice.box).to_have_value("look")
