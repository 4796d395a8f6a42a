"""The page with all keys."""

from flask import Flask

from tests.support import Browser, Cast
from tests.web.html import Page, page_of


def rows(page: Page) -> list[str]:
    """Keys and what they do, in the order of the page."""
    return [" ".join(row.text.split()) for row in page.all("div", class_="keys__row")]


def test_it_shows_what_the_dialog_of_the_other_pages_shows(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.alice)
    page, other = page_of(browser.get("/help")), page_of(browser.get("/rooms"))
    assert rows(page) == rows(other) != []
    assert page.all("dialog", aria_labelledby="help-title") == []  # behaviour 67: nothing is there twice
    assert other.one("a", href="/help").text == other.one("h2", id="help-title").text


def rows_by(page: Page, look: str) -> list[str]:
    """The rows that hold by this choice alone: the page shows those that the reader's makes true."""
    return [" ".join(row.text.split()) for row in page.all("div", class_=f"keys__row {look}")]


def test_each_row_says_by_which_choice_it_holds(app: Flask, cast: Cast) -> None:
    page = page_of(Browser(app, cast.alice).get("/help"))
    assert rows_by(page, "by-enter") == ["Enter Send", "Shift Enter New line", "Ctrl Enter Send, on a phone too"]
    assert rows_by(page, "by-ctrl-enter") == ["Ctrl Enter Send", "Enter New line"]
    assert rows_by(page, "by-single-key") == ["R Reply", "E Edit your own"]
    assert page.one("span", class_="by-single-key").text == "? or "
