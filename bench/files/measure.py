"""Every figure, one after the other."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from time import monotonic

from bench.files import report
from bench.files.house import MB, NAME, House
from bench.files.report import Bound, Measured
from bench.files.talker import Talk, Talker
from bench.files.transfer import Door, another_process
from bench.processes import cpu_seconds, peak_mb, rss_mb
from tests.figures.report import at_share

Say = Callable[[str], None]


@dataclass(frozen=True)
class Times:
    """How often each is measured."""

    rounds: int = 9  # of one file, each way, through the app and through the plain process in turn
    floods: int = 5  # of many files at once, each after a calm as long
    files: int = 10  # at once
    talkers: int = 5
    calm_acks: int = 200


@dataclass(frozen=True)
class Run:
    """One way of one file."""

    seconds: float
    cpu: float
    lag: float


class Bench:
    """Measures in one house, and keeps what it found."""

    def __init__(self, house: House, times: Times, say: Say) -> None:
        self._house = house
        self._times = times
        self._say = say
        self.measured: Measured = {}

    def measure_one(self) -> None:
        """A file up and down, here and there in turn: what else happens on the machine then happens to both."""
        door = self._house.door()
        door.delete(door.put(self._house.path))  # the first one pays for what is loaded then
        for _ in range(self._times.rounds):
            self._round(door)
        self._say(f"one file: {self._times.rounds} rounds")

    def measure_many(self) -> None:
        """Many files at once, again and again, while others talk."""
        talkers = [self._house.talker() for _ in range(self._times.talkers)]
        with another_process() as elsewhere:
            for _ in range(self._times.floods):
                self._flood(elsewhere, talkers)
        for talker in talkers:
            talker.close()
        self._say(f"{self._times.files} files at once: {self._times.floods} rounds")

    def _round(self, door: Door) -> None:
        house, ids = self._house, list[int]()
        plain = self._run(lambda: house.plain.put(house.path), house.plain_process.pid)
        app = self._run(lambda: ids.append(door.put(house.path)), house.pid)
        self._note_ratio(plain, app, (report.UP, report.UP_RATE, report.UP_CPU, report.UP_PLAIN_CPU, report.LAG_UP))
        plain = self._run(lambda: house.plain.get(NAME, house.size), house.plain_process.pid)
        app = self._run(lambda: door.get(ids[0], house.size), house.pid)
        down = (report.DOWN, report.DOWN_RATE, report.DOWN_CPU, report.DOWN_PLAIN_CPU, report.LAG_DOWN)
        self._note_ratio(plain, app, down)
        door.delete(ids[0])

    def _run(self, work: Callable[[], object], pid: int) -> Run:
        self._house.lag.take()
        cpu, began = cpu_seconds(pid), monotonic()
        work()
        seconds = monotonic() - began
        return Run(seconds, cpu_seconds(pid) - cpu, self._house.lag.take())

    def _note_ratio(self, plain: Run, app: Run, into: tuple[Bound, Bound, Bound, Bound, Bound]) -> None:
        size_mb = self._house.size / MB
        found = (
            plain.seconds / app.seconds,
            size_mb / app.seconds,
            app.cpu * 1000 / size_mb,
            plain.cpu * 1000 / size_mb,
            app.lag * 1000,
        )
        for bound, value in zip(into, found, strict=True):
            self._note(bound, value)
        self._note(report.IDLE_LAG, plain.lag * 1000)

    def _flood(self, elsewhere: ProcessPoolExecutor, talkers: list[Talker]) -> None:
        door, calm, busy = self._house.door(), Talk(talkers), Talk(talkers)
        with calm:
            calm.wait_for(self._times.calm_acks)
        before = rss_mb(self._house.pid)
        with busy:
            ids = elsewhere.submit(Door.put_at_once, door, self._house.path, self._times.files).result()
        self._note(report.MEMORY, peak_mb(self._house.pid) - before)
        in_calm, beside = (at_share(talk.seconds, 0.99) * 1000 for talk in (calm, busy))
        for bound, value in ((report.CALM, in_calm), (report.BUSY, beside), (report.ACKS, beside / in_calm)):
            self._note(bound, value)
        for upload_id in ids:
            door.delete(upload_id)

    def _note(self, bound: Bound, value: float) -> None:
        self.measured.setdefault(bound.figure, []).append(value)


def measure(house: House, times: Times, say: Say = lambda _: None) -> Measured:
    """The values of every figure, by its name."""
    bench = Bench(house, times, say)
    bench.measure_one()
    bench.measure_many()
    return bench.measured
