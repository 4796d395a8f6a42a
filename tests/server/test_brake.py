from chatapp.server.brake import GOOD_LIFE_SECONDS, JITTER, PAUSES_SECONDS, Brake


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_pauses_grow_to_half_a_minute_and_no_further() -> None:
    brake = Brake(chance=lambda: 0.0)
    pauses = [brake.note_end(served_seconds=1) for _ in range(len(PAUSES_SECONDS) + 2)]
    assert pauses[0] == 0
    assert pauses == sorted(pauses)
    assert pauses[-3:] == [30, 30, 30]
    assert brake.ends == len(pauses)


def test_the_brake_holds_for_as_long_as_it_says() -> None:
    clock = Clock()
    brake = Brake(clock=clock, chance=lambda: 0.0)
    assert brake.is_off
    brake.note_end(served_seconds=1)
    assert brake.is_off
    pause = brake.note_end(served_seconds=1)
    clock.now += pause - 0.01
    assert not brake.is_off
    clock.now += 0.01
    assert brake.is_off


def test_workers_that_fail_together_do_not_start_together() -> None:
    early, late = Brake(chance=lambda: 0.999), Brake(chance=lambda: 0.0)
    for brake in (early, late):
        brake.note_end(served_seconds=1)
    assert (1 - JITTER) * PAUSES_SECONDS[1] <= early.note_end(served_seconds=1) < late.note_end(served_seconds=1)


def test_a_good_life_is_forgiven_what_was_before_it() -> None:
    brake = Brake()
    for _ in range(5):
        brake.note_end(served_seconds=GOOD_LIFE_SECONDS - 1)
    assert brake.note_end(served_seconds=GOOD_LIFE_SECONDS) == 0
    assert brake.ends == 1
