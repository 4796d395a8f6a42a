"""What holds for some seconds ends by itself."""

from hypothesis import given
from hypothesis import strategies as st

from chatapp.realtime.leases import Leases
from tests.realtime.clock import Clock


def test_a_lease_holds_until_its_time_and_not_a_moment_longer() -> None:
    clock = Clock()
    leases = Leases[str, str](clock)
    leases.hold("a", "Alice", 5)
    clock.go_on(4.9)
    assert leases.held() == {"a": "Alice"}
    clock.go_on(0.1)
    assert leases.held() == {}
    assert leases.seconds_left("a") == 0


def test_the_last_word_counts_whether_it_is_longer_or_shorter() -> None:
    leases = Leases[str, str](Clock())
    for seconds in (5, 45, 30):
        leases.hold("a", "Alice", seconds)
        assert leases.seconds_left("a") == seconds


def test_a_lease_for_no_time_ends_it() -> None:
    leases = Leases[str, str](Clock())
    leases.hold("a", "Alice", 5)
    leases.hold("a", "Alice", 0)
    leases.hold("b", "Bob", -1)
    assert leases.held() == {}


def test_who_has_held_longest_stays_first() -> None:
    leases = Leases[str, str](Clock())
    for key in "abcab":
        leases.hold(key, key, 5)
    assert list(leases.held()) == ["a", "b", "c"]


Step = st.tuples(st.sampled_from("abc"), st.floats(0, 10), st.floats(0, 5))


@given(st.lists(Step))
def test_whatever_is_held_and_however_time_passes_each_key_has_its_last_lease(
    steps: list[tuple[str, float, float]],
) -> None:
    clock, until = Clock(), dict[str, float]()
    leases = Leases[str, None](clock)
    for key, seconds, pause in steps:
        leases.hold(key, None, seconds)
        until[key] = clock() + seconds
        clock.go_on(pause)
        assert set(leases.held()) == {each for each in until if until[each] > clock()}
