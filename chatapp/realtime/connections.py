"""The sockets of this worker: whose each is, and by which sign-in."""

import time
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Connection:
    """An open socket."""

    sid: str
    user_id: int
    sign_in_id: int
    # What its reader reads, as the browser said when it connected.
    locale: str = ""
    since: float = field(default_factory=time.monotonic, compare=False)  # by the clock that only goes forward


class Connections:
    """Who is connected here."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Connection] = {}
        self._by_user: defaultdict[int, set[str]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._by_sid)

    def add(self, connection: Connection) -> None:
        """Note a socket that has signed in."""
        self._by_sid[connection.sid] = connection
        self._by_user[connection.user_id].add(connection.sid)

    def remove(self, sid: str) -> None:
        """Forget a socket that has gone."""
        connection = self._by_sid.pop(sid, None)
        if connection is None:
            return
        self._by_user[connection.user_id].discard(sid)
        if not self._by_user[connection.user_id]:
            del self._by_user[connection.user_id]

    def get(self, sid: str) -> Connection | None:
        """The socket with this id."""
        return self._by_sid.get(sid)

    def sids(self) -> list[str]:
        """The ids of all."""
        return list(self._by_sid)

    def of_user(self, user_id: int) -> list[str]:
        """The ids of a person's sockets."""
        return list(self._by_user.get(user_id, ()))

    def of_sign_ins(self, sign_in_ids: set[int]) -> list[str]:
        """The ids of the sockets that these sign-ins opened."""
        return [each.sid for each in self._by_sid.values() if each.sign_in_id in sign_in_ids]

    def sign_in_ids(self) -> set[int]:
        """The sign-ins that have sockets here."""
        return {each.sign_in_id for each in self._by_sid.values()}

    def user_ids(self) -> set[int]:
        """The people who have sockets here."""
        return set(self._by_user)


connections = Connections()
