"""Files pass a virus scanner before anybody but their authors gets them."""

from uuid import uuid4

import pytest
from flask import Flask

from chatapp import access, db
from chatapp.actions import held_files, upload_parts
from chatapp.actions.files import read_files
from chatapp.actions.held_files import AT_ONCE, TRIES, look_at_next
from chatapp.actions.messages import delete_message, post_message
from chatapp.actions.pruning import Pruned, prune_uploads
from chatapp.actions.scanning import is_unscanned, verdict_on
from chatapp.actions.uploads import find_upload, open_bytes, receive_upload
from chatapp.clamd import ScannerAway, Verdict
from chatapp.events import Down
from chatapp.models import Person, Upload
from chatapp.storage.disk import DiskStore
from chatapp.upload_errors import UploadInfected, UploadNotFound, UploadTooLargeToScan
from tests.actions.held import a_minute_passes, seen_by_bob, upload_of
from tests.files import PNG, announced, in_steps, limit, send, stored
from tests.parts.clamd import EICAR, MOST_BYTES, Clamd
from tests.parts.server import free_port
from tests.pictures import SECRETS, opened, photo
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context", "store")

NOTHING = Pruned(abandoned=0, deleted=0, unknown=0, unfinished=0, missing=())


@pytest.fixture
def scanner(app: Flask, clamd_server: Clamd, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files must pass it."""
    limit(app, monkeypatch, clamd_url=clamd_server.url)


@pytest.fixture
def away(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """They must, and nobody is there."""
    limit(app, monkeypatch, clamd_url=f"tcp://127.0.0.1:{free_port()}")


def comes_back(app: Flask, clamd_server: Clamd, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scanner, a minute later."""
    limit(app, monkeypatch, clamd_url=clamd_server.url)
    a_minute_passes()


def may_fetch(person: Person, upload_id: int) -> bool:
    db.session().rollback()
    try:
        return access.readable_upload(person, upload_id).id == upload_id
    except UploadNotFound:
        return False


@pytest.mark.usefixtures("scanner")
def test_what_passes_is_everybodys_at_once(cast: Cast) -> None:
    upload = send(cast.alice, cast.open_room, b"harmless")
    assert (upload.is_held, is_unscanned(upload)) == (False, False)
    post_message(cast.alice, cast.open_room, "", upload_ids=(upload.id,))
    assert may_fetch(cast.bob, upload.id)


@pytest.mark.usefixtures("scanner")
def test_a_picture_that_passes_is_still_looked_at(cast: Cast) -> None:
    upload = send(cast.alice, cast.open_room, PNG)
    assert (upload.is_held, is_unscanned(upload)) == (True, False)
    assert look_at_next()
    post_message(cast.alice, cast.open_room, "", upload_ids=(upload.id,))
    assert may_fetch(cast.bob, upload.id)


@pytest.mark.asvs("14.2.4")
@pytest.mark.usefixtures("scanner")
@pytest.mark.parametrize("kind", ["JPEG", "AVIF"])
def test_a_picture_that_passes_does_not_tell_where_it_was_taken(cast: Cast, kind: str) -> None:
    upload = send(cast.alice, cast.open_room, photo(kind), name="a.picture")
    post_message(cast.alice, cast.open_room, "", upload_ids=(upload.id,))
    assert (upload.is_held, is_unscanned(upload), may_fetch(cast.bob, upload.id)) == (True, False, False)
    assert look_at_next()
    assert may_fetch(cast.bob, upload.id)
    upload = access.readable_upload(cast.bob, upload.id)
    saved = b"".join(open_bytes(upload, 0, upload.size))
    assert [each for each in SECRETS if each in saved] == []
    assert opened(saved).size == (640, 480)


@pytest.mark.asvs("5.4.3")
@pytest.mark.usefixtures("scanner")
def test_what_does_not_pass_is_refused_and_nothing_of_it_is_left(cast: Cast, store: DiskStore) -> None:
    for _ in range(2):
        with pytest.raises(UploadInfected):
            send(cast.alice, cast.open_room, EICAR, client_id="11111111-1111-4111-8111-111111111111")
    assert stored(store) == []
    assert not look_at_next()
    assert post_message(cast.alice, cast.open_room, "still here").number == 1


@pytest.mark.usefixtures("scanner")
def test_one_that_comes_in_parts_is_scanned_whole(
    cast: Cast, store: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_parts, "MIN_PART_BYTES", 1)
    said = announced(EICAR)
    receive_upload(cast.alice, cast.open_room, said, in_steps(EICAR[:20]), start=0, length=20)
    rest = EICAR[20:]
    with pytest.raises(UploadInfected):
        receive_upload(cast.alice, cast.open_room, said, in_steps(rest), start=20, length=len(rest))
    assert stored(store) == []


@pytest.mark.usefixtures("scanner")
def test_what_it_does_not_take_goes_not_past_it(cast: Cast, store: DiskStore) -> None:
    with pytest.raises(UploadTooLargeToScan):
        send(cast.alice, cast.open_room, bytes(3 * MOST_BYTES))
    assert stored(store) == []


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("data", [b"harmless", PNG])
def test_while_it_is_away_a_file_is_its_authors_alone(
    app: Flask, cast: Cast, clamd_server: Clamd, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    upload = send(cast.alice, cast.open_room, data)
    assert (upload.is_held, is_unscanned(upload)) == (True, True)
    post_message(cast.alice, cast.open_room, "", upload_ids=(upload.id,))
    before = seen_by_bob(cast)
    assert (before.event, before.uploads[0].is_held) == (Down.MESSAGE_POSTED, True)
    for _ in range(5):
        assert look_at_next()
        assert not look_at_next()
        assert [may_fetch(each, upload.id) for each in (cast.alice, cast.bob, cast.dana)] == [True, False, False]
        a_minute_passes()
    comes_back(app, clamd_server, monkeypatch)
    assert look_at_next()
    after = seen_by_bob(cast)
    assert (after.event, after.version) == (Down.MESSAGE_CHANGED, before.version + 1)
    assert (after.uploads[0].is_held, after.uploads[0].is_infected) == (False, False)
    assert may_fetch(cast.bob, upload.id)


@pytest.mark.usefixtures("away")
def test_what_is_found_only_after_it_was_sent_is_taken_out_of_its_message(
    app: Flask, cast: Cast, store: DiskStore, clamd_server: Clamd, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id = send(cast.alice, cast.open_room, EICAR, name="report.pdf").id
    posted = post_message(cast.alice, cast.open_room, "look", upload_ids=(upload_id,))
    version = seen_by_bob(cast).version
    comes_back(app, clamd_server, monkeypatch)
    assert look_at_next()
    assert not look_at_next()
    fact = seen_by_bob(cast)
    shown = fact.uploads[0]
    assert (fact.event, fact.version, fact.body) == (Down.MESSAGE_CHANGED, version + 1, "look")
    assert (shown.name, shown.is_infected, shown.is_held, shown.size) == ("report.pdf", True, False, 0)
    assert "upload__card--infected" in fact.html
    assert f'href="{shown.url}' not in fact.html
    assert not any(may_fetch(each, upload_id) for each in (cast.alice, cast.bob))
    assert (stored(store), read_files(cast.bob, cast.open_room), prune_uploads()) == ([], [], NOTHING)
    delete_message(cast.alice, posted.id)
    assert db.session().get(Upload, upload_id) is None


@pytest.mark.usefixtures("away")
def test_what_is_found_before_it_was_sent_is_refused_from_then_on(
    app: Flask, cast: Cast, store: DiskStore, clamd_server: Clamd, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_id = str(uuid4())
    upload = send(cast.alice, cast.open_room, EICAR, client_id=client_id)
    comes_back(app, clamd_server, monkeypatch)
    assert look_at_next()
    with pytest.raises(UploadInfected):
        post_message(cast.alice, cast.open_room, "look", upload_ids=(upload.id,))
    with pytest.raises(UploadNotFound):
        post_message(cast.bob, cast.open_room, "look", upload_ids=(upload.id,))
    with pytest.raises(UploadInfected):
        find_upload(cast.alice, cast.open_room, client_id)
    with pytest.raises(UploadInfected):
        send(cast.alice, cast.open_room, EICAR, client_id=client_id)
    assert stored(store) == []


@pytest.mark.usefixtures("away")
def test_who_asks_again_has_it_scanned_then(
    app: Flask, cast: Cast, clamd_server: Clamd, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_id = str(uuid4())
    send(cast.alice, cast.open_room, b"harmless", client_id=client_id)
    comes_back(app, clamd_server, monkeypatch)
    assert not send(cast.alice, cast.open_room, b"harmless", client_id=client_id).is_held


def test_without_a_scanner_nothing_waits_for_one(cast: Cast) -> None:
    upload = send(cast.alice, cast.open_room, EICAR)
    assert (upload.is_held, is_unscanned(upload)) == (False, False)


@pytest.mark.usefixtures("away")
def test_what_waits_for_a_scanner_that_is_no_more_is_let_go(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = send(cast.alice, cast.open_room, b"harmless")
    limit(app, monkeypatch, clamd_url="")
    assert look_at_next()
    assert not (find_upload(cast.alice, cast.open_room, upload.client_id)).is_held


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("data", [b"harmless", PNG])
def test_files_that_are_lost_before_they_were_scanned_keep_no_other_waiting(
    app: Flask, cast: Cast, store: DiskStore, clamd_server: Clamd, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    lost = [send(cast.alice, cast.open_room, data).id for _ in range(AT_ONCE)]
    good = send(cast.alice, cast.open_room, data).id
    for each in lost:
        store.delete(upload_of(each).storage_key or "")
    comes_back(app, clamd_server, monkeypatch)
    assert [look_at_next() for _ in range(AT_ONCE + 2)] == [True] * (AT_ONCE + 1) + [False]
    assert [upload_of(each).is_held for each in (*lost, good)] == [True] * AT_ONCE + [False]
    for _ in range(TRIES):
        a_minute_passes()
        assert [look_at_next() for _ in range(AT_ONCE + 1)] == [True] * AT_ONCE + [False]
    # Not before an hour has passed, and never without the scanner's word.
    a_minute_passes()
    assert not look_at_next()
    assert [(upload_of(each).is_held, upload_of(each).scanned_at) for each in lost] == [(True, None)] * AT_ONCE


@pytest.mark.usefixtures("scanner")
def test_files_that_it_never_answers_for_keep_no_other_waiting(
    app: Flask, cast: Cast, clamd_server: Clamd, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(app, monkeypatch, clamd_url=f"tcp://127.0.0.1:{free_port()}")
    *silent, good = (send(cast.alice, cast.open_room, b"harmless").id for _ in range(AT_ONCE + 1))
    keys = {upload_of(each).storage_key for each in silent}

    def verdict(key: str, size: int) -> Verdict:
        if key in keys:
            raise ScannerAway
        return verdict_on(key, size)

    monkeypatch.setattr(held_files, "verdict_on", verdict)
    comes_back(app, clamd_server, monkeypatch)
    assert [look_at_next() for _ in range(AT_ONCE + 2)] == [True] * (AT_ONCE + 1) + [False]
    assert [upload_of(each).is_held for each in (*silent, good)] == [True] * AT_ONCE + [False]
