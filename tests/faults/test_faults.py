"""What a fault excuses, another does not."""

import pytest

from tests.faults.checker import check
from tests.faults.clients.crowd import Plan
from tests.faults.faults import BY_KEY, FAULTS, Fault, mixed, mixed_kinds
from tests.faults.made_up import MadeUp
from tests.faults.strikes import half_open
from tests.faults.violations import Kind

DATABASE_AWAY = "chatapp.realtime.tick: sqlalchemy.exc.OperationalError: server closed the connection"
MIXED = [mixed(is_sqlite=False), mixed(is_sqlite=True)]


@pytest.mark.parametrize("fault", [*FAULTS, *MIXED], ids=lambda fault: fault.key)
def test_a_traceback_of_a_lost_database_is_excused_only_where_the_database_is_lost(fault: Fault) -> None:
    assert fault.excuses(DATABASE_AWAY) == (fault.key in ("F7", "mixed"))


@pytest.mark.parametrize("is_sqlite", [False, True])
def test_every_fault_that_can_strike_there_strikes_among_others_too(is_sqlite: bool) -> None:
    assert {fault.key for fault in FAULTS if fault.fits_sqlite or not is_sqlite} <= mixed_kinds(
        is_sqlite=is_sqlite
    ).keys()


def test_any_other_traceback_is_never_excused() -> None:
    assert not BY_KEY["F7"].excuses("chatapp.realtime.tick: KeyError: 3")


def late_by(seconds: float, fault: Fault) -> set[Kind]:
    """What is found when something comes to one who was shut out so long ago."""
    story = MadeUp()
    story.shut_out(7, 1, hears_after=seconds)
    return {violation.kind for violation in check(story.events, story.database, grace_seconds=fault.grace_seconds)}


@pytest.mark.parametrize("fault", [fault for fault in [*FAULTS, *MIXED] if fault.with_leavers], ids=lambda f: f.key)
def test_with_redis_one_who_is_shut_out_hears_nothing_soon_after_without_it_after_a_tick(fault: Fault) -> None:
    assert not late_by(1, fault)
    assert late_by(7, fault) == {Kind.AFTER_REMOVAL}
    assert bool(late_by(3, fault)) == (not fault.loses_redis)


def test_people_are_shut_out_both_with_redis_and_without() -> None:
    assert {fault.loses_redis for fault in FAULTS if fault.with_leavers} == {True, False}


@pytest.mark.parametrize("plan", [fault.plan for fault in [*FAULTS, *MIXED]])
def test_second_tabs_begin_on_another_worker_than_first_ones(plan: Plan) -> None:
    # The clients begin on the two workers in turn; those who stay there would else never hear of each other by the bus.
    assert plan.clients > plan.tab_people
    assert plan.tab_people % 2 == 1 or not plan.pinned


def test_some_people_have_one_tab_alone_whoever_else_has_two() -> None:
    plan = BY_KEY["F10"].plan

    assert plan.tab_people - plan.second_tabs > half_open.SILENT
