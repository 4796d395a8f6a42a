"""What is said of results: the table, the page, and which figures are missed."""

import pytest

from bench.load.ledger import Wrongs
from bench.report import published, table, targets
from bench.report.page import BEGIN, END, markdown
from bench.results import Case, Results
from tests.bench.results import good_results, sample

OURS_1000 = Case("W1", 1, 1000, 1, "ours")


def missed(results: Results) -> list[str]:
    return [target.figure for target in targets(results) if target.is_missed]


def test_a_run_that_is_good_enough_misses_nothing() -> None:
    assert missed(good_results()) == []
    assert {target.verdict for target in targets(good_results())} == {"reached"}


def test_what_was_not_measured_is_neither_reached_nor_missed() -> None:
    assert {target.verdict for target in targets(Results())} == {"not measured"}
    assert missed(Results()) == []


def test_a_delivery_that_costs_too_much_misses_each_figure_it_is_part_of() -> None:
    results = good_results()
    results.samples[OURS_1000] = [sample(3.7, 1000)]
    assert missed(results) == [
        "W1, room of 1000, ours : raw",
        "W1, room of 1000, ours : node",
        "W1, growth: a delivery in a room of 1000 : of 500",
    ]


def test_less_than_node_is_not_as_much_as_node() -> None:
    results = good_results()
    results.samples[Case("W1", 1, 500, 1, "node")] = results.samples[Case("W1", 1, 500, 1, "ours")]
    assert missed(results) == ["W1, room of 500, ours : node"]


def test_of_several_rounds_the_median_counts() -> None:
    results = good_results()
    results.samples[OURS_1000] = [sample(us, 1000) for us in (2.4, 9.0, 2.5)]
    assert missed(results) == []


@pytest.mark.parametrize("wrongs", [Wrongs(lost=1), Wrongs(doubled=1), Wrongs(reordered=1)])
def test_one_wrong_delivery_of_ours_is_a_miss_and_one_of_others_is_told(wrongs: Wrongs) -> None:
    results = good_results()
    results.samples[Case("W5", 1, 100, 1, "stock")].append(sample(28.0, 100, wrongs))
    assert missed(results) == []
    assert str(wrongs) in table(results)
    results.samples[Case("W5", 1, 100, 1, "ours")].append(sample(6.0, 100, wrongs))
    assert len(missed(results)) == 1


def test_what_ours_could_not_bear_is_a_miss() -> None:
    results = good_results()
    results.given_up["ours"] += 1
    assert missed(results) == ["ours, workloads that were given up"]


def test_memory_and_coming_in_have_their_bounds() -> None:
    results = good_results()
    results.kib["ours", 5000] = 45.1
    results.connect_ms["ours"] = [2.1]
    assert missed(results) == [
        "W3, memory of an idle signed-in connection",
        "W4, CPU of a connect, sign-in check, room open",
    ]


def test_the_table_has_a_line_for_every_case_and_what_it_is_held_against() -> None:
    lines = table(good_results()).splitlines()
    (line,) = [each for each in lines if each.startswith("W1 room of 1000, 1 sender") and " ours " in each]
    assert line.split()[6:] == [
        "ours",
        "2.5",
        "(2.5",
        "-",
        "2.5)",
        "100000",
        "1.5",
        "4.5",
        "3",
        "1.25",
        "0.0658",
        "0.5",
    ]
    cases = len(good_results().samples)
    assert len([each for each in lines if each[:2] in ("W1", "W2", "W5")]) == cases
    assert any(each.startswith("W3") for each in lines)


def test_the_page_gets_the_tables_between_its_marks_and_keeps_the_rest() -> None:
    page = published(f"before\n{BEGIN}\nold\n{END}\nafter\n", good_results())
    assert page == f"before\n{BEGIN}\n\n{markdown(good_results())}\n\n{END}\nafter\n"
    assert published(page, good_results()) == page
    assert "| W1, room of 1000, 1 sender | 2.5 | 2 | 38 | 5 | 1.25 | 0.0658 | 0.5 |" in page
    assert "| W1, room of 1000, 1 sender | ours | 2.5 - 2.5 | 100000 | 1.5 | 4.5 | 3 |  | nothing |" in page
    assert "| W3, memory of an idle signed-in connection | 38 | <= 45 KiB | reached |" in page


def test_a_page_without_marks_is_left_alone() -> None:
    with pytest.raises(ValueError, match="no place"):
        published("before\nafter\n", good_results())
