"""What stands above a room's log in one tab, by the browser's rules (static/js/controllers/room.js, `#seeRoom`).

Events tell it in their order, and every answer says the name as it was at its version. How many are in the room no
answer says: where it passes over versions that no message explains, they are asked for.
"""

from typing import Any

from tests.faults.evidence import Copy

Payload = dict[str, Any]


class RoomParts:
    """The name of a room, and how many are in it, kept in this copy."""

    def __init__(self, copy: Copy) -> None:
        self.copy = copy
        self.is_doubtful = False  # it has to be asked how many are in the room
        self.is_asking = False
        self._named_at = 0  # the version of the name

    def heard(self, fact: Payload) -> None:
        """An event, in its place in the stream."""
        if "room" in fact:
            self._take_name(fact["room"], fact["version"])
        if "members_count" in fact:
            self.copy.members = fact["members_count"]
            # The answer that is on its way may have been counted before.
            self.is_doubtful = self.is_doubtful or self.is_asking

    def saw(self, answer: Payload, since: int) -> None:
        """What room:open or `/changes` said, asked for with this `since`."""
        head = answer.get("head", answer.get("version"))
        self._take_name(answer["room"], head)
        if answer.get("up_to", head) - since > len(answer.get("items", ())):
            self.is_doubtful = True

    def counted(self, members: int) -> None:
        """So many there were, when it was asked."""
        if not self.is_doubtful:
            self.copy.members = members

    def _take_name(self, room: Payload, version: int) -> None:
        if version >= self._named_at:
            self.copy.name, self._named_at = room["name"], version
