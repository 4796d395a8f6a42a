"""How reactions are asked for: with the page, in one question."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event

from chatapp import db
from chatapp.actions.history import read_changes, read_newest
from chatapp.actions.messages import post_message
from chatapp.actions.reactions import add_reaction, remove_reaction
from chatapp.models import Person
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def message_ids(cast: Cast) -> list[int]:
    """Twenty messages in the open room."""
    return [post_message(cast.alice, cast.open_room, f"message {number}").id for number in range(20)]


def questions(asking: Callable[[], object]) -> list[str]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def ask(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    db.session().rollback()
    event.listen(db.engine(), "before_cursor_execute", ask)
    asking()
    event.remove(db.engine(), "before_cursor_execute", ask)
    return [each for each in asked if each.startswith("SELECT")]


def page(reader: Person, room_id: int) -> Callable[[], object]:
    return lambda: read_newest(reader, room_id)


def changes(reader: Person, room_id: int) -> Callable[[], object]:
    return lambda: read_changes(reader, room_id, 0)


@pytest.mark.parametrize("read", [page, changes])
def test_the_reactions_of_a_page_are_one_question_and_none_where_nobody_reacted(
    cast: Cast, message_ids: list[int], read: Callable[[Person, int], Callable[[], object]]
) -> None:
    asking = read(cast.alice, cast.open_room)
    asking()
    without = questions(asking)
    for message_id in message_ids:
        add_reaction(cast.bob, message_id, "👍")
        add_reaction(cast.alice, message_id, "🎉")
    assert len(questions(asking)) == len(without) + 1
    assert not any("reactions" in each.split("FROM")[1] for each in without)


def test_posting_asks_for_no_reactions(app: Flask, cast: Cast) -> None:
    assert app
    asked = questions(lambda: post_message(cast.alice, cast.open_room, "hello"))
    assert not any("FROM reactions" in each for each in asked)


def test_each_message_has_its_own(cast: Cast, message_ids: list[int]) -> None:
    add_reaction(cast.bob, message_ids[3], "👍")
    add_reaction(cast.bob, message_ids[5], "🎉")
    add_reaction(cast.alice, message_ids[3], "🎉")
    remove_reaction(cast.bob, message_ids[3], "👍")
    db.session().rollback()
    found = {
        said.message.id: [each.emoji for each in said.reactions] for said in read_newest(cast.bob, cast.open_room).said
    }
    assert {message_id: emoji for message_id, emoji in found.items() if emoji} == {
        message_ids[3]: ["🎉"],
        message_ids[5]: ["🎉"],
    }
