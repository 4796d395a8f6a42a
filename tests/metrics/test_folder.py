"""What workers leave for one another."""

import os
from pathlib import Path

from chatapp.metrics.folder import STALE_SECONDS, Folder
from chatapp.metrics.snapshot import Snapshot

SNAPSHOT: Snapshot = {"chatapp_connections": 3, "chatapp_deliveries": 9}


def test_the_others_are_read_and_not_oneself(tmp_path: Path) -> None:
    one, two = Folder(tmp_path, 1), Folder(tmp_path, 2)
    one.keep(SNAPSHOT)
    assert list(one.others()) == []
    assert list(two.others()) == [SNAPSHOT]


def test_of_one_that_is_silent_only_what_it_has_done_counts(tmp_path: Path) -> None:
    Folder(tmp_path, 1).keep(SNAPSHOT)
    path = tmp_path / "worker-1.json"
    long_ago = path.stat().st_mtime - STALE_SECONDS - 1
    os.utime(path, (long_ago, long_ago))
    assert list(Folder(tmp_path, 2).others()) == [{"chatapp_deliveries": 9}]


def test_who_gets_the_number_of_another_goes_on_counting_from_there(tmp_path: Path) -> None:
    assert Folder(tmp_path, 1).left_behind() == {}
    Folder(tmp_path, 1).keep(SNAPSHOT)
    assert Folder(tmp_path, 1).left_behind() == {"chatapp_deliveries": 9}


def test_half_a_file_is_never_there(tmp_path: Path) -> None:
    Folder(tmp_path, 1).keep(SNAPSHOT)
    (tmp_path / "worker-2.draft").write_text('{"chatapp_')
    assert list(Folder(tmp_path, 3).others()) == [SNAPSHOT]
