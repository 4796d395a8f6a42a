"""What a message of a browser must be, before Engine.IO reads it."""

import re

from chatapp.realtime.frames import BadFrame, Status

# A type, then text. Engine.IO would read JSON in place of the text, however deep it is nested, and fail on nothing.
ENGINE_PACKET = re.compile(r"[0-6](?!\s*([\[{]|null\s*$))")
BINARY = ("45", "46")  # Socket.IO packets that announce attachments: no browser of ours sends one


def packet_in(payload: bytes) -> str:
    """The packet in a message. Raises BadFrame, when it is none."""
    try:
        text = payload.decode()
    except UnicodeDecodeError as error:
        raise BadFrame(Status.UNREADABLE, "Not UTF-8.") from error
    if text.startswith(BINARY):
        raise BadFrame(Status.UNREADABLE, "No attachments.")
    if not ENGINE_PACKET.match(text):
        raise BadFrame(Status.UNREADABLE, "Not an Engine.IO packet.")
    return text
