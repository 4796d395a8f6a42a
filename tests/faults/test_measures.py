"""How often and how long, of a history made up for it."""

import math

import pytest

from tests.faults.history import Acked, Arrived, Event, Opened
from tests.faults.measures import busiest, posts_acked, returns_after
from tests.faults.strikes.workers import over_the_pool


def arrived(client: int, user: int) -> Event:
    return Arrived(at=0, client=client, user=user)


def acked(at: float, client_id: str, *, client: int = 1, room: int = 1, action: str = "post") -> Event:
    return Acked(at=at, client=client, room=room, client_id=client_id, action=action, version=1)


PEOPLE = [arrived(1, 7), arrived(2, 7), arrived(3, 8)]


def test_a_message_acked_eight_times_by_all_sockets_of_a_person_counts_once() -> None:
    assert posts_acked([*PEOPLE, *(acked(5, "a", client=1 + nth % 2) for nth in range(8))], 1, 10) == 1


def test_one_client_id_in_two_rooms_and_of_two_people_is_three_messages() -> None:
    assert posts_acked([*PEOPLE, acked(5, "a"), acked(6, "a", room=2), acked(7, "a", client=3)], 1, 10) == 3


def test_what_was_acked_in_the_calm_before_or_after_does_not_count_even_when_acked_again_between() -> None:
    assert posts_acked([*PEOPLE, acked(0.5, "a"), acked(5, "a"), acked(10, "b")], 1, 10) == 0


def test_edits_and_deletions_do_not_count() -> None:
    assert posts_acked([*PEOPLE, acked(5, "a", action="edit"), acked(6, "b", action="delete")], 1, 10) == 0


def opened(at: float, client: int, connection: int, room: int = 1) -> Event:
    return Opened(at=at, client=client, room=room, connection=connection, worker=1)


def test_a_return_is_the_first_room_that_a_new_connection_opens_after_a_restart() -> None:
    calm, first, again, later = opened(1, 1, 1), opened(10.5, 1, 2), opened(11, 1, 2, room=2), opened(22, 2, 2)

    assert returns_after([calm, first, again, later], [10, 20]) == [0.5, 2]


def test_all_who_return_at_once_are_not_spread_and_those_who_come_one_by_one_are() -> None:
    assert busiest([1, 1.1, 1.2], 0.25) == 1
    assert busiest([1, 2, 3, 4], 0.25) == 0.25
    assert math.isnan(busiest([], 0.25))


@pytest.mark.parametrize(("seconds", "over"), [(1, 0), (3, 16)])
def test_the_connections_of_the_killed_are_forgiven_for_two_seconds(seconds: float, over: int) -> None:
    assert over_the_pool(32, 16, seconds) == over
