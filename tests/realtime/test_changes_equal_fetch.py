"""What a page holds, and the events that come to it, equal what a page that begins now is given. For every action."""

import inspect
import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from types import SimpleNamespace

import pytest
from flask import Flask

from chatapp import actions, db
from chatapp.actions import invites, memberships, messages, people, reactions, rooms
from chatapp.errors import BadRequest, MessageNotFound, NotAMember, RoomNotFound
from chatapp.models.changes import heads_of
from chatapp.models.message import said_newest
from tests.realtime.losing import Lost, compare
from tests.realtime.state import Json, Page
from tests.sockets.wire import elsewhere
from tests.support import PASSWORD, Browser, Cast
from tests.together import eventually

WALK_STEPS = 30
COMPARE_EVERY = 10  # steps


class World(SimpleNamespace):
    """The cast, and the room in which it happens: Alice and Bob are in it, Charlie is not."""

    room: int
    random: random.Random

    def message(self) -> int:
        """The id of one of Alice's messages that is still there."""
        said = [each.message for each in said_newest(self.room, 200)]
        return self.random.choice([each.id for each in said if each.author_id == self.alice.id and not each.deleted_at])


def post(world: World) -> None:
    one, other = world.random.sample([world.alice, world.bob], 2)
    question = messages.post_message(one, world.room, f"*said* by {one.name}")
    messages.post_message(other, world.room, f"an answer of {other.name}", reply_to=question.number)


def edit(world: World) -> None:
    messages.edit_message(world.alice, world.message(), f"edited {world.random.random()}")


def delete(world: World) -> None:
    messages.post_message(world.alice, world.room, "to be regretted")
    messages.delete_message(world.alice, world.message())


def react(world: World) -> None:
    for person in (world.alice, world.bob):
        reactions.add_reaction(person, world.message(), world.random.choice("👍🎉"))


def take_back(world: World) -> None:
    reactions.remove_reaction(world.bob, world.message(), world.random.choice("👍🎉"))


def toggle(world: World) -> None:
    reactions.toggle_reaction(world.alice, world.message(), "🎉")


def join(world: World) -> None:
    memberships.join_room(world.charlie, world.open_room)


def leave(world: World) -> None:
    memberships.leave_room(world.bob, world.room)


def come_back(world: World) -> None:
    memberships.add_member(world.alice, world.room, world.bob.id)


def add(world: World) -> None:
    memberships.add_member(world.bob, world.room, world.charlie.id)


def remove(world: World) -> None:
    memberships.remove_member(world.alice, world.room, world.bob.id)


def read(world: World) -> None:
    generation = memberships.read_state(world.bob, world.room).generation
    memberships.mark_read(world.bob, world.room, 2, generation=generation)


def mark_unread(world: World) -> None:
    # By the door, as a page does: what it has to say is for the door's own tests.
    generation = memberships.read_state(world.bob, world.room).generation
    form = {"number": 2, "generation": generation}
    elsewhere(lambda: Browser(world.app, world.bob).post(f"/rooms/{world.room}/mark-unread", form))


def rename_room(world: World) -> None:
    rooms.rename_room(world.alice, world.room, f"Hall {world.random.random()}")


def archive(world: World) -> None:
    rooms.archive_room(world.alice, world.room)


def restore(world: World) -> None:
    rooms.archive_room(world.alice, world.room)
    rooms.restore_room(world.alice, world.room)


def create(world: World) -> None:
    rooms.create_room(world.alice, f"Lunch {world.random.random()}", "closed", [world.bob.id])


def open_direct(world: World) -> None:
    rooms.open_direct_room(world.bob, [world.charlie.id])


def rename_person(world: World) -> None:
    # Names take no version: what is read under the former one meanwhile would be told after the new one.
    eventually(lambda: is_caught_up(world.app))
    world.alice = replace(world.alice, name=world.random.choice(["Alina", "Amal", "Ada"]))
    people.rename_person(world.alice, world.alice.name)


def accept_invite(world: World) -> None:
    token = invites.create_invite(world.dana)
    invites.accept_invite(token, "Eve", f"eve{world.random.random()}@example.org", PASSWORD)


Act = Callable[[World], None]

# Every action that changes what somebody sees, under its own name.
SEEN: dict[str, tuple[Act, ...]] = {
    "messages.post_message": (post,),
    "messages.edit_message": (edit,),
    "messages.delete_message": (delete,),
    "reactions.add_reaction": (react,),
    "reactions.remove_reaction": (react, take_back),
    "reactions.toggle_reaction": (toggle,),
    "memberships.join_room": (join,),
    "memberships.leave_room": (leave,),
    "memberships.add_member": (add,),
    "memberships.remove_member": (remove,),
    "memberships.mark_read": (read,),
    "memberships.mark_unread": (read, mark_unread),
    "rooms.create_room": (create,),
    "rooms.open_direct_room": (open_direct,),
    "rooms.rename_room": (rename_room,),
    "rooms.archive_room": (archive,),
    "rooms.restore_room": (restore,),
    "people.rename_person": (rename_person,),
    "invites.accept_invite": (accept_invite,),
}

# They take no version of a room. A name that is lost on its way shows when a page asks again; how far one has read is
# compared from the second look on (test_readings.py), and there is one look here.
NOT_FOUND_AGAIN = {read, mark_unread, rename_person}

