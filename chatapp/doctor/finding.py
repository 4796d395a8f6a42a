"""What a check found."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class State(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"  # people can work, and somebody may come to regret it
    WRONG = "wrong"  # something does not work, can be lost, or is open to others


@dataclass(frozen=True)
class Finding:
    """One line for the operator: how it stands, and what to do where that is not well."""

    check: str
    state: State
    says: str
    advice: str = ""

    def line(self) -> str:
        """As a person reads it."""
        return f"{self.state:<6} {self.check:<12} {self.says}" + (f": {self.advice}" if self.advice else "")

    def as_json(self) -> dict[str, str]:
        """As a program reads it."""
        return {name: str(value) for name, value in asdict(self).items()}


def ok(check: str, says: str) -> Finding:
    """Nothing to do."""
    return Finding(check, State.OK, says)


def warn(check: str, says: str, advice: str) -> Finding:
    """Better mended."""
    return Finding(check, State.WARN, says, advice)


def wrong(check: str, says: str, advice: str) -> Finding:
    """To be mended before people come."""
    return Finding(check, State.WRONG, says, advice)
