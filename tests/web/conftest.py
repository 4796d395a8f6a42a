"""What several tests of pages need."""

from collections.abc import Iterator

import pytest

from tests.web.valid_html import PageChecker


@pytest.fixture(scope="session")
def checker(node_path: str) -> Iterator[PageChecker]:
    """What looks for mistakes in pages."""
    with PageChecker(node_path) as running:
        yield running