# Every other one, and why nobody's rooms look different after it.
UNSEEN = {
    "asks": {
        *("history.read_newest", "history.read_before", "history.read_after", "history.read_around"),
        *("history.read_quoted", "history.read_changes", "history.changes_in", "history.current_epoch"),
        *("memberships.read_state", "people.check_setup_code"),
        *("room_list.list_rooms", "room_list.find_room", "room_list.titled", "invites.check_invite"),
    },
    "a part of other actions": {
        *("changes.changing", "changes.refuse_archived", "changes.refuse_direct", "people.new_user"),
        *("rooms.new_room", "rooms.add_room", "sign_ins.init_app"),
    },
    "lossy by design (tests/sockets/test_presence.py)": {
        *("presence.begin_typing", "presence.end_typing", "presence.people_here"),
    },
    "there is nobody yet who could see it": {"people.new_setup_code", "people.found_company"},
    "a person in no room": {"people.create_user"},
    "who may sign in; rooms stay, sockets end (tests/sockets/test_connection.py)": {
        *("people.deactivate", "people.reactivate", "sign_ins.sign_in", "sign_ins.begin_sign_in"),
        *("sign_ins.sign_out", "sign_ins.end_sign_in", "sign_ins.change_password"),
        *("invites.create_invite", "invites.revoke_invite"),
    },
    "for a server that is stopped (tests/sockets/test_bad_input.py)": {"company.begin_epoch"},
}

each_action = pytest.mark.parametrize("action", SEEN)
each_room = pytest.mark.parametrize("kind", ["open_room", "closed_room"])


def public_actions() -> Iterator[str]:
    """Every function that a door can call."""
    for found in iter_modules(actions.__path__):
        module = import_module(f"{actions.__name__}.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield f"{found.name}.{name}"


def test_every_action_is_in_the_table_or_has_a_reason_not_to_be() -> None:
    told = [*SEEN, *(name for names in UNSEEN.values() for name in names)]
    assert sorted(told) == sorted(public_actions())


@pytest.fixture
def world(app: Flask, cast: Cast, kind: str) -> World:
    """The cast in one of its rooms, in which something was said and partly read."""
    world = World(app=app, **vars(cast), room=getattr(cast, kind), random=random.Random(0))  # noqa: S311
    with app.app_context():
        for number in range(3):
            messages.post_message(cast.alice, world.room, f"message {number}")
    return world


@pytest.fixture
def pages(app: Flask, world: World) -> list[Page]:
    """Who does it, another member and one who is none, with the room open as far as they may, and Bob's list alone."""
    seers = [(world.alice, world.room), (world.bob, world.room), (world.charlie, world.room), (world.bob, None)]
    return [Page(app, person, room) for person, room in seers]


def assert_equal_fetch(app: Flask, pages: list[Page]) -> None:
    eventually(lambda: is_told(app))
    for page in pages:
        held, fresh = page.settled()
        assert held == fresh


def states(pages: list[Page]) -> list[Json]:
    return deepcopy([page.state for page in pages])


def is_told(app: Flask) -> bool:
    """Whether every stream stands where its room stands: some read what they miss a moment later, by themselves."""
    streams = app.extensions["chatapp_room_streams"]._streams  # noqa: SLF001
    with app.app_context():
        heads = heads_of(set(streams))
    for room_id, stream in list(streams.items()):
        with stream._lock:  # noqa: SLF001
            if stream.version != heads[room_id]:
                return False
    return True


def is_caught_up(app: Flask) -> bool:
    """Whether it does so after a comparison: one that meets a stream while it reads leaves the rest to the next."""
    compare(app)
    return is_told(app)


@each_action
@each_room
def test_what_is_told_makes_a_page_equal_to_a_fresh_one(
    app: Flask, world: World, pages: list[Page], action: str
) -> None:
    before = states(pages)
    with app.app_context():
        for act in SEEN[action]:
            act(world)
    assert_equal_fetch(app, pages)
    assert states(pages) != before, "nothing was to be seen"


@pytest.mark.parametrize("action", [name for name, acts in SEEN.items() if not NOT_FOUND_AGAIN & set(acts)])
@each_room
def test_what_was_lost_makes_it_equal_after_the_next_comparison(
    app: Flask, world: World, pages: list[Page], action: str, lost: Lost
) -> None:
    lost(lambda: [act(world) for act in SEEN[action]])
    compare(app)
    assert_equal_fetch(app, pages)


@each_room
def test_any_walk_through_the_actions_makes_it_equal(
    app: Flask, world: World, pages: list[Page], kind: str, lost: Lost
) -> None:
    world.random = random.Random(kind)  # noqa: S311
    steps = [post, post, edit, delete, react, take_back, toggle, join, leave, come_back, read, mark_unread]
    steps += [rename_room, create, rename_person]
    for step in range(WALK_STEPS):
        act = world.random.choice(steps)
        if world.random.random() < 0.5 and act not in NOT_FOUND_AGAIN:
            lost(lambda act=act: attempt(act, world))
        else:
            with app.app_context():
                attempt(act, world)
        if step % COMPARE_EVERY == 0:
            eventually(lambda: is_caught_up(app))
            assert_equal_fetch(app, pages)


def attempt(act: Act, world: World) -> None:
    """Do it, unless it cannot be done as things stand: who is not in a room leaves none."""
    try:
        act(world)
    except (BadRequest, MessageNotFound, NotAMember, RoomNotFound, AssertionError):
        db.session().rollback()
