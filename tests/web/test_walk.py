"""Whoever follows every link from the front page finds what it promises, and the same messages as everybody else."""

import re
from collections import defaultdict
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound

from chatapp.actions.messages import post_message
from tests.support import Browser, Cast, empty_tables, make_cast
from tests.web.crawl import browser_of, furnish
from tests.web.valid_html import PageChecker
from tests.web.walk import SITE, Seen, links_of, walk

# Members of every room, who administers the company, who is in no room, and who has no account.
READERS = {"bob": "en", "alice": "en", "dana": "ko", "charlie": "ko", "nobody": "en"}
MANY = 60  # more than a page
MESSAGE = re.compile(r'<li class="message[ "][^>]*\bid="message-\d+"[^>]*>')
ITEM = re.compile(r"<(/?)li\b[^>]*>")
# No link of a page leads there: programs and scripts ask, or somebody was given the address.
WITHOUT_LINK = {
    *("auth.csrf_token", "people.changes", "rooms.changes", "uploads.progress", "uploads.space", "messages.index"),
    *("health.ready", "health.up", "health.measured"),
    *("auth.join", "auth.setup"),
}

Walks = dict[str, list[Seen]]


@pytest.fixture(scope="module")
def company(application: Flask) -> Cast:
    """A company with something of everything in it, and in its texts links to where not everybody may go."""
    empty_tables(application)
    with application.app_context():
        cast = make_cast()
        furnish(cast)
        for number in range(MANY):
            post_message(cast.bob, cast.closed_room, f"note {number}\n\n- and\n- more")
        for path in hidden(cast):
            post_message(cast.bob, cast.open_room, f"see {SITE}{path}")
    return cast


def hidden(cast: Cast) -> set[str]:
    """What texts in the open room link to, and only the members of two others may see."""
    return {f"/rooms/{room_id}/messages/2" for room_id in (cast.closed_room, cast.direct_room)}


@pytest.fixture(scope="module")
def walks(application: Flask, company: Cast) -> Walks:
    """All that each of them finds."""
    return {name: list(walk(browser_of(application, company, name, language))) for name, language in READERS.items()}


@pytest.mark.parametrize("name", READERS)
def test_every_link_answers(walks: Walks, company: Cast, name: str) -> None:
    refused = {(seen.link, seen.status) for seen in walks[name] if seen.status != 200}
    assert refused == ({(path, 404) for path in hidden(company)} if name in ("charlie", "dana") else set())


@pytest.mark.parametrize("name", READERS)
def test_every_link_into_a_page_ends_at_something_in_it(walks: Walks, name: str) -> None:
    pages = {seen.link: seen for seen in walks[name] if seen.page}
    for seen in pages.values():
        for link in links_of(seen):
            address, _, fragment = link.partition("#")
            assert not fragment or address not in pages or pages[address].has(fragment), (seen.link, link)


def test_every_page_there_is_can_be_walked_to(application: Flask, walks: Walks) -> None:
    walked = {
        endpoint_of(application, path) for all_seen in walks.values() for s in all_seen for path in (s.link, s.path)
    }
    there = {rule.endpoint for rule in application.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert there - walked == WITHOUT_LINK


def endpoint_of(app: Flask, path: str) -> str:
    """Which route answers there; none for a static file."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(urlsplit(path).path)
    except NotFound:
        return ""
    return str(endpoint)


@pytest.mark.parametrize("name", ["bob", "dana", "charlie"])
def test_every_page_on_the_way_is_valid(walks: Walks, checker: PageChecker, name: str) -> None:
    assert checker.mistakes({seen.link: seen.page.html for seen in walks[name] if seen.page}) == []


def test_a_message_is_the_same_bytes_for_everybody_on_every_page_and_wire(
    application: Flask, company: Cast, walks: Walks
) -> None:
    forms: dict[str, set[str]] = defaultdict(set)
    readers: dict[str, set[str]] = defaultdict(set)
    for name, all_seen in walks.items():
        for seen in all_seen:
            for message in messages_in(seen.page.html if seen.page else ""):
                forms[id_of(message)].add(message)
                readers[id_of(message)].add(name)
    for name in ("alice", "bob", "charlie"):
        browser = Browser(application, getattr(company, name))
        items = browser.get(f"/rooms/{company.open_room}/messages?limit=200", json=True).get_json()["items"]
        for item in items:
            forms[id_of(item["html"])].add(item["html"].strip())
    assert {key: found for key, found in forms.items() if len(found) > 1} == {}
    assert {len(names) for names in readers.values()} == {2, 4}  # of closed rooms, and of the open one
    assert len(forms) > MANY


def messages_in(html: str) -> list[str]:
    """The messages of a page, as their bytes are."""
    return [whole_item(html, found.start()) for found in MESSAGE.finditer(html)]


def whole_item(html: str, start: int) -> str:
    """The list item that begins there, up to its own end."""
    depth = 0
    for tag in ITEM.finditer(html, start):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return html[start : tag.end()]
    raise AssertionError(html[start : start + 100])


def id_of(message: str) -> str:
    """Which one it is: the first lines of two rooms have the same number."""
    found = re.search(r'data-message-id="(\d+)"', message)
    assert found
    return found[1]
