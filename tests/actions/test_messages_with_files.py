"""Text and files are one message."""

from uuid import uuid4

import pytest
from flask import Flask

from chatapp import db
from chatapp.actions.history import read_changes, read_newest
from chatapp.actions.messages import delete_message, edit_message, post_message
from chatapp.errors import BadRequest, ChatError, MessageEmpty
from chatapp.events import MessageFact
from chatapp.fragments import message_fact
from chatapp.models import Upload
from chatapp.storage.disk import DiskStore
from chatapp.upload_errors import TooManyUploads, UploadAltTooLong, UploadNotFound
from tests.actions.questions import head_of
from tests.files import PNG, limit, send, stored
from tests.models.test_reaction import questions
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context", "store")


def told(cast: Cast) -> MessageFact:
    """The newest message as Bob gets it when he comes back."""
    fact = read_changes(cast.bob, cast.open_room, 0).items[-1]
    assert fact.uploads == message_fact(read_newest(cast.bob, cast.open_room).said[-1]).uploads
    return fact


def test_files_come_with_their_message_in_the_order_given(cast: Cast) -> None:  # behaviour 57
    ids = [send(cast.alice, cast.open_room, PNG, name=f"{name}.png").id for name in "abc"]
    post_message(cast.alice, cast.open_room, "look", upload_ids=(ids[2], ids[0], ids[1]))
    fact = told(cast)
    assert [upload.id for upload in fact.uploads] == [ids[2], ids[0], ids[1]]
    first = fact.uploads[0]
    assert (first.name, first.kind, first.media_type, first.size) == ("c.png", "picture", "image/png", len(PNG))
    assert first.url == f"/uploads/{ids[2]}/c.png"
    assert 'aria-label="c.png"' in fact.html


def test_what_pictures_show_is_said_in_words(cast: Cast) -> None:  # behaviour 58
    ids = tuple(send(cast.alice, cast.open_room, PNG, name=f"{name}.png").id for name in "abc")
    alts = ('Two "cats"\non a sofa', " ", "고양이")
    posted = post_message(cast.alice, cast.open_room, "look", upload_ids=ids, upload_alts=alts)
    assert [upload.alt for upload in told(cast).uploads] == ['Two "cats" on a sofa', None, "고양이"]
    for words in ("Two &#34;cats&#34; on a sofa", "b.png", "고양이"):
        assert f'aria-label="{words}"' in told(cast).html
    delete_message(cast.alice, posted.id)
    assert "고양이" not in [upload.alt for upload in (db.session().get(Upload, each) for each in ids) if upload]


@pytest.mark.parametrize(
    ("alts", "error"),
    [(("one",), BadRequest), (("one", "two", "three"), BadRequest), (("a" * 501, ""), UploadAltTooLong)],
)
def test_words_that_fit_no_picture_are_refused(cast: Cast, alts: tuple[str, ...], error: type[ChatError]) -> None:
    ids = tuple(send(cast.alice, cast.open_room, PNG).id for _ in range(2))
    head = head_of(cast.open_room)
    with pytest.raises(error):
        post_message(cast.alice, cast.open_room, "look", upload_ids=ids, upload_alts=alts)
    assert head_of(cast.open_room) == head
    assert post_message(cast.alice, cast.open_room, "look", upload_ids=ids).number == 1


def test_a_message_may_be_files_alone(cast: Cast) -> None:
    upload = send(cast.alice, cast.open_room)
    post_message(cast.alice, cast.open_room, " \n", upload_ids=(upload.id,))
    assert (told(cast).body, len(told(cast).uploads)) == ("", 1)
    with pytest.raises(MessageEmpty):
        post_message(cast.alice, cast.open_room, " \n")


def test_an_edit_changes_the_text_and_leaves_the_files(cast: Cast) -> None:
    upload = send(cast.alice, cast.open_room)
    posted = post_message(cast.alice, cast.open_room, "look", upload_ids=(upload.id,))
    for text in ("see", ""):
        edit_message(cast.alice, posted.id, text)
        assert (told(cast).body, len(told(cast).uploads)) == (text, 1)
    plain = post_message(cast.alice, cast.open_room, "text")
    with pytest.raises(MessageEmpty):
        edit_message(cast.alice, plain.id, "")


