"""What is found wrong with what a room heard."""

import math

import pytest

from bench.load.ledger import Ledger, Wrongs, at_share, judge

SAID = [b"000 0000001", b"000 0000002", b"001 0000001", b"000 0000003"]


def room(*heard: list[bytes]) -> Ledger:
    """A room in which all of SAID was said, and each connection heard one of these."""
    return Ledger(dict.fromkeys(SAID, 0.0), list(heard))


def without(place: int) -> list[bytes]:
    return SAID[:place] + SAID[place + 1 :]


def test_all_who_heard_the_same_once_heard_nothing_wrong() -> None:
    assert judge(room(SAID, list(SAID), list(SAID))) == Wrongs()
    assert not judge(room(SAID))


@pytest.mark.parametrize("place", range(len(SAID)))
@pytest.mark.parametrize("hearer", range(3))
def test_a_loss_is_found_wherever_it_is(hearer: int, place: int) -> None:
    heard = [list(SAID) for _ in range(3)]
    heard[hearer] = without(place)
    assert judge(room(*heard)) == Wrongs(lost=1)


@pytest.mark.parametrize("hearer", range(3))
def test_a_double_is_found_whoever_got_it(hearer: int) -> None:
    heard = [list(SAID) for _ in range(3)]
    heard[hearer].insert(2, SAID[1])
    assert judge(room(*heard)) == Wrongs(doubled=1)


def test_an_order_that_differs_from_that_of_others_is_found() -> None:
    crossed = [SAID[0], SAID[2], SAID[1], SAID[3]]
    assert judge(room(SAID, crossed, SAID)) == Wrongs(reordered=1)
    assert judge(room(crossed, SAID)) == Wrongs(reordered=1)


def test_the_whole_room_may_have_lost_the_same() -> None:
    assert judge(room(without(3), without(3))) == Wrongs(lost=2)
    assert judge(room([], [])) == Wrongs(lost=8)


def test_all_wrongs_at_once_are_counted_each_by_itself() -> None:
    assert judge(room(SAID, [SAID[2], SAID[1], SAID[1], SAID[3]])) == Wrongs(lost=1, doubled=1, reordered=1)


def test_what_comes_from_before_counts_as_one_too_many() -> None:
    assert judge(room(SAID, [b"000 0000000", *SAID])) == Wrongs(doubled=1)


def test_wrongs_add_up() -> None:
    assert Wrongs(1, 2, 3) + Wrongs(10, 20, 30) == Wrongs(11, 22, 33)


def test_a_share_of_values_is_one_of_them() -> None:
    values = [float(each) for each in range(100)]
    assert (at_share(values, 0.5), at_share(values, 0.99), at_share(values, 1.0)) == (50.0, 99.0, 99.0)
    assert math.isnan(at_share([], 0.5))
