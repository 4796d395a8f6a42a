"""What a page holds, and the events that come to it, equal what a page that begins now is given. For every action."""

import inspect
import random
from collections.abc import Iterator
from copy import deepcopy
from importlib import import_module
from pkgutil import iter_modules

import pytest
from flask import Flask

from chatapp import actions, db
from chatapp.actions import messages
from chatapp.errors import BadRequest, MessageNotFound, NotAMember, RoomNotFound
from tests.realtime import acts
from tests.realtime.losing import Lost, compare, is_caught_up, is_told
from tests.realtime.state import Json, Page
from tests.support import Cast
from tests.together import eventually

WALK_STEPS = 30
COMPARE_EVERY = 10  # steps

# Every action that changes what somebody sees, under its own name.
SEEN: dict[str, tuple[acts.Act, ...]] = {
    "messages.post_message": (acts.post,),
    "messages.edit_message": (acts.edit,),
    "messages.delete_message": (acts.delete,),
    "reactions.add_reaction": (acts.react,),
    "reactions.remove_reaction": (acts.react, acts.take_back),
    "reactions.toggle_reaction": (acts.toggle,),
    "held_files.look_at_next": (acts.show_picture,),
    "memberships.join_room": (acts.join,),
    "memberships.leave_room": (acts.leave,),
    "memberships.add_member": (acts.add,),
    "memberships.remove_member": (acts.remove,),
    "memberships.mark_read": (acts.read,),
    "memberships.mark_unread": (acts.read, acts.mark_unread),
    "memberships.mark_all_read": (acts.read, acts.mark_all_read),
    "rooms.create_room": (acts.create,),
    "rooms.open_direct_room": (acts.open_direct,),
    "rooms.rename_room": (acts.rename_room,),
    "rooms.archive_room": (acts.archive,),
    "rooms.restore_room": (acts.restore,),
    "people.rename_person": (acts.rename_person,),
    "people.deactivate": (acts.deactivate,),
    "people.reactivate": (acts.deactivate, acts.reactivate),
    "invites.accept_invite": (acts.accept_invite,),
}

# They take no version: how far one has read is compared from the second look on (test_readings.py), and there is one
# look here.
NOT_FOUND_AGAIN = {acts.read, acts.mark_unread, acts.mark_all_read}

# Every other one, and why nobody's rooms look different after it.
UNSEEN = {
    "asks": {
        *("history.read_newest", "history.read_before", "history.read_after", "history.read_around"),
        *("history.read_unread", "memberships.first_unread"),
        *(
            "files.read_files",
            "history.read_quoted",
            "history.read_changes",
            "history.changes_in",
            "history.current_epoch",
            "history.check_epoch",
        ),
        *("memberships.read_state", "people.check_setup_code", "people.read_changes"),
        *("room_list.list_rooms", "room_list.find_room", "room_list.titled", "invites.check_invite"),
    },
    "a part of other actions": {
        *("changes.changing", "changes.refuse_archived", "changes.refuse_direct", "people.new_user"),
        *("changes.checked_client_id", "posting.post_in_line"),
        *("rooms.new_room", "rooms.add_room", "sign_ins.init_app"),
    },
    "lossy by design (tests/sockets/test_presence.py)": {
        *("presence.begin_typing", "presence.end_typing", "presence.people_here"),
    },
    "nobody sees a file before its message": {
        *("uploads.receive_upload", "uploads.find_upload", "uploads.delete_upload", "upload_parts.receive_part"),
        "uploads.stop_upload",
        *("file_store.forget_abandoned", "pruning.prune_uploads", "pruning.remove_abandoned"),
        "pruning.remove_orphans",
        *("chores.init_app", "chores.start", "chores.end"),  # of those
    },
    "where files are": {
        *("uploads.link_to", "uploads.open_bytes", "uploads.shown_type", "uploads.disposition_of"),
        *("file_store.init_app", "file_store.current_store", "file_store.max_upload_bytes"),
        *("file_store.remove_key", "file_store.remove_bytes", "incoming.check_space"),
        *("uploads.thumbnail_of", "incoming.first_state"),
        *("held_queue.init_app", "held_queue.start", "held_queue.end", "held_queue.look_soon"),
        *("incoming.space_for", "incoming.too_large", "incoming.in_megabytes"),
    },
    "a part of sending a file, or of held_files.look_at_next": {
        *("scanning.is_wanted", "scanning.is_unscanned", "scanning.scanned", "scanning.verdict_on"),
    },
    "there is nobody yet who could see it": {"people.new_setup_code", "people.found_company"},
    "a person in no room": {"people.create_user"},
    "who may sign in; rooms stay, sockets end (tests/sockets/test_connection.py)": {
        *("sign_ins.sign_in", "sign_ins.begin_sign_in"),
        *("sign_ins.sign_out", "sign_ins.end_sign_in", "sign_ins.change_password"),
        *("invites.create_invite", "invites.revoke_invite"),
    },
    "one's own pages alone": {"preferences.change_preferences"},
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
def world(app: Flask, cast: Cast, kind: str) -> acts.World:
    """The cast in one of its rooms, in which something was said and partly read."""
    world = acts.World(app=app, **vars(cast), room=getattr(cast, kind), random=random.Random(0))  # noqa: S311
    with app.app_context():
        for number in range(3):
            messages.post_message(cast.alice, world.room, f"message {number}")
    return world


@pytest.fixture
def pages(app: Flask, world: acts.World) -> list[Page]:
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


@each_action
@each_room
def test_what_is_told_makes_a_page_equal_to_a_fresh_one(
    app: Flask, world: acts.World, pages: list[Page], action: str
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
    app: Flask, world: acts.World, pages: list[Page], action: str, lost: Lost
) -> None:
    lost(lambda: [act(world) for act in SEEN[action]])
    compare(app)
    assert_equal_fetch(app, pages)


@each_room
def test_any_walk_through_the_actions_makes_it_equal(
    app: Flask, world: acts.World, pages: list[Page], kind: str, lost: Lost
) -> None:
    world.random = random.Random(kind)  # noqa: S311
    steps = [acts.post, acts.post, acts.edit, acts.delete, acts.react, acts.take_back, acts.toggle]
    steps += [acts.join, acts.leave, acts.come_back, acts.read, acts.mark_unread]
    steps += [acts.rename_room, acts.create, acts.rename_person, acts.deactivate, acts.reactivate]
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


def attempt(act: acts.Act, world: acts.World) -> None:
    """Do it, unless it cannot be done as things stand: who is not in a room leaves none."""
    try:
        act(world)
    except (BadRequest, MessageNotFound, NotAMember, RoomNotFound, AssertionError):
        db.session().rollback()
