"""What waits keeps its order and stays within its bound."""

import random
import threading

import pytest

from chatapp.realtime.backlog import TAKEN_MAX, Backlog


def taken(backlog: Backlog[int]) -> list[int]:
    """All that waits, to the end."""
    backlog.end()
    found = []
    while (item := backlog.get()) is not None:
        found.append(item)
    return found


def test_the_newest_is_refused_when_there_is_no_room_and_the_others_keep_their_order() -> None:
    backlog = Backlog[int](10)
    assert [backlog.put(weight, weight) for weight in (4, 5, 2, 1, 1)] == [True, True, False, True, False]
    assert taken(backlog) == [4, 5, 1]


def test_what_was_taken_out_makes_room() -> None:
    backlog = Backlog[int](1)
    for number in range(1, 100):
        assert backlog.put(number)
        assert not backlog.put(number)
        assert backlog.get() == number
    assert backlog.is_empty


def test_what_waits_is_taken_together_and_never_without_a_bound() -> None:
    backlog = Backlog[int](1_000)
    for number in range(TAKEN_MAX + 1):
        backlog.put(number)
    assert backlog.get_all() == list(range(TAKEN_MAX))
    assert backlog.get_all() == [TAKEN_MAX]
    backlog.put(7)
    backlog.end()
    assert (backlog.get_all(), backlog.get_all()) == ([7], [])


def test_what_is_given_together_makes_room_when_it_is_done_with() -> None:
    backlog = Backlog[int](2)
    assert [backlog.put(number) for number in range(3)] == [True, True, False]
    assert backlog.get_all() == [0, 1]
    assert not backlog.put(3)
    backlog.end()
    assert backlog.get_all() == []
    assert backlog.put(4)


@pytest.mark.parametrize("seed", range(5))
def test_many_who_put_and_one_who_takes_lose_nothing_that_was_taken_in(seed: int) -> None:
    backlog, kept = Backlog[int](200), [set[int]() for _ in range(4)]
    chance = random.Random(seed)  # noqa: S311
    weights = [chance.randrange(1, 20) for _ in range(2_000)]

    def put(mine: int) -> None:
        kept[mine] = {number for number in range(mine, len(weights), 4) if backlog.put(number, weights[number])}

    found: list[int] = []
    taker = threading.Thread(target=lambda: found.extend(iter(backlog.get, None)))  # type: ignore[arg-type]
    putters = [threading.Thread(target=put, args=(mine,)) for mine in range(4)]
    for thread in (taker, *putters):
        thread.start()
    for thread in putters:
        thread.join()
    backlog.end()
    taker.join()
    assert sorted(found) == sorted(set().union(*kept))
    assert all(backlog.put(0, 1) for _ in range(200)), "its bound stands where it stood"
    assert not backlog.put(0, 1)
