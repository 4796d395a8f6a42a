"""The wire: what is taken for a command, and that both ends use the same names."""

import json
import math
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp import events
from chatapp.errors import BadRequest
from chatapp.events import (
    Command,
    Down,
    MessageDelete,
    MessageEditCommand,
    MessagePost,
    ReactionAdd,
    ReactionRemove,
    RoomClose,
    RoomMarkUnread,
    RoomOpen,
    RoomRead,
    TypingStart,
    TypingStop,
    Up,
)
from chatapp.payloads import LIST_MAX

EVENTS_JS = Path(__file__).parent.parent / "static" / "js" / "events.js"

COMMANDS: list[type[Command]] = [
    RoomOpen,
    RoomClose,
    RoomRead,
    RoomMarkUnread,
    MessagePost,
    MessageEditCommand,
    MessageDelete,
    TypingStart,
    TypingStop,
    ReactionAdd,
    ReactionRemove,
]
LEAST: dict[type[Command], dict[str, Any]] = {
    RoomOpen: {"room_id": 1},
    RoomClose: {"room_id": 1},
    RoomRead: {"room_id": 1, "number": 2},
    RoomMarkUnread: {"room_id": 1, "number": 2},
    MessagePost: {"room_id": 1, "client_id": "c", "body": "b"},
    MessageEditCommand: {"message_id": 1, "body": "b"},
    MessageDelete: {"message_id": 1},
    TypingStart: {"room_id": 1},
    TypingStop: {"room_id": 1},
    ReactionAdd: {"message_id": 1, "emoji": "👍"},
    ReactionRemove: {"message_id": 1, "emoji": "👍"},
}
each_command = pytest.mark.parametrize("command", COMMANDS)
each_required = pytest.mark.parametrize(
    ("command", "key"), [(command, key) for command, least in LEAST.items() for key in least]
)
NO_NUMBERS: list[Any] = [True, False, "1", 1.0, math.nan, math.inf, [1], {}, -1, 2**63, 10**400]
NO_TEXTS: list[Any] = [7, True, ["b"], {}, 1.5]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)
names = [each.name for command in COMMANDS for each in fields(command)]  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class WithList(Command):
    """A command with a list in it, as later ones have."""

    event = Up.MESSAGE_POST

    mentions: tuple[int, ...] = ()


def refused_field(command: type[Command], payload: object) -> object:
    """The name of the part that is wrong."""
    with pytest.raises(BadRequest) as refused:
        command.parse(payload)
    return refused.value.values["field"]


def parsed_or_refused(command: type[Command], payload: object) -> Command | BadRequest:
    """What became of the payload; any other error comes out."""
    try:
        return command.parse(payload)
    except BadRequest as refused:
        return refused


@each_command
def test_what_is_required_is_enough(command: type[Command]) -> None:
    parsed = command.parse(LEAST[command])
    assert {key: getattr(parsed, key) for key in LEAST[command]} == LEAST[command]


@each_required
def test_what_is_required_may_not_be_missing(command: type[Command], key: str) -> None:
    payload = {name: value for name, value in LEAST[command].items() if name != key}
    assert refused_field(command, payload) == key


@each_required
def test_what_is_required_may_not_be_null(command: type[Command], key: str) -> None:
    assert refused_field(command, {**LEAST[command], key: None}) == key


@pytest.mark.parametrize(
    ("command", "key", "default"),
    [
        (RoomOpen, "since", None),
        (RoomOpen, "epoch", None),
        (RoomRead, "generation", 0),
        (RoomMarkUnread, "generation", 0),
        (MessagePost, "reply_to", None),
    ],
)
def test_what_is_optional_may_be_missing_or_null(command: type[Command], key: str, default: object) -> None:
    for payload in (LEAST[command], {**LEAST[command], key: None}):
        assert getattr(command.parse(payload), key) == default


