"""A closed room does not exist for Charlie: not as a page, not as data, not by a socket, and not from one second to
the next when he is taken out of it."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.people import NOT_FOUND
from tests.journeys.protocol import Client

pytestmark = pytest.mark.journey

MISSING = 999_999_999
PLACES = ("", "?around=1", "/messages", "/messages?before=9", "/messages/1", "/changes?since=0", "/members")
BOTH_WORKERS = (1, 2)


@pytest.fixture
def closed_room(new_room: NewRoom, sign_in: SignIn) -> int:
    """A closed room of Alice and Bob in which something was said."""
    room_id = new_room(kind="closed")
    with sign_in("Alice").connect() as alice:
        alice.post(room_id, "the numbers of the third quarter")
    return room_id


@pytest.fixture
def charlie(sign_in: SignIn) -> Client:
    return sign_in("Charlie")


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_no_page_and_no_history_tells_it_from_a_room_that_is_missing(
    closed_room: int, charlie: Client, accept: str
) -> None:
    for place in PLACES:
        closed, missing = (charlie.get(f"/rooms/{room_id}{place}", accept=accept) for room_id in (closed_room, MISSING))
        assert closed.status == missing.status == 404
        assert without_tokens(closed.text) == without_tokens(missing.text)


def without_tokens(text: str) -> list[str]:
    """The lines of a page that do not change from one request to the next."""
    return [line for line in text.splitlines() if "csrf" not in line]


def test_no_command_by_a_socket_tells_it_from_a_room_that_is_missing(closed_room: int, charlie: Client) -> None:
    with charlie.connect() as socket:
        for command in (
            {"name": "room:open", "since": None},
            {"name": "room:open", "since": 0},
            {"name": "room:close"},
            {"name": "room:read", "number": 1, "generation": 0},
            {"name": "message:post", "body": "let me in", "client_id": str(uuid4())},
        ):
            closed, missing = (
                socket.request(command["name"], {**command, "room_id": room_id}) for room_id in (closed_room, MISSING)
            )
            assert closed == missing


def test_nothing_of_it_reaches_a_socket_that_tried_to_open_it(
    closed_room: int, charlie: Client, sign_in: SignIn, new_room: NewRoom
) -> None:
    shared = new_room(members=("Bob", "Charlie"))
    with charlie.connect() as socket, sign_in("Alice").connect() as alice:
        assert socket.request("room:open", {"room_id": closed_room})["error"] == "room_not_found"
        alice.post(closed_room, "for members only")
        alice.post(shared, "for all")

        socket.wait_for("room:advanced")  # what Charlie may know has come
        # Who is here is everybody's to know, and of no room.
        assert {payload["room_id"] for name, payload in socket.events if name != "presence:changed"} == {shared}


def test_his_pages_do_not_show_it(closed_room: int, new_room: NewRoom, visit: Visit) -> None:
    name = f"Board {uuid4().hex[:6]}"
    room_id = new_room(name=name, kind="closed")
    charlie = visit("Charlie")
    charlie.allow(NOT_FOUND)

    charlie.goto(f"/rooms/{room_id}")
    expect(charlie.page.get_by_role("heading", name="There is no such room, or you may not see it.")).to_be_visible()
    charlie.goto("/rooms")
    expect(charlie.page.get_by_text(name)).to_have_count(0)
    # The name box offers to make a room of this name, as it does for any name that nobody uses.
    charlie.page.get_by_label("Go to a room").fill(name)
    charlie.page.get_by_role("button", name="Open").click()
    expect(charlie.page).to_have_url(f"{charlie.url}/rooms/new?name={name.replace(' ', '+')}")


def test_who_is_removed_loses_it_at_once_on_every_worker(
    new_room: NewRoom, visit: Visit, sign_in: SignIn, ids: dict[str, int]
) -> None:
    room_id = new_room(kind="closed", members=("Bob", "Charlie"))
    pages = {worker: visit("Charlie") for worker in BOTH_WORKERS}
    for worker, page in pages.items():
        page.allow(NOT_FOUND)
        page.open_room(room_id, worker=worker)
    client = sign_in("Charlie")
    sockets = [client.open_room(room_id, worker=worker) for worker in BOTH_WORKERS]
    alice = sign_in("Alice")

    # Whichever worker takes this request, one page and one socket of Charlie's are on the other.
    assert alice.post(f"/rooms/{room_id}/members/{ids['Charlie']}/remove").status == 200

    for page in pages.values():
        expect(page.page.get_by_text("You are no longer in this room, or it is gone.")).to_be_visible()
        expect(page.lines).to_have_count(0)
    for socket in sockets:
        socket.wait_for("room:removed")
    with alice.open_room(room_id, worker=1) as one, alice.open_room(room_id, worker=2) as two:
        one.post(room_id, "now that we are alone")
        one.wait_for("message:posted")
        two.wait_for("message:posted")
    for socket in sockets:
        assert socket.request("room:open", {"room_id": room_id})["error"] == "room_not_found"
        assert socket.bodies() == []
        socket.close()
