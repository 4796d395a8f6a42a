"""Somebody at a browser, and everything that went wrong there."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Error,
    Locator,
    Page,
    Request,
    WebSocket,
    expect,
)

from tests.journeys.protocol import Client
from tests.journeys.server import Server
from tests.journeys.waiting import eventually
from tests.support import PASSWORD

NIGHT_SECONDS = 8 * 3600
SLEEP_LOOK_MS = 10_000  # static/js/room/absence.js looks so often whether there was a sleep
TRIES = 60  # reloads until the wanted worker takes the socket: which one does is chance
# The page was left while it loaded or connected.
LEFT = "net::ERR_ABORTED"
LEFT_CONNECTING = "WebSocket is closed before the connection is established"
ACK_WITH_WORKER = re.compile(r'^43\d+(\[.*"worker":.*\])$', re.DOTALL)

# What a browser writes to its console when the server is away for a moment; a journey that takes it away allows it.
AWAY = re.compile(r"WebSocket connection to|ERR_(CONNECTION_|INTERNET_DISCONNECTED|EMPTY_RESPONSE|SOCKET)")
# What Chromium says of every script when it may run none.
SCRIPT_NOT_RUN = re.compile(r"request failed: GET \S+\.js: csp$")
NOT_FOUND = re.compile(r"status of 404")
# Of a page's request, and of a socket, whose status it says only where it is not 401.
REFUSED = re.compile(r"status of 4\d\d|HTTP Authentication failed|response code: 4\d\d$")


class Visitor:
    """A person at a browser of their own. Errors of its pages end up in `troubles`."""

    def __init__(self, name: str, context: BrowserContext, url: str) -> None:
        self.server: Server | None = None  # whose workers can be told apart
        self.name = name
        self.url = url
        self.context = context
        self.troubles: list[str] = []
        self._allowed: list[re.Pattern[str]] = []
        self._newest_socket: WebSocket | None = None
        context.on("page", self._watch)
        self.page = context.new_page()
        self.worker = 0  # the one that holds the page's socket, once the page has opened a room

    # What a person does

    def goto(self, path: str) -> None:
        """Go to a page of ours."""
        self.page.goto(f"{self.url}{path}")

    def sign_in(self, email: str) -> None:
        """Fill in the sign-in form, wherever one stands."""
        if not self.page.url.startswith(f"{self.url}/login"):
            self.goto("/login")
        self.page.locator("input[name=email]").fill(email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("form[action='/login'] button[type=submit]").click()
        expect(self.page.locator(".menu__button")).to_be_visible()

    def be_signed_in(self, client: Client) -> None:
        """Go on in this browser with the sign-in of a client without one, on whichever page comes first."""
        self.context.add_cookies([{"name": name, "value": value, "url": self.url} for name, value in client.cookies()])

    def lose_sign_in(self) -> None:
        """Be a stranger to the server from the next page on. This one is left first: what it still asks is refused."""
        self.page.goto("about:blank")
        self.context.clear_cookies()

    def open_room(self, room_id: int, *, worker: int | None = None) -> None:
        """Open the room's page, and come back until this worker holds its socket."""
        for _ in range(TRIES):
            self.worker = 0
            with self._led_to(worker):
                self.goto(f"/rooms/{room_id}")
                self.wait_until_live()
            if worker in (None, self.worker):
                return
        raise AssertionError(f"worker {worker} took none of {TRIES} connections")

    def wait_until_live(self) -> None:
        """Return when the page has its room open by a socket."""
        self.eventually(lambda: self.worker != 0, "the room is open by a socket")

    def own_the_clock(self) -> None:
        """From the next page on `let_pass` can let time pass there; until then it passes by itself."""
        self.page.clock.install()

    def let_pass(self, milliseconds: int) -> None:
        """As if this had passed since: what waits for it in the page happens now."""
        self.page.clock.fast_forward(milliseconds)

    def stop_the_clock(self) -> None:
        """From here on no time passes in the page but what the test lets pass."""
        self.page.clock.pause_at(self.page.evaluate("() => Date.now()") / 1000 + 1)

    def sleep(self) -> None:
        """As if the machine had slept for a night: its wall clock went on, and no timer did until it woke."""
        self.page.clock.set_system_time(self.page.evaluate("() => Date.now()") / 1000 + NIGHT_SECONDS)
        self.let_pass(SLEEP_LOOK_MS)

    def say(self, text: str) -> None:
        """Write into the box and send it by Enter."""
        self.box.fill(text)
        self.box.press("Enter")

    def go_to_newest(self) -> None:
        """Scroll to the end of the log: a room opens at its first unread line."""
        self.page.locator(".log").evaluate("log => { log.scrollTop = 0; }")

    # What a person sees

    @property
    def box(self) -> Locator:
        """Where one writes."""
        return self.page.locator("#composer-body")

    @property
    def lines(self) -> Locator:
        """The messages that the server has confirmed."""
        return self.page.locator("[data-slot=messages] > .message")

    @property
    def bodies(self) -> Locator:
        """The texts of these."""
        return self.lines.locator(".message__body")

    @property
    def pending(self) -> Locator:
        """One's own that it has not."""
        return self.page.locator("[data-slot=pending] > .message")

    def line(self, text: str) -> Locator:
        """The confirmed message with exactly this text."""
        return self.lines.filter(has=self.page.get_by_text(text, exact=True))

    def message(self, number: int) -> Locator:
        """The confirmed message with this number."""
        return self.page.locator(f"[data-slot=messages] > #message-{number}")

    def point_at(self, number: int) -> Locator:
        """The line of this message, under the pointer: again, should the log have moved below it, until it noticed."""
        line = self.message(number)
        buttons = line.locator(".message-actions")

        def is_shown() -> bool:
            line.hover()
            if not buttons.is_visible():
                self.page.mouse.move(0, 0)  # where Escape took them away, the pointer has to leave and come again
            return buttons.is_visible()

        self.eventually(is_shown, f"the buttons of message {number} are there")
        return line

    # What a journey asks

    def eventually(self, question: Callable[[], object], what: str) -> None:
        """Return when `question()` is true; the browser's events come in meanwhile."""
        eventually(question, pause=lambda: self.page.wait_for_timeout(20), what=f"{self.name}: {what}")

    def allow(self, *patterns: re.Pattern[str]) -> None:
        """Errors like these belong to this journey."""
        self._allowed.extend(patterns)

    def unexpected_troubles(self) -> list[str]:
        """What went wrong and was not allowed."""
        return [each for each in self.troubles if not any(pattern.search(each) for pattern in self._allowed)]

    def _led_to(self, worker: int | None) -> AbstractContextManager[None]:
        # Only what is new: a connection that this browser keeps to one of the others would stand still with it.
        is_new = self.page.url == "about:blank"
        return self.server.only(worker) if worker and self.server and is_new else nullcontext()

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self._note("page error", str(error)))
        page.on("console", self._console)
        page.on("requestfailed", self._request_failed)
        page.on("dialog", self._dialog)
        page.on("crash", lambda _: self._note("crash", page.url))
        page.on("websocket", self._socket)

    def _note(self, kind: str, what: str) -> None:
        self.troubles.append(f"{self.name}: {kind}: {what}")

    def _console(self, message: ConsoleMessage) -> None:
        # What the Content-Security-Policy refuses is said here too, as an error.
        if message.type in ("error", "warning") and LEFT_CONNECTING not in message.text:
            self._note(f"console {message.type}", message.text)

    def _request_failed(self, request: Request) -> None:
        if request.failure != LEFT:
            self._note("request failed", f"{request.method} {request.url}: {request.failure}")

    def _dialog(self, dialog: Dialog) -> None:
        # Leaving with something unsent asks first; every other dialog would be a stranger's script.
        if dialog.type != "beforeunload":
            self._note("dialog", dialog.message)
        with suppress(Error):
            dialog.accept()

    def _socket(self, socket: WebSocket) -> None:
        self._newest_socket = socket
        socket.on("framereceived", self._frame)
        socket.on("close", self._closed)

    def _closed(self, socket: WebSocket) -> None:
        if socket is self._newest_socket:
            self.worker = 0

    def _frame(self, packet: str | bytes) -> None:
        if found := ACK_WITH_WORKER.match(packet if isinstance(packet, str) else packet.decode()):
            self.worker = json.loads(found[1])[0]["worker"]


def number_at(line: Locator) -> int:
    """The number of a message's line."""
    return int(line.get_attribute("data-number") or 0)