def test_what_is_optional_is_taken_when_it_is_there() -> None:
    assert RoomOpen.parse({"room_id": 1, "since": 0, "epoch": "e"}) == RoomOpen(room_id=1, since=0, epoch="e")


@each_command
def test_unknown_keys_are_ignored(command: type[Command]) -> None:
    assert command.parse({**LEAST[command], "is_admin": True, "": [None]}) == command.parse(LEAST[command])


@each_command
@pytest.mark.parametrize("payload", [None, [], [{}], "room", 7, True, 1.5])
def test_a_payload_that_is_no_object_is_refused(command: type[Command], payload: object) -> None:
    assert refused_field(command, payload) == "payload"


@pytest.mark.parametrize("value", NO_NUMBERS, ids=lambda value: str(value)[:20])
def test_an_id_is_a_whole_number_that_the_database_holds(value: object) -> None:
    assert refused_field(RoomOpen, {"room_id": value}) == "room_id"
    assert refused_field(RoomOpen, {"room_id": 1, "since": value}) == "since"
    assert refused_field(RoomRead, {"room_id": 1, "number": 1, "generation": value}) == "generation"


def test_the_smallest_and_the_largest_id_are_accepted() -> None:
    assert [RoomClose.parse({"room_id": value}).room_id for value in (0, 2**63 - 1)] == [0, 2**63 - 1]


@pytest.mark.parametrize("value", NO_TEXTS, ids=str)
def test_a_text_is_a_text(value: object) -> None:
    assert refused_field(MessagePost, {**LEAST[MessagePost], "body": value}) == "body"
    assert refused_field(RoomOpen, {"room_id": 1, "epoch": value}) == "epoch"


def test_a_list_becomes_what_cannot_be_changed() -> None:
    assert WithList.parse({"mentions": [3, 1]}).mentions == (3, 1)
    assert WithList.parse({"mentions": []}).mentions == ()
    assert WithList.parse({}).mentions == ()


def test_a_list_has_at_most_200_items() -> None:
    assert len(WithList.parse({"mentions": [1] * LIST_MAX}).mentions) == 200
    assert refused_field(WithList, {"mentions": [1] * 201}) == "mentions"


@pytest.mark.parametrize("value", [7, "12", {}, {"0": 1}, [None], ["1"], [True], [-1], [[1]], [1, 2**63]])
def test_a_list_holds_only_what_it_may(value: object) -> None:
    assert refused_field(WithList, {"mentions": value}) == "mentions"


@pytest.mark.asvs("2.2.1")
@given(payload=json_values | st.dictionaries(st.sampled_from(names), json_values))
@settings(deadline=None)  # a busy machine is slow, not wrong
def test_any_json_is_a_command_or_a_bad_request(payload: object) -> None:
    for command in (*COMMANDS, WithList):
        assert isinstance(parsed_or_refused(command, payload), command | BadRequest)


@given(
    payload=st.fixed_dictionaries({"room_id": st.integers(0, events.ID_MAX), "number": st.integers(0, events.ID_MAX)})
)
def test_what_fits_survives_the_way_through_json(payload: dict[str, int]) -> None:
    assert RoomRead.parse(json.loads(json.dumps(payload))) == RoomRead(**payload)


@pytest.mark.parametrize(("object_name", "names"), [("UP", Up), ("DOWN", Down)])
def test_the_browser_knows_the_same_names(object_name: str, names: type[Up] | type[Down]) -> None:
    found = re.search(rf"export const {object_name} = {{(.*?)}};", EVENTS_JS.read_text(), re.DOTALL)
    assert found is not None
    assert dict(re.findall(r'(\w+): "([^"]*)"', found[1])) == {each.name: each.value for each in names}


def test_every_command_answers_to_an_event_of_the_wire() -> None:
    assert {command.event for command in COMMANDS} <= set(Up)
    assert {command for command in Command.__subclasses__() if command.__module__ == events.__name__} == set(COMMANDS)
