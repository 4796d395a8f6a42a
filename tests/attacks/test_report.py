"""What an attack may not do is found, and said."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.attacks.attacks import BY_KEY
from tests.attacks.honest import End, Stretch
from tests.attacks.report import BEGIN, END, published, table
from tests.attacks.run import Result, what_became
from tests.attacks.soak import STRAY, Sample, Soak

BEFORE = Stretch(posts=2, delays=[0.02, 0.02], sent_away=0, arrivals=[0.1], refused=0)
RIGHT = Result(
    BY_KEY["big"],
    Counter({"close 1009": 5}),
    seconds=10,
    kb_before=100_000,
    kb_peak=109_000,
    kb_after=101_000,
    before=BEFORE,
    during=replace(BEFORE, delays=[0.03, 0.039]),
)
NOTHING_LOST = End(posts=2, lost=0, strange=0, sent_away=0)


@pytest.mark.parametrize(
    ("wrong", "missed"),
    [
        ({"outcomes": Counter({"close 1009": 4, "cut": 1})}, "1x cut"),
        ({"outcomes": Counter()}, "never close 1009"),
        ({"kb_after": 111_000}, "memory +11% after"),
        ({"kb_peak": 111_000}, "memory +11% at most"),
        ({"during": replace(BEFORE, delays=[0.02, 0.041])}, "p99 more than doubled"),
        ({"during": replace(BEFORE, sent_away=1)}, "1 honest sockets ended"),
        ({"during": replace(BEFORE, refused=2)}, "2 newcomers refused"),
        ({"tracebacks": 3}, "3 tracebacks logged"),
    ],
)
def test_what_is_missed_stands_in_the_table(wrong: dict[str, object], missed: str) -> None:
    result = replace(RIGHT, **wrong)  # type: ignore[arg-type]

    assert RIGHT.missed() == []
    assert result.missed() == [missed]
    assert f"MISSED: {missed}" in table([result], NOTHING_LOST)


def test_doubling_next_to_nothing_is_not_missed() -> None:
    quick = replace(RIGHT, before=replace(BEFORE, delays=[0.002]), during=replace(BEFORE, delays=[0.019]))

    assert quick.missed() == []


def test_an_attack_may_hold_what_it_is_allowed_to_but_only_as_long_as_it_lasts() -> None:
    slow = replace(RIGHT, attack=BY_KEY["slow"], outcomes=Counter({"cut": 8}))
    most = 110_000 + BY_KEY["slow"].full * BY_KEY["slow"].holds_kb

    assert replace(slow, kb_peak=int(most)).missed() == []
    assert len(replace(slow, kb_peak=int(most) + 1_000).missed()) == 1
    assert len(replace(slow, kb_after=int(most)).missed()) == 1


@pytest.mark.parametrize("what", ["lost", "strange", "sent_away"])
def test_what_became_of_the_members_words_is_said(what: str) -> None:
    assert what_became(NOTHING_LOST) == []
    assert len(what_became(replace(NOTHING_LOST, **{what: 1}))) == 1


def test_what_stays_of_those_who_came_and_went_is_found() -> None:
    start, first = Sample("start", 0, 40, 100_000), Sample("60 s", 2_000, 40, 120_000)
    flat = Soak([start, first, Sample("end", 20_000, 40 + STRAY, 131_000)])
    grown = Soak([start, first, Sample("end", 20_000, 41 + STRAY, 133_000)], Counter({"HTTP 500": 2}), tracebacks=1)

    assert flat.missed() == []
    assert [missed.split()[0] for missed in grown.missed()] == ["2x", str(1 + STRAY), "memory", "1"]


def test_a_soak_that_holds_its_memory_to_itself_misses_something() -> None:
    samples = [Sample("start", 0, 40, 100_000), Sample("end", 20_000, 40, 900_000)]

    assert Soak(samples).missed() == ["no memory looked at meanwhile"]


def test_the_page_gets_the_table_between_its_marks() -> None:
    page = published(f"before\n{BEGIN}\nold\n{END}\nafter", [RIGHT], NOTHING_LOST)

    assert page.startswith("before\n")
    assert page.endswith("\nafter")
    assert "old" not in page
    assert "| big: frames and messages of 8 MB | 5 in 10 s | 5x close 1009 |" in page
    with pytest.raises(ValueError, match="no place"):
        published("a page without marks", [RIGHT], NOTHING_LOST)
