"""After a restore a new epoch begins, and whoever comes with a cursor of the former one is told so."""

import pytest

from chatapp.actions.company import begin_epoch
from chatapp.actions.history import current_epoch, read_changes
from chatapp.errors import CursorAhead
from tests.actions.questions import say
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context")


def test_each_new_epoch_is_another(cast: Cast) -> None:
    epochs = [current_epoch()]
    for _ in range(2):
        assert begin_epoch()
        epochs.append(current_epoch())
    assert len(set(epochs)) == 3
    assert all(epochs)


def test_without_a_company_there_is_no_epoch_to_begin() -> None:
    assert not begin_epoch()
    assert current_epoch() == ""


def test_a_cursor_of_the_former_epoch_gets_no_changes_however_low_it_is(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one", "two")
    former = current_epoch()
    begin_epoch()
    with pytest.raises(CursorAhead):
        read_changes(cast.bob, cast.open_room, 0, epoch=former)
    for epoch in (current_epoch(), None):
        assert len(read_changes(cast.bob, cast.open_room, 0, epoch=epoch).items) == 2