def test_after_a_deletion_no_file_and_no_name_is_left(cast: Cast, store: DiskStore) -> None:
    upload = send(cast.alice, cast.open_room, name="secret-plan.txt")
    posted = post_message(cast.alice, cast.open_room, "look", upload_ids=(upload.id,))
    delete_message(cast.alice, posted.id)
    assert (told(cast).uploads, stored(store)) == ((), [])
    assert "secret-plan" not in told(cast).html


def test_a_retry_is_the_first_message_with_its_files(cast: Cast) -> None:
    client_id, upload_id = str(uuid4()), send(cast.alice, cast.open_room).id
    first = post_message(cast.alice, cast.open_room, "look", client_id=client_id, upload_ids=(upload_id,))
    head = head_of(cast.open_room)
    again = post_message(cast.alice, cast.open_room, "look", client_id=client_id, upload_ids=(upload_id,))
    assert (again.id, again.duplicate, again.mismatch) == (first.id, True, False)
    assert head_of(cast.open_room) == head


def test_other_files_under_the_same_id_are_said_and_stay_free(cast: Cast) -> None:
    client_id, ids = str(uuid4()), [send(cast.alice, cast.open_room).id for _ in range(2)]
    post_message(cast.alice, cast.open_room, "", client_id=client_id, upload_ids=(ids[0],))
    again = post_message(cast.alice, cast.open_room, "", client_id=client_id, upload_ids=(ids[1],))
    assert (again.duplicate, again.mismatch) == (True, True)
    assert post_message(cast.alice, cast.open_room, "", upload_ids=(ids[1],)).number == 2


def test_only_ones_own_free_files_of_the_room_can_be_attached(cast: Cast) -> None:
    of_bob = send(cast.bob, cast.open_room).id
    elsewhere = send(cast.alice, cast.closed_room).id
    taken = send(cast.alice, cast.open_room).id
    post_message(cast.alice, cast.open_room, "", upload_ids=(taken,))
    free = send(cast.alice, cast.open_room).id
    head = head_of(cast.open_room)
    for ids in ((of_bob,), (elsewhere,), (taken,), (999_999,), (2**62,), (free, free), (free, of_bob)):
        with pytest.raises(UploadNotFound):
            post_message(cast.alice, cast.open_room, "look", upload_ids=ids)
    assert head_of(cast.open_room) == head
    assert post_message(cast.alice, cast.open_room, "", upload_ids=(free,)).number == 2


def test_too_many_files_are_refused(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    limit(app, monkeypatch, message_max_uploads=2)
    ids = tuple(send(cast.alice, cast.open_room).id for _ in range(3))
    with pytest.raises(TooManyUploads) as refused:
        post_message(cast.alice, cast.open_room, "", upload_ids=ids)
    assert refused.value.values == {"max_count": 2}
    assert post_message(cast.alice, cast.open_room, "", upload_ids=ids[:2]).number == 1


def test_the_files_of_a_page_are_one_question_and_none_where_there_are_none(cast: Cast) -> None:
    posted = [post_message(cast.alice, cast.open_room, f"message {number}").id for number in range(5)]
    read_newest(cast.bob, cast.open_room)
    without = questions(lambda: read_newest(cast.bob, cast.open_room))
    for _ in posted:
        post_message(cast.alice, cast.open_room, "", upload_ids=(send(cast.alice, cast.open_room).id,))
    assert len(questions(lambda: read_newest(cast.bob, cast.open_room))) == len(without) + 1
    assert not any("FROM uploads" in each for each in without)


def test_posting_without_files_asks_for_none(cast: Cast) -> None:
    asked = questions(lambda: post_message(cast.alice, cast.open_room, "hello"))
    assert not any(Upload.__tablename__ in each for each in asked)
