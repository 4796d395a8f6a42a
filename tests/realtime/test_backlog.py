"""What waits keeps its order and stays within its bound."""

import random
import threading

import pytest

from chatapp.realtime.backlog import TAKEN_MAX, Backlog


def taken(backlog: Backlog[int]) -> list[int]:
    """All that waits, to the end."""
    backlog.end()
    return [item for items in iter(backlog.get, []) for item in items]


def test_the_newest_is_refused_when_there_is_no_room_and_the_others_keep_their_order() -> None:
    backlog = Backlog[int](10)
    assert [backlog.put(weight, weight) for weight in (4, 5, 2, 1, 1)] == [True, True, False, True, False]
    assert taken(backlog) == [4, 5, 1]


def test_what_was_taken_out_makes_room() -> None:
    backlog = Backlog[int](1)
    for number in range(1, 100):
        assert backlog.put(number)
        assert not backlog.put(number)
        assert backlog.get() == [number]
    assert backlog.is_empty


def test_what_waits_is_taken_together_and_never_without_a_bound() -> None:
    backlog = Backlog[int](1_000)
    for number in range(TAKEN_MAX + 1):
        backlog.put(number)
    assert backlog.get() == list(range(TAKEN_MAX))
    assert backlog.get() == [TAKEN_MAX]


@pytest.mark.parametrize("seed", range(5))
def test_many_who_put_and_one_who_takes_lose_nothing_that_was_taken_in(seed: int) -> None:
    backlog, kept = Backlog[int](200), [set[int]() for _ in range(4)]
    chance = random.Random(seed)  # noqa: S311
    weights = [chance.randrange(1, 20) for _ in range(2_000)]

    def put(mine: int) -> None:
        kept[mine] = {number for number in range(mine, len(weights), 4) if backlog.put(number, weights[number])}

    found: list[int] = []
    taker = threading.Thread(target=lambda: found.extend(item for items in iter(backlog.get, []) for item in items))
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
