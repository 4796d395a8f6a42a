"""What a browser keeps of what is not sent yet, and what the server has of it."""

import re

from playwright.sync_api import Route, WebSocketRoute

from tests.journeys.conftest import SignIn
from tests.journeys.people import Visitor

POSTS = re.compile(r"/rooms/\d+/messages$")
KEPT = "() => Object.keys(localStorage).filter((key) => key.startsWith('chatapp:outbox:')).length"


class Wire:
    """What stands between a page and the server: it can lose what goes up, or what comes down."""

    def __init__(self, visitor: Visitor) -> None:
        self.loses_posts = self.loses_acks = False
        self.posts = 0
        visitor.page.route_web_socket(re.compile("/socket.io/"), self._connect)
        visitor.page.route(POSTS, self._request)

    def _connect(self, route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        route.on_message(lambda packet: self._up(server, packet))
        server.on_message(lambda packet: self._down(route, packet))

    def _up(self, server: WebSocketRoute, packet: str | bytes) -> None:
        is_post = '"message:post"' in str(packet)
        self.posts += is_post
        if not (is_post and self.loses_posts):
            server.send(packet)

    def _down(self, route: WebSocketRoute, packet: str | bytes) -> None:
        is_answer = str(packet).startswith("43") or '"message:posted"' in str(packet)
        if not (is_answer and self.loses_acks):
            route.send(packet)

    def _request(self, route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
        elif self.loses_posts:
            route.abort("connectionfailed")
        else:
            route.continue_()


def kept(visitor: Visitor) -> int:
    """How many messages the browser keeps for later."""
    number: int = visitor.page.evaluate(KEPT)
    return number


def said_in(sign_in: SignIn, room_id: int) -> list[str]:
    """All that stands in the room, from the server itself."""
    items = sign_in("Alice").get(f"/rooms/{room_id}/messages").json["items"]
    return [item["body"] for item in items]
