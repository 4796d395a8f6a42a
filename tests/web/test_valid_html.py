"""Every page is valid HTML: for whoever reads it, empty and full, in both languages, and what refuses too."""

from collections.abc import Iterator

import pytest
from flask import Flask

from chatapp.actions.messages import post_message
from tests.support import Browser, Cast
from tests.web.crawl import browser_of, crawl, furnish
from tests.web.valid_html import PageChecker

# Who sees what others do not, and where; other pages of theirs, and those in the other language, are built alike.
READERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("alice", "ko", ("/",)),
    ("dana", "en", ("/admin", "/people")),
    ("nobody", "en", ("/login", "/setup", "/join", "/nowhere")),
)
REFUSED = (
    ("/login", {"email": "alice@example.org", "password": "wrong horse battery"}),
    ("/account/name", {"name": "x" * 81}),
    ("/account/password", {"current": "wrong", "password": "short"}),
    ("/account/preferences", {"theme": "mauve"}),
    ("/rooms", {"name": "a\ab", "kind": "open"}),
    ("/rooms", {"kind": "direct"}),
)


def test_pages_that_are_full_have_no_mistake(app: Flask, cast: Cast, checker: PageChecker) -> None:
    with app.app_context():
        token = furnish(cast)
    assert checker.mistakes(dict(full(app, cast, token))) == []


def full(app: Flask, cast: Cast, token: str) -> Iterator[tuple[str, str]]:
    """Each page once: of the rooms the open one and what differs in the others."""
    same = tuple(f"/rooms/{room_id}{sign}" for room_id in (cast.closed_room, cast.direct_room) for sign in "/?")
    for name, language, places in READERS:
        for shown in crawl(browser_of(app, cast, name, language), cast, token):
            if shown.path.startswith(places) and not shown.path.startswith(same):
                yield f"{name} {shown.path}", shown.page.html


def test_pages_that_are_empty_have_no_mistake(app: Flask, cast: Cast, checker: PageChecker) -> None:
    browser = Browser(app, cast.charlie)
    paths = (
        "/rooms",
        f"/rooms/{cast.open_room}",
        "/people?q=zzz",
        "/help",
        "/rooms/new?name=zzz",
        "/admin",
        "/nowhere",
    )
    assert checker.mistakes({path: browser.get(path).get_data(as_text=True) for path in paths}) == []


def test_pages_that_refuse_have_no_mistake(app: Flask, cast: Cast, checker: PageChecker) -> None:
    with app.app_context():
        edited = post_message(cast.alice, cast.open_room, "as it was").id
    browser, refused = Browser(app, cast.alice), {"body": "a\ab"}
    forms = (*REFUSED, (f"/rooms/{cast.open_room}/messages", refused), (f"/messages/{edited}/edit", refused))
    answers = {f"{path} {form}": browser.post(path, form) for path, form in forms}
    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code < 400} == {}
    assert checker.mistakes({path: answer.get_data(as_text=True) for path, answer in answers.items()}) == []


@pytest.mark.parametrize(
    ("spoilt", "rule"),
    [
        ("<p><div></div></p>", "close-order"),
        ("<ul><p>x</p></ul>", "element-permitted-content"),
        ('<b id="x"></b><b id="x"></b>', "no-dup-id"),
        ('<img src="x.png">', "wcag/h37"),
        ('<a href="/"><button type="button">x</button></a>', "element-permitted-content"),
        ('<p colour="red">x</p>', ""),
        ('<ul role="list"><li>x</li></ul><ol role="list"><li>x</li></ol>', ""),
        ('<main role="main">x</main>', "no-redundant-role"),
    ],
)
def test_a_mistake_would_be_seen(checker: PageChecker, spoilt: str, rule: str) -> None:
    page = f'<!doctype html><html lang="en"><head><title>x</title></head><body>{spoilt}</body></html>'
    found = checker.mistakes({"/": page})
    assert [each for each in found if rule in each] if rule else found == []
