"""Where a fault strikes: the cluster, the crowd, and the chance that makes a run repeatable."""

import random
from dataclasses import dataclass, field

from tests.faults.clients.client import Client
from tests.faults.clients.crowd import Crowd
from tests.faults.cluster import Cluster
from tests.faults.workers import Worker


@dataclass
class Arena:
    """What a strike may touch. `scale` shortens everything that a fault lasts."""

    cluster: Cluster
    crowd: Crowd
    chance: random.Random
    scale: float = 1.0
    facts: dict[str, float] = field(default_factory=dict)  # what was measured: the worst of all strikes
    wrong: list[str] = field(default_factory=list)  # what a strike saw that must not be
    victims: set[int] = field(default_factory=set)  # clients whose own wire was broken: no delay of theirs counts
    locked_room: int = 0
    restarts: list[float] = field(default_factory=list)  # when a worker was told to end

    def worker(self) -> Worker:
        """One of them."""
        return self.chance.choice(self.cluster.workers)

    def some_clients(self, count: int) -> list[Client]:
        """So many of them, who become victims."""
        found = self.chance.sample(self.crowd.clients, min(count, len(self.crowd.clients)))
        self.victims |= {client.number for client in found}
        return found

    def between(self, least: float, most: float) -> float:
        """A number of seconds, scaled."""
        return self.chance.uniform(least, most) * self.scale

    def worst(self, name: str, value: float) -> None:
        """Keep the largest that was measured under this name."""
        self.facts[name] = max(value, self.facts.get(name, value))

    def require(self, is_right: bool, what: str) -> None:
        """Note what is wrong."""
        if not is_right:
            self.wrong.append(what)
