"""How far one has read, as one tab knows it, by the browser's rule (static/js/room/read_pointer.js)."""

import math

from tests.faults.clients.room_copy import Payload
from tests.faults.clients.tab import Tab
from tests.faults.history import Stands


class ReadPointer:
    """In one room. It grows; a new generation, of "mark unread", alone puts it elsewhere."""

    def __init__(self) -> None:
        self.number = math.inf  # until the server has said how far it is
        self.generation = 0

    def stands(self, number: int, generation: int) -> None:
        """By what the server says."""
        if generation > self.generation or math.isinf(self.number):
            self.number, self.generation = number, generation
        elif generation == self.generation:
            self.number = max(self.number, number)


class ReadPointers:
    """In each of these rooms. All that the server says of it is noted."""

    def __init__(self, tab: Tab, rooms: list[int]) -> None:
        self._tab = tab
        self._pointers = {room: ReadPointer() for room in rooms}

    def __getitem__(self, room: int) -> ReadPointer:
        return self._pointers[room]

    def told(self, room: int, reading: Payload, *, answers: int = 0) -> None:
        """How far the server says that one has read; `answers` the number that it was told."""
        number, generation = reading["last_read_number"], reading["generation"]
        self._tab.note(Stands, room=room, number=number, generation=generation, answers=answers)
        if room in self._pointers:
            self._pointers[room].stands(number, generation)
