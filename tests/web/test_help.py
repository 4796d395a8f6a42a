"""The page with all keys."""

import pytest
from flask import Flask

from tests.support import Browser, Cast
from tests.web.html import Page, page_of

DEFAULTS = {"theme": "system", "send_key": "enter", "clock": "locale", "single_keys": "on"}


def rows(page: Page) -> list[str]:
    """Keys and what they do, in the order of the page."""
    return [" ".join(row.text.split()) for row in page.all("div", class_="keys__row")]


def test_it_shows_what_the_dialog_of_the_other_pages_shows(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.alice)
    page, other = page_of(browser.get("/help")), page_of(browser.get("/rooms"))
    assert rows(page) == rows(other) != []
    assert page.all("dialog", aria_labelledby="help-title") == []  # behaviour 67: nothing is there twice
    assert other.one("a", href="/help").text == other.one("h2", id="help-title").text


@pytest.mark.parametrize(("send_key", "enter"), [("enter", "Enter Send"), ("ctrl-enter", "Enter New line")])
def test_it_says_which_key_sends_for_this_reader(app: Flask, cast: Cast, send_key: str, enter: str) -> None:
    browser = Browser(app, cast.alice)
    browser.post("/account/preferences", {**DEFAULTS, "send_key": send_key})
    said = rows(page_of(browser.get("/help")))
    assert next(row for row in said if row.startswith("Enter ")) == enter
    assert "Ctrl Enter Send" in " ".join(said)


@pytest.mark.parametrize("single_keys", ["on", "off"])
def test_it_names_no_key_that_this_reader_has_switched_off(app: Flask, cast: Cast, single_keys: str) -> None:
    browser = Browser(app, cast.alice)
    browser.post("/account/preferences", {**DEFAULTS, "single_keys": single_keys})
    said = rows(page_of(browser.get("/help")))
    assert ("R Reply" in said, "E Edit your own" in said) == (single_keys == "on",) * 2
    asks = "? or Ctrl / These keys" if single_keys == "on" else "Ctrl / These keys"
    assert asks in said
    assert "Del Delete your own" in said  # no letter and no sign: nobody says it by mistake
