"""Templates as they were at the start, whenever they are used for the first time."""

from pathlib import Path

import pytest
from jinja2 import Environment, TemplateNotFound

from chatapp.web.held_templates import HeldTemplates


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rooms").mkdir()
    (tmp_path / "rooms" / "show.html").write_text("a room, {% include 'footer.html' %}")
    (tmp_path / "footer.html").write_text("2025")
    return tmp_path


def test_what_changes_or_goes_afterwards_is_shown_as_it_was(folder: Path) -> None:
    environment = Environment(loader=HeldTemplates(folder), autoescape=True)
    (folder / "rooms" / "show.html").write_text("no room")
    (folder / "footer.html").unlink()
    assert environment.get_template("rooms/show.html").render() == "a room, 2025"


def test_what_comes_afterwards_is_not_there(folder: Path) -> None:
    environment = Environment(loader=HeldTemplates(folder), autoescape=True)
    (folder / "new.html").write_text("new")
    with pytest.raises(TemplateNotFound):
        environment.get_template("new.html")
    assert environment.list_templates() == ["footer.html", "rooms/show.html"]


def test_a_mistake_says_in_which_file_it_is(folder: Path) -> None:
    (folder / "footer.html").write_text("{{ 1 / 0 }}")
    template = Environment(loader=HeldTemplates(folder), autoescape=True).get_template("footer.html")
    assert template.filename == str(folder / "footer.html")
