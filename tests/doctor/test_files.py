"""Where the files of a deployment go, and who looks at them."""

from pathlib import Path

import pytest

from chatapp.actions.file_store import current_store
from chatapp.doctor import files
from chatapp.storage import Store
from tests.doctor.support import application, settings_of
from tests.parts.clamd import Clamd
from tests.parts.s3 import KEY_ID, S3, SECRET_KEY
from tests.parts.server import free_port


def store_state(url: str, **environ: str) -> str:
    settings = settings_of(DATABASE_URL="sqlite:///:memory:", STORAGE_URL=url, **environ)
    with application(settings):
        return str(files.store(settings, current_store()).state)


def test_a_folder_takes_gives_and_keeps_nothing_of_the_probe(tmp_path: Path) -> None:
    assert store_state(f"file://{tmp_path}/files") == "ok"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_folder_that_cannot_be_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert store_state(f"file://{tmp_path}/file/files") == "wrong"


def test_a_bucket_takes_gives_and_forgets(s3_server: S3) -> None:
    keys = {"STORAGE_KEY_ID": KEY_ID, "STORAGE_SECRET_KEY": SECRET_KEY}
    assert store_state(s3_server.storage_url, **keys) == "ok"
    assert store_state(s3_server.storage_url, **{**keys, "STORAGE_SECRET_KEY": "another"}) == "wrong"


def test_bytes_in_a_database_without_tables_are_wrong() -> None:
    assert store_state("db:") == "wrong"


def test_a_store_that_gives_something_else_is_wrong(tmp_path: Path) -> None:
    class Forgetful:
        def __init__(self, inner: Store) -> None:
            self.inner = inner

        def __getattr__(self, name: str) -> object:
            return getattr(self.inner, name)

        def open(self, key: str, start: int, stop: int) -> object:
            (found,) = tmp_path.glob(f"files/*/{key}")
            found.write_bytes(b"another thing")
            return self.inner.open(key, start, stop)

    settings = settings_of(DATABASE_URL="sqlite:///:memory:", STORAGE_URL=f"file://{tmp_path}/files")
    with application(settings):
        assert files.store(settings, Forgetful(current_store())).state == "wrong"  # type: ignore[arg-type]


def test_a_scanner_that_finds_what_it_must_is_sound(clamd_server: Clamd) -> None:
    assert files.scanner(settings_of(CLAMD_URL=clamd_server.url)).state == "ok"
    assert files.scanner(settings_of()).state == "ok"


def test_a_scanner_that_is_away_is_wrong() -> None:
    assert files.scanner(settings_of(CLAMD_URL=f"tcp://127.0.0.1:{free_port()}")).state == "wrong"


def test_a_scanner_that_knows_no_virus_is_wrong(clamd_server: Clamd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "EICAR", b"nothing that it knows")
    assert files.scanner(settings_of(CLAMD_URL=clamd_server.url)).state == "wrong"
