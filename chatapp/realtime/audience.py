"""To whom: the names of the Socket.IO rooms.

Only the server makes these names, from numbers. A client's text never becomes one: python-socketio gives every
socket a room named like its id, and a chosen name could reach into it.
"""


def room(room_id: int) -> str:
    """The sockets that have the room open."""
    return f"r:{room_id}"


def members(room_id: int) -> str:
    """The sockets of members that have it not open: they get one small frame when it moves on."""
    return f"m:{room_id}"


def person(user_id: int) -> str:
    """All sockets of one person."""
    return f"u:{user_id}"


def room_id_of(name: str | None) -> int | None:
    """The room whose `room` or `members` has this name; None for a person's, a socket's own, and that of all."""
    way, colon, number = (name or "").partition(":")
    return int(number) if colon and way in ("r", "m") else None
