"""What may come by a socket: Socket.IO packets of plain JSON, looked at before python-socketio acts on them."""

from typing import Any

from socketio import packet

# What a client may not name: python-socketio would run our own handlers for these, so that a socket could sign itself
# off in our books and go on listening. `*` is its word for every other event.
RESERVED = frozenset({"connect", "disconnect", "*"})
UNREADABLE = "unreadable"  # no event of ours, so it is answered like every unknown one


class StrictPacket(packet.Packet):  # type: ignore[misc]  # python-socketio ships no types
    """A packet; what comes and is neither an event nor a coming or going is read as an event that nobody knows.

    python-socketio would write a traceback for it and leave its sender without an ack. Binary packets are among them:
    they announce attachments, which it keeps without bound.
    """

    uses_binary_events = False

    def __init__(self, *fields: Any, encoded_packet: object = None, **named: Any) -> None:
        super().__init__(*fields, encoded_packet=encoded_packet, **named)
        if encoded_packet is not None and self.packet_type == packet.EVENT and not self._is_event():
            # Of an empty frame nothing is even decoded.
            self.data = [UNREADABLE]

    def decode(self, encoded_packet: object) -> int:
        """Read what came; the number of attachments to wait for, which is none."""
        try:
            super().decode(encoded_packet)
        except (ValueError, TypeError, AttributeError, RecursionError):
            self.packet_type, self.namespace, self.data = packet.EVENT, None, [UNREADABLE]
        if not self._may_come():
            self.packet_type, self.data = packet.EVENT, [UNREADABLE]
        return 0

    def _may_come(self) -> bool:
        if self.packet_type == packet.EVENT:
            return self._is_event()
        return self.packet_type in (packet.CONNECT, packet.DISCONNECT)

    def _is_event(self) -> bool:
        if not isinstance(self.data, list) or not self.data:
            return False
        name = self.data[0]
        return isinstance(name, str) and name not in RESERVED
