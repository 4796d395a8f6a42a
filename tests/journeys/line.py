"""The WebSocket between a page and the server, in the test's hand."""

import re

from playwright.sync_api import Page, WebSocketRoute

SOCKETS = re.compile(r"/socket\.io/")


class Line:
    """Up at first. It is to be made before the page opens its room."""

    def __init__(self, page: Page) -> None:
        self._is_cut = False
        self._is_silent = False
        self._kept_back = ""
        self.held: list[tuple[WebSocketRoute, str | bytes]] = []  # what the server said, and does not get through yet
        self.connections = 0
        self.sent: list[str] = []  # what the page said, and got through
        self._routes: list[WebSocketRoute] = []
        self._dead: list[WebSocketRoute] = []  # those that were silent once, also if nothing was to pass then
        page.route_web_socket(SOCKETS, self._connect)

    def cut(self) -> None:
        """Close the socket, and let none through any more, as some proxies do."""
        self._is_cut = True
        for route in self._routes:
            route.close()
        self._routes.clear()

    def silence(self) -> None:
        """Nothing passes in either direction from here on, and nobody is told: the link is half-open."""
        self._is_silent = True

    def hold(self, word: str) -> None:
        """Whatever the server says with this word in it is late from here on."""
        self._kept_back = word

    def let_go(self) -> None:
        """It arrives now, after all that came meanwhile."""
        self._kept_back = ""
        for route, packet in self.held:
            route.send(packet)

    def announce_end(self) -> None:
        """The server says that it is about to end, as each does that is deployed anew."""
        for route in self._routes:
            route.send('42["server:draining",{"spread_seconds":10}]')

    def say_goodbye(self) -> None:
        """End the connection as the server does on purpose, after which socket.io does not come back by itself."""
        for route in self._routes:
            route.send("41")

    def mend(self) -> None:
        """Let new sockets through; a silent one stays so."""
        if self._is_silent:
            self._dead += self._routes
        self._is_cut = self._is_silent = False

    def _passes(self, route: WebSocketRoute) -> bool:
        return not self._is_silent and route not in self._dead

    def _connect(self, route: WebSocketRoute) -> None:
        if self._is_cut:
            route.close()
            return
        self.connections += 1
        self._routes.append(route)
        server = route.connect_to_server()

        def send(packet: str | bytes) -> None:
            if self._passes(route):
                self.sent.append(str(packet))
                server.send(packet)

        def hear(packet: str | bytes) -> None:
            if self._kept_back and self._kept_back in str(packet):
                self.held.append((route, packet))
            elif self._passes(route):
                route.send(packet)

        route.on_message(send)
        server.on_message(hear)
