import gzip
import os
import shutil
from pathlib import Path

import pytest

from tests.setup.clone import Clone

LONG = "const word = 1\n" * 100


@pytest.fixture
def static(clone: Clone) -> Path:
    shutil.rmtree(clone.folder / "static")
    folder = clone.folder / "static" / "js"
    folder.mkdir(parents=True)
    (folder / "page.js").write_text(LONG)
    return folder


def test_the_same_file_gives_the_same_gz_at_any_time(clone: Clone, static: Path) -> None:
    clone.script("compress_static")
    first = (static / "page.js.gz").read_bytes()
    os.utime(static / "page.js", (1, 1))
    clone.script("compress_static")

    assert (static / "page.js.gz").read_bytes() == first
    assert gzip.decompress(first).decode() == LONG


def test_the_gz_of_a_file_that_is_gone_goes_too(clone: Clone, static: Path) -> None:
    clone.script("compress_static")
    (static / "page.js").unlink()
    clone.script("compress_static")

    assert not list(static.iterdir())


def test_pictures_and_tiny_files_get_none(clone: Clone, static: Path) -> None:
    (static / "tiny.js").write_text("1")
    (static / "face.png").write_bytes(b"\0" * 1000)
    clone.script("compress_static")

    assert [path.name for path in static.glob("*.gz")] == ["page.js.gz"]
