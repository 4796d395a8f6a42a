"""A text stands in more places than one, and must be right, or gone, in each of them."""

import pytest

from tests.faults.made_up import MadeUp
from tests.faults.spoiling import a_row, kinds, spoilt
from tests.faults.violations import Kind


def test_a_message_that_is_shown_as_something_else_is_changed(story: MadeUp) -> None:
    assert kinds(story, spoilt(story, a_row(story), html="<p>something else</p>")) == {Kind.CHANGED}


@pytest.mark.parametrize("place", [{"html": "<p>still here</p>"}, {"former": ("text 1 1",)}], ids=["html", "former"])
def test_a_text_that_outlives_its_deletion_anywhere_is_a_change(story: MadeUp, place: dict[str, object]) -> None:
    deleted = next(row for row in story.rows.values() if row.is_deleted)

    assert Kind.CHANGED in kinds(story, spoilt(story, deleted, **place))


def test_a_former_text_that_its_author_never_sent_is_a_change(story: MadeUp) -> None:
    edited = next(row for row in story.rows.values() if row.former and not row.is_deleted)

    assert kinds(story, spoilt(story, edited, former=("put into my mouth",))) == {Kind.CHANGED}
