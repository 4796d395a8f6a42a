"""What every way of sending a file has in common. More of it: test_uploads.py and test_upload_parts.py."""

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from chatapp import db
from chatapp.actions.incoming import Announced
from chatapp.actions.messages import post_message
from chatapp.actions.uploads import receive_upload
from chatapp.models import Upload
from chatapp.storage.disk import DiskStore
from chatapp.upload_errors import TooManyUnsent
from tests.files import in_steps, limit, send, stored
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context", "store")


def rows() -> int:
    db.session().rollback()
    return db.session().scalar(select(func.count()).select_from(Upload)) or 0


def test_of_what_is_in_no_message_one_has_only_so_many(
    app: Flask, cast: Cast, store: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(app, monkeypatch, upload_max_unsent=2)
    first, _ = (send(cast.alice, cast.open_room, b"") for _ in range(2))
    for data, size in ((b"", 0), (b"a" * 70_000, 100_000)):
        said = Announced.checked(str(uuid4()), "a", size)
        with pytest.raises(TooManyUnsent) as refused:
            receive_upload(cast.alice, cast.open_room, said, in_steps(data), length=len(data))
        assert refused.value.values == {"max_count": 2}
    assert (rows(), len(stored(store))) == (2, 2)
    send(cast.bob, cast.open_room, b"")
    post_message(cast.alice, cast.open_room, "see", upload_ids=(first.id,))
    assert send(cast.alice, cast.open_room, b"").is_whole
