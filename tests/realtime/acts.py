"""What people do, in a room of the cast: every action that changes what somebody sees."""

import random
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

from chatapp.actions import held_files, invites, memberships, messages, people, reactions, rooms
from chatapp.models import Person
from chatapp.models.message import said_newest
from tests.files import PNG, send
from tests.sockets.wire import elsewhere
from tests.support import PASSWORD, Browser


class World(SimpleNamespace):
    """The cast, and the room in which it happens: Alice and Bob are in it, Charlie is not."""

    room: int
    random: random.Random
    gone: Person | None = None  # whose account ended last

    def message(self) -> int:
        """The id of one of Alice's messages that is still there."""
        said = [each.message for each in said_newest(self.room, 200)]
        return self.random.choice([each.id for each in said if each.author_id == self.alice.id and not each.deleted_at])


def post(world: World) -> None:
    one, other = world.random.sample([world.alice, world.bob], 2)
    question = messages.post_message(one, world.room, f"*said* by {one.name}")
    file = send(other, world.room, name=f"of {other.name}.txt")
    messages.post_message(other, world.room, "an answer", reply_to=question.number, upload_ids=(file.id,))


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


def show_picture(world: World) -> None:
    picture = send(world.alice, world.room, PNG, name="a.png")
    messages.post_message(world.alice, world.room, "a picture", upload_ids=(picture.id,))
    held_files.look_at_next()


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


def mark_all_read(world: World) -> None:
    memberships.mark_all_read(world.bob)


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
    world.alice = replace(world.alice, name=world.random.choice(["Alina", "Amal", "Ada"]))
    people.rename_person(world.alice, world.alice.name)


def deactivate(world: World) -> None:
    world.gone = people.create_user("Eve", f"eve{world.random.random()}@example.org", PASSWORD)
    memberships.add_member(world.alice, world.room, world.gone.id)
    for text in ("I was here", "and here"):
        messages.post_message(world.gone, world.room, text)
    people.deactivate(world.dana, world.gone.id)


def reactivate(world: World) -> None:
    assert world.gone is not None
    people.reactivate(world.dana, world.gone.id)


def accept_invite(world: World) -> None:
    token = invites.create_invite(world.dana)
    invites.accept_invite(token, "Eve", f"eve{world.random.random()}@example.org", PASSWORD)


Act = Callable[[World], None]
