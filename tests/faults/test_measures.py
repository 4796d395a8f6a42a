"""How often and how long, of a history made up for it."""

from tests.faults.history import Acked, Arrived, Event
from tests.faults.measures import posts_acked


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
