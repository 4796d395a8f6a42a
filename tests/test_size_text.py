"""Sizes as people read them. `tests/js/size_text.test.js` has the same ones."""

import pytest

from chatapp.size_text import size_text


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1024, "1 kB"),
        (1_047_552, "1,023 kB"),
        (1_572_864, "1.5 MB"),
        (26_214_400, "25 MB"),
        (5 * 2**30, "5 GB"),
    ],
)
def test_a_size_is_said_in_the_unit_that_people_use_for_it(size: int, said: str) -> None:
    assert size_text(size) == said
