"""What this worker knows of who is here and who is typing, and the pulse that tells it."""

import time
from dataclasses import dataclass

from flask import Flask, current_app

from chatapp.config import Settings
from chatapp.realtime import delivery
from chatapp.realtime.announcements import Announcement
from chatapp.realtime.presence import Presence
from chatapp.realtime.pulse import Pulse
from chatapp.realtime.typists import Typists


@dataclass(frozen=True)
class Live:
    """The three of them, for one application."""

    presence: Presence
    typists: Typists
    pulse: Pulse

    @classmethod
    def of(cls, app: Flask, settings: Settings) -> "Live":
        """Those of `app`; the pulse does not run yet."""

        def publish(announcement: Announcement) -> None:
            app.extensions["chatapp_bus"].publish(announcement)

        typists = Typists(time.monotonic, publish=publish, tell=delivery.tell_typing)
        presence = Presence(
            time.monotonic,
            lease_seconds=settings.presence_lease_seconds,
            grace_seconds=settings.presence_grace_seconds,
            publish=publish,
            tell=delivery.tell_presence,
        )
        return cls(presence, typists, Pulse(app, [typists.pulse, presence.pulse]))

    def ask(self) -> None:
        """Let the other workers say who is with them: what they said until now is lost to us."""
        self.presence.ask()
        self.pulse.soon()


def live() -> Live:
    """That of the running application."""
    found: Live = current_app.extensions["chatapp_live"]
    return found
