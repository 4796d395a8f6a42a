"""Who heard what in which order, and what is wrong with it."""

from array import array
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field


@dataclass
class Ledger:
    """One room while it is measured: what was said when, and what each connection heard."""

    said: dict[bytes, float] = field(default_factory=dict)
    heard: list[list[bytes]] = field(default_factory=list)

    def clear(self) -> None:
        """Begin anew with the same connections."""
        self.said.clear()
        for each in self.heard:
            each.clear()


@dataclass(frozen=True)
class Wrongs:
    """How many texts, over all connections, did not arrive, came again, or stood in another order than elsewhere."""

    lost: int = 0
    doubled: int = 0
    reordered: int = 0

    def __add__(self, other: "Wrongs") -> "Wrongs":
        return Wrongs(self.lost + other.lost, self.doubled + other.doubled, self.reordered + other.reordered)

    def __str__(self) -> str:
        return f"{self.lost} lost, {self.doubled} doubled, {self.reordered} reordered"

    def __bool__(self) -> bool:
        return bool(self.lost or self.doubled or self.reordered)


def judge(ledger: Ledger) -> Wrongs:
    """What is wrong in a room, held against what its first connection heard."""
    wrongs, said = Wrongs(), ledger.said.keys()
    first = ledger.heard[0] if ledger.heard else []
    is_whole = len(first) == len(said) and set(first) == said
    for heard in ledger.heard:
        # Nearly always the same list: to compare is then all there is to do.
        if not (is_whole and heard == first):
            wrongs += _compared(heard, first, said)
    return wrongs


def _compared(heard: list[bytes], first: list[bytes], said: Set[bytes]) -> Wrongs:
    counts = Counter(heard)
    lost = sum(1 for token in said if token not in counts)
    # What belongs to an earlier measurement was counted as lost there, and comes on top here.
    doubled = sum(count - (token in said) for token, count in counts.items())
    return Wrongs(lost, doubled, _out_of_order(heard, first))


def _out_of_order(heard: list[bytes], first: list[bytes]) -> int:
    """How many stand behind one that they stood before."""
    places = {token: place for place, token in reversed(list(enumerate(first)))}
    latest, count = -1, 0
    for token in dict.fromkeys(heard):
        place = places.get(token, latest)
        count += place < latest
        latest = max(latest, place)
    return count


def at_share(values: "array[float] | Sequence[float]", share: float) -> float:
    """The value below which this share of them lies; of none, no number."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
