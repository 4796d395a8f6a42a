"""Every figure, one after the other, with one reader."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser

from tests.figures.company import Company
from tests.figures.reader import Reader
from tests.figures.report import BOUNDS, Measured

WARM, COLD, SHOWN, SENT, WIRE, PAINT, SHIFT, HEAP, DATA, FRAME = (bound.figure for bound in BOUNDS)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Times:
    """How often each is measured."""

    loads: int = 5
    cold_rounds: int = 6  # through all rooms but the first
    warm: int = 120
    messages: int = 60
    switches: int = 1000  # between the heap's two looks, after a tenth of so many
    scrolled: int = 10_000


def measure(browser: Browser, company: Company, times: Times, say: Say = lambda _: None) -> Measured:
    """The values of every figure, by its name."""
    measured: Measured = {}
    for part in (_load, _switch, _send, _scroll, _grow):
        measured |= part(browser, company, times)
        say(", ".join(f"{name}: {len(values)}" for name, values in measured.items()))
    return measured


def _load(browser: Browser, company: Company, times: Times) -> Measured:
    found = [_loaded(browser, company) for _ in range(times.loads)]
    wires, paints, shifts = (list(values) for values in zip(*found, strict=True))
    return {WIRE: wires, PAINT: paints, SHIFT: shifts}


def _loaded(browser: Browser, company: Company) -> tuple[float, float, float]:
    reader = Reader(browser, company)
    try:
        return reader.sign_in(company.rooms[1])
    finally:
        reader.close()


def _switch(browser: Browser, company: Company, times: Times) -> Measured:
    reader = Reader(browser, company)
    cold: list[float] = []
    reader.sign_in(company.rooms[0])
    for _ in range(times.cold_rounds):
        reader.open_anew(company.rooms[0])
        cold += reader.walk("Alt+ArrowDown", len(company.rooms) - 1)
    reader.walk("Alt+ArrowUp", 4)
    warm = reader.walk_back_and_forth(times.warm)
    reader.close()
    return {COLD: cold, WARM: warm}


def _send(browser: Browser, company: Company, times: Times) -> Measured:
    reader = Reader(browser, company)
    reader.sign_in(company.long_room)
    found = [reader.say(f"message {number}: is anybody there?") for number in range(times.messages)]
    reader.close()
    return {SHOWN: [shown for shown, _ in found], SENT: [sent for _, sent in found]}


def _scroll(browser: Browser, company: Company, times: Times) -> Measured:
    reader = Reader(browser, company)
    reader.sign_in(company.long_room)
    frames = reader.scroll_back(times.scrolled)
    reader.close()
    return {FRAME: frames}


def _grow(browser: Browser, company: Company, times: Times) -> Measured:
    reader = Reader(browser, company)
    reader.sign_in(company.rooms[0])
    _wander(reader, company, times.switches // 10)
    early = reader.heap()
    _wander(reader, company, times.switches - times.switches // 10)
    late = reader.heap()
    reader.close()
    return {HEAP: [late.used / early.used], DATA: [(late.used - late.code) / (early.used - early.code)]}


def _wander(reader: Reader, company: Company, switches: int) -> None:
    """Down through all rooms and up again, over and over."""
    once = len(company.rooms) - 1
    for done in range(0, switches, once):
        reader.walk(("Alt+ArrowDown", "Alt+ArrowUp")[done // once % 2], min(once, switches - done))
