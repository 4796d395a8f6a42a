"""Alice at a browser, and how long she waits for what."""

import itertools
import json
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.figures.company import EMAIL, Company
from tests.figures.heap_snapshot import code_bytes
from tests.support import PASSWORD

PROBE = Path(__file__).with_name("probe.js")
VIEWPORT = {"width": 1280, "height": 800}
WARM_ROOMS = 4  # in a row, so that all of them are still warm when she comes back
PIXELS_PER_FRAME = 240  # three lines of a wheel, sixty times a second


@dataclass(frozen=True)
class Heap:
    """How many bytes live in a page, and how many of them are code that the engine has compiled."""

    used: float
    code: float


class Reader:
    """One tab that has the company's first room open."""

    def __init__(self, browser: Browser, company: Company) -> None:
        self._company = company
        self._context = browser.new_context(viewport=VIEWPORT, locale="en-GB", timezone_id="Europe/Berlin")
        self._context.add_init_script(path=PROBE)
        self.page: Page = self._context.new_page()

    def close(self) -> None:
        """Go away."""
        self._context.close()

    def sign_in(self, room_id: int) -> tuple[float, float, float]:
        """From the sign-in page into this room, nothing cached: KB of scripts and sheets, the largest paint in ms, and
        how far things moved."""
        page = self.page
        page.goto(f"{self._company.url}/rooms/{room_id}")
        page.locator("input[name=email]").fill(EMAIL)
        page.locator("input[name=password]").fill(PASSWORD)
        at_the_door = page.evaluate("figures.wire()")
        page.locator("input[name=password]").press("Enter")
        self._wait_for(room_id)
        page.wait_for_load_state("networkidle")
        page.wait_for_function("figures.paints > 0")  # the browser tells it some time after
        wire, paint, shifts = page.evaluate("[figures.wire(), figures.paints, figures.shifts]")
        return (at_the_door + wire) / 1000, paint, shifts

    def open_anew(self, room_id: int) -> None:
        """Load the room's page: every other room is cold then."""
        self.page.goto(f"{self._company.url}/rooms/{room_id}")
        self._wait_for(room_id)

    def walk(self, keys: str, steps: int) -> list[float]:
        """Press these keys so often; for each, ms until the other room was painted."""
        begun: int = self.page.evaluate("figures.painted.length")
        return [self._step(keys, begun + step) for step in range(steps)]

    def walk_back_and_forth(self, steps: int) -> list[float]:
        """The same among a few rooms, each of which she has just seen."""
        found: list[float] = []
        for keys in itertools.cycle(("Alt+ArrowUp", "Alt+ArrowDown")):
            found += self.walk(keys, WARM_ROOMS - 1)
            if len(found) >= steps:
                return found[:steps]
        return found

    def say(self, text: str) -> tuple[float, float]:
        """Write this and press Enter: ms until it was painted, and until the server's answer stood in its place."""
        page = self.page
        page.locator("#composer-body").fill(text)
        count = page.evaluate("figures.watchSending(), figures.sent.length")
        page.locator("#composer-body").press("Enter")
        page.wait_for_function("count => figures.sent.length > count && figures.shown.length > count", arg=count)
        expect(page.locator("[data-slot=pending] > .message")).to_have_count(0)
        shown, sent = page.evaluate("[figures.shown.at(-1), figures.sent.at(-1)]")
        return shown, sent

    def scroll_back(self, messages: int) -> list[float]:
        """Scroll back through so many messages; how long each frame took."""
        page = self.page
        last = int(page.locator("[data-slot=messages] > .message").last.get_attribute("data-number") or 0)
        log = page.locator(".log")
        page.set_default_timeout(300_000)
        log.evaluate(
            "(log, [number, pixels]) => figures.scrollBack(log, number, pixels)", [last - messages, PIXELS_PER_FRAME]
        )
        frames: list[float] = page.evaluate("figures.frames.splice(0)")
        return frames[1:]

    def heap(self) -> Heap:
        """What lives in the page, all garbage gone."""
        session = self._context.new_cdp_session(self.page)
        for _ in range(2):
            session.send("HeapProfiler.collectGarbage")
        used: float = session.send("Runtime.getHeapUsage")["usedSize"]
        chunks: list[str] = []
        session.on("HeapProfiler.addHeapSnapshotChunk", lambda part: chunks.append(part["chunk"]))
        session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
        session.detach()
        return Heap(used, code_bytes(json.loads("".join(chunks))))

    def _step(self, keys: str, count: int) -> float:
        self.page.keyboard.press(keys)
        painted: float = self.page.evaluate("count => figures.paintedAfter(count)", count)
        return painted

    def _wait_for(self, room_id: int) -> None:
        expect(self.page.locator(f".room[data-room-id='{room_id}'] #composer-body")).to_be_focused()
