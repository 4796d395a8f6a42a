"""How far the people of this worker have read, as their sockets were last told.

Reading takes no version of the room: what was told and lost on its way is found by comparing the pointers themselves.
"""

from collections.abc import Mapping
from dataclasses import asdict

from flask import current_app

from chatapp import db
from chatapp.events import Down, RoomReadFact
from chatapp.models import Membership
from chatapp.models.membership import Standing, reading_of
from chatapp.realtime import delivery
from chatapp.realtime.announcements import PersonTold
from chatapp.realtime.connections import connections
from chatapp.realtime.delivery import RoomOfPerson

Pointer = tuple[
    int, int
]  # generation and number: within one generation it only grows, and "mark unread" begins a new one


class Readings:
    """Remembers for each local person and room what their sockets know, and tells what they missed."""

    def __init__(self) -> None:
        self._known: dict[RoomOfPerson, Pointer] = {}

    def told(self, told: PersonTold) -> None:
        """Note what a person's sockets are being told now."""
        if told.event == Down.ROOM_READ:
            fact = told.payload
            self._note((fact["room_id"], told.user_id), (fact["generation"], fact["last_read_number"]))

    def begin(self, user_id: int, rooms: Mapping[int, Standing]) -> None:
        """Note how far somebody has read whose socket connects, before its page counts.

        What is read elsewhere between that count and the next comparison is then found by it.
        """
        for room_id, standing in rooms.items():
            # An older one stays: another socket of theirs may know no newer.
            self._known.setdefault((room_id, user_id), _pointer(standing))

    def came(self, room_id: int, user_id: int) -> None:
        """Note the same of somebody who comes into a room, before their page hears of it and counts.

        What they read there elsewhere, before the next comparison, is then found by it.
        """
        if connections.of_user(user_id) and (membership := Membership.current(room_id, user_id)):
            self._known.setdefault((room_id, user_id), (membership.generation, membership.last_read_number))

    def compare(self, memberships: dict[RoomOfPerson, Standing], people: set[int]) -> None:
        """Tell `people`, whose memberships these are, what they have read elsewhere unheard; forget who went."""
        # Who connected while the memberships were read was not asked about.
        newcomers = connections.user_ids() - people
        self._known = {
            each: pointer for each, pointer in self._known.items() if each in memberships or each[1] in newcomers
        }
        for each, standing in memberships.items():
            pointer = _pointer(standing)
            if pointer > self._known.setdefault(each, pointer):
                self._tell(*each)

    def _tell(self, room_id: int, user_id: int) -> None:
        # Counted now: the pointer of a moment ago and today's messages would make a wrong number.
        db.session().rollback()
        reading = reading_of(room_id, user_id)
        if reading is not None:
            fact = RoomReadFact(room_id=room_id, **asdict(reading))
            self._note((room_id, user_id), (reading.generation, reading.last_read_number))
            delivery.tell_person(PersonTold(user_id=user_id, event=Down.ROOM_READ, payload=fact.as_json()))

    def _note(self, each: RoomOfPerson, pointer: Pointer) -> None:
        self._known[each] = max(pointer, self._known.get(each, pointer))


def _pointer(standing: Standing) -> Pointer:
    return standing.generation, standing.last_read_number


def readings() -> Readings:
    """The readings of the running application."""
    found: Readings = current_app.extensions["chatapp_readings"]
    return found
