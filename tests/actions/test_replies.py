"""Answering a message: who and what it answers is read with it, as that stands now, and stored nowhere else."""

from uuid import uuid4

import pytest

from chatapp.actions.history import read_changes, read_newest, read_quoted
from chatapp.actions.messages import delete_message, edit_message, post_message
from chatapp.errors import BadRequest, NotAMember, RepliedDeleted, RoomNotFound
from chatapp.events import MessageFact
from chatapp.fragments import EXCERPT_CHARS
from chatapp.models import Message
from chatapp.storage.disk import DiskStore
from tests.actions.questions import head_of
from tests.actions.test_edits import everything_stored
from tests.files import send
from tests.models.test_reaction import questions
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context")


def told(cast: Cast, number: int) -> MessageFact:
    """The message as Bob is told of it when he comes back."""
    return next(item for item in read_changes(cast.bob, cast.open_room, 0).items if item.number == number)


def test_a_reply_shows_who_it_answers_and_the_first_lines(cast: Cast) -> None:  # behaviour 39
    question = post_message(cast.alice, cast.open_room, "> you said\n\nIs **this** <i>it</i>? " + "x" * 999)
    answer = post_message(cast.bob, cast.open_room, "yes", reply_to=question.number)
    fact = told(cast, answer.number)
    assert fact.reply is not None
    assert (fact.reply_to, fact.reply.number, fact.reply.version) == (1, question.number, question.version)
    assert (fact.reply.author.name, fact.reply.deleted_at) == ("Alice", None)
    assert fact.reply.excerpt.startswith("Is this <i>it</i>? xxx")
    assert len(fact.reply.excerpt) == EXCERPT_CHARS
    assert f'href="/rooms/{cast.open_room}/messages/{question.number}"' in fact.html
    assert "Is this &lt;i&gt;it&lt;/i&gt;?" in fact.html


def test_a_reply_to_files_alone_shows_their_names_until_they_are_gone(cast: Cast, store: DiskStore) -> None:
    names = ("notes.txt", "<b>.png", "가" * 60)
    ids = tuple(send(cast.alice, cast.open_room, name=name).id for name in names)
    question = post_message(cast.alice, cast.open_room, "", upload_ids=ids)
    said = post_message(cast.alice, cast.open_room, "look", upload_ids=(send(cast.alice, cast.open_room).id,))
    answers = [post_message(cast.bob, cast.open_room, "ok", reply_to=each.number) for each in (question, said)]
    excerpts = [reply.excerpt for each in answers if (reply := told(cast, each.number).reply)]
    assert excerpts == [", ".join(names), "look"]
    assert "notes.txt, &lt;b&gt;.png" in told(cast, answers[0].number).html
    delete_message(cast.alice, question.id)
    assert "notes.txt" not in told(cast, answers[0].number).html


def test_an_answer_to_an_answer_quotes_no_chain(cast: Cast) -> None:
    for number in range(3):
        post_message(cast.alice, cast.open_room, f"number {number + 1}", reply_to=number or None)
    reply = told(cast, 3).reply
    assert reply is not None
    assert reply.excerpt == "number 2"
    assert "number 1" not in told(cast, 3).html


def test_after_an_edit_a_reply_shows_what_the_message_says_now(cast: Cast) -> None:
    question = post_message(cast.alice, cast.open_room, "first")
    answer = post_message(cast.bob, cast.open_room, "yes", reply_to=question.number)
    version = edit_message(cast.alice, question.id, "second")
    reply = told(cast, answer.number).reply
    assert reply is not None
    assert (reply.excerpt, reply.version) == ("second", version)


def test_after_a_deletion_no_reply_holds_the_text(cast: Cast) -> None:  # behaviour 39
    question = post_message(cast.alice, cast.open_room, "my password")
    answer = post_message(cast.bob, cast.open_room, "careful!", reply_to=question.number)
    delete_message(cast.alice, question.id)
    fact = told(cast, answer.number)
    assert fact.reply is not None
    assert (fact.reply.excerpt, fact.reply.author.name) == ("", "Alice")
    assert fact.reply.deleted_at is not None
    assert "quote--deleted" in fact.html
    assert "password" not in fact.html
    assert "password" not in everything_stored()


def test_a_deleted_reply_quotes_nothing(cast: Cast) -> None:
    question = post_message(cast.alice, cast.open_room, "question")
    answer = post_message(cast.bob, cast.open_room, "yes", reply_to=question.number)
    delete_message(cast.bob, answer.id)
    assert told(cast, answer.number).reply is None


def test_a_reply_to_what_is_not_in_the_room_is_refused_and_uses_nothing_up(cast: Cast) -> None:
    for number in range(3):
        post_message(cast.alice, cast.closed_room, f"elsewhere {number}")
    head = head_of(cast.open_room)
    for number in (1, 3, 0, 999, 2**62):
        with pytest.raises(BadRequest):
            post_message(cast.bob, cast.open_room, "answer", reply_to=number)
    assert head_of(cast.open_room) == head


def test_a_reply_to_a_deleted_message_is_refused_by_its_name(cast: Cast) -> None:
    question = post_message(cast.alice, cast.open_room, "question")
    delete_message(cast.alice, question.id)
    with pytest.raises(RepliedDeleted):
        post_message(cast.bob, cast.open_room, "answer", reply_to=question.number)


def test_a_retry_of_a_reply_is_answered_also_after_the_deletion(cast: Cast) -> None:
    question = post_message(cast.alice, cast.open_room, "question")
    client_id = str(uuid4())
    first = post_message(cast.bob, cast.open_room, "answer", client_id=client_id, reply_to=question.number)
    delete_message(cast.alice, question.id)
    again = post_message(cast.bob, cast.open_room, "answer", client_id=client_id, reply_to=question.number)
    assert (again.id, again.duplicate, again.mismatch) == (first.id, True, False)


def test_an_outsider_neither_replies_nor_reads_what_is_answered(cast: Cast) -> None:
    for room_id in (cast.open_room, cast.closed_room):
        post_message(cast.alice, room_id, "question")
    with pytest.raises(NotAMember):
        post_message(cast.charlie, cast.open_room, "answer", reply_to=1)
    with pytest.raises(RoomNotFound):
        post_message(cast.charlie, cast.closed_room, "answer", reply_to=1)
    with pytest.raises(RoomNotFound):
        read_quoted(cast.charlie, cast.closed_room, 1)


def test_what_a_page_of_replies_answers_is_one_question_and_none_without_replies(cast: Cast) -> None:
    for _ in range(5):
        post_message(cast.alice, cast.open_room, "question")
    without = questions(lambda: read_newest(cast.bob, cast.open_room))
    for number in range(1, 6):
        post_message(cast.bob, cast.open_room, "answer", reply_to=number)
    asked = questions(lambda: read_newest(cast.bob, cast.open_room))
    assert len(asked) == len(without) + 1
    assert Message.__tablename__ in asked[-1]
