"""What the runs share: Redis and PostgreSQL of their own, and the loop in which wires and clients live."""

from collections.abc import Iterator

import pytest

from tests.faults.background import Background
from tests.faults.made_up import MadeUp
from tests.faults.parts import Parts


@pytest.fixture
def story() -> MadeUp:
    """A history in which all is right."""
    return MadeUp()


@pytest.fixture(scope="module")
def parts() -> Iterator[Parts]:
    """Nobody else's tests shall see them die."""
    with Parts() as running:
        yield running


@pytest.fixture(scope="module")
def background() -> Iterator[Background]:
    with Background() as running:
        yield running
