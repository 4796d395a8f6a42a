"""Results as a run would find them."""

from bench.load.ledger import Wrongs
from bench.load.talk import Talk
from bench.results import Case, Results, Sample

MESSAGES = 100
# CPU us of a delivery: so that ours reaches every figure.
GOOD = {
    "ours": {10: 60.0, 100: 6.0, 500: 3.0, 1000: 2.5},
    "raw": {10: 2.0, 100: 2.0, 500: 2.0, 1000: 2.0},
    "stock": {10: 54.0, 100: 28.0, 500: 30.0, 1000: 38.0},
    "node": {10: 5.0, 100: 5.0, 500: 5.0, 1000: 5.0},
}


def sample(us: float, members: int, wrongs: Wrongs | None = None) -> Sample:
    """One case, once: a delivery takes so many microseconds."""
    deliveries = MESSAGES * members
    talk = Talk(1.0, MESSAGES, deliveries, p50_ms=1.5, p99_ms=4.5, wrongs=wrongs or Wrongs())
    return Sample(talk, us * deliveries / 1e6, {"PostgreSQL": 0.3})


def good_results() -> Results:
    """A whole run in which every figure is reached."""
    results = Results()
    for server, sizes in GOOD.items():
        for members, us in sizes.items():
            for senders in (1, 4):
                results.samples[Case("W1", 1, members, senders, server)].append(sample(us, members))
                if server in ("ours", "stock") and members >= 100:
                    results.samples[Case("W5", 1, members, senders, server)].append(sample(us * 1.2, members))
        results.samples[Case("W2", 100, 10, 1, server)].append(sample(sizes[10], 1000))
        results.kib |= {(server, 1000): 40.0, (server, 5000): 38.0}
        results.connect_ms[server].append(1.5)
    return results
