"""What one chooses for oneself, on the account page and in every page after it."""

import pytest
from flask import Flask

from tests.support import Browser, Cast
from tests.web.html import Page, page_of

CHOICES = {"theme": "dark", "send_key": "ctrl-enter", "clock": "24", "single_keys": "off"}
DEFAULTS = {"theme": "system", "send_key": "enter", "clock": "locale", "single_keys": "on"}


@pytest.fixture
def browser(app: Flask, cast: Cast) -> Browser:
    """Alice's browser."""
    return Browser(app, cast.alice)


def chosen(page: Page) -> dict[str, str]:
    """What is marked in the form."""
    radios = page.all("input", type="radio")
    return {radio["name"]: radio["value"] for radio in radios if radio.get("checked") is not None}


def worn(page: Page) -> dict[str, str]:
    """What the page as a whole says of its reader's choices."""
    return {name: value for name, value in page.one("html").attributes.items() if name.startswith("data-")}


def test_the_form_shows_what_is_chosen_and_the_defaults_at_first(browser: Browser) -> None:
    assert chosen(page_of(browser.get("/account"))) == DEFAULTS
    assert browser.post("/account/preferences", CHOICES).location == "/account?saved=1"
    assert chosen(page_of(browser.get("/account"))) == CHOICES


def test_every_page_says_what_was_chosen_and_nothing_of_the_defaults(app: Flask, cast: Cast, browser: Browser) -> None:
    assert worn(page_of(browser.get("/rooms"))) == {}
    browser.post("/account/preferences", CHOICES)
    for path in ("/rooms", "/people", "/account", "/nowhere", f"/rooms/{cast.open_room}"):
        page = page_of(browser.get(path))
        assert worn(page) == {f"data-{name.replace('_', '-')}": value for name, value in CHOICES.items()}
    assert worn(page_of(Browser(app, cast.bob).get("/rooms"))) == {}
    assert worn(page_of(Browser(app).get("/login"))) == {}


@pytest.mark.parametrize(
    ("theme", "schemes", "bars"),
    [
        ("system", "light dark", {"light": "(prefers-color-scheme: light)", "dark": "(prefers-color-scheme: dark)"}),
        ("light", "light", {"light": "all", "dark": "not all"}),
        ("dark", "dark", {"light": "not all", "dark": "all"}),
    ],
)
def test_the_browser_is_told_the_scheme_before_any_style(
    browser: Browser, theme: str, schemes: str, bars: dict[str, str]
) -> None:
    browser.post("/account/preferences", {**DEFAULTS, "theme": theme})
    page = page_of(browser.get("/rooms"))
    assert page.one("meta", name="color-scheme")["content"] == schemes
    assert {each["data-scheme"]: each["media"] for each in page.all("meta", name="theme-color")} == bars


@pytest.mark.parametrize("field", CHOICES)
def test_what_is_none_of_the_choices_is_refused_beside_its_field(browser: Browser, field: str) -> None:
    refused = browser.post("/account/preferences", {**CHOICES, field: "<mauve>"})
    page = page_of(refused)
    assert refused.status_code == 400
    assert page.one("p", id=f"error-{field}").text
    assert chosen(page) == DEFAULTS
    answer = browser.post("/account/preferences", {**CHOICES, field: ""}, json=True).get_json()
    assert (answer["error"], answer["field"]) == ("bad_request", field)


def test_a_form_without_its_token_changes_nothing(browser: Browser) -> None:
    refused = browser.client.post("/account/preferences", data=CHOICES)
    assert refused.status_code == 400
    assert chosen(page_of(browser.get("/account"))) == DEFAULTS
