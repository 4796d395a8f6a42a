"""What was found must be seen in the table."""

from collections import Counter

from tests.faults.report import COUNTED
from tests.faults.violations import Kind


def test_every_kind_of_violation_is_counted_in_one_column() -> None:
    assert Counter(kind for kinds in COUNTED.values() for kind in kinds) == Counter(Kind)
