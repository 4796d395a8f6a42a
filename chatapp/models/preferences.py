"""What people choose for themselves. It changes how pages look and which keys they take, and nothing for others."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class SendKey(StrEnum):
    ENTER = "enter"
    CTRL_ENTER = "ctrl-enter"  # Enter breaks the line


class Clock(StrEnum):
    LOCALE = "locale"  # as people write it where the browser's language is spoken
    HOURS_12 = "12"
    HOURS_24 = "24"


class SingleKeys(StrEnum):
    ON = "on"
    OFF = "off"  # a letter or sign means something with Ctrl only: who speaks to the machine types whole words


@dataclass(frozen=True)
class Preferences:
    """Somebody's choices; of somebody who never chose, the defaults."""

    theme: Theme = Theme.SYSTEM
    send_key: SendKey = SendKey.ENTER
    clock: Clock = Clock.LOCALE
    single_keys: SingleKeys = SingleKeys.ON

    @classmethod
    def stored(cls, theme: str, send_key: str, clock: str, single_keys: str) -> "Preferences":
        """These choices; in place of one that this release does not know, since a newer one wrote it, the default."""
        return cls(
            theme=_known(Theme, theme, cls.theme),
            send_key=_known(SendKey, send_key, cls.send_key),
            clock=_known(Clock, clock, cls.clock),
            single_keys=_known(SingleKeys, single_keys, cls.single_keys),
        )


Choice = TypeVar("Choice", bound=StrEnum)


def _known(choices: type[Choice], stored: str, default: Choice) -> Choice:
    return next((choice for choice in choices if choice == stored), default)
