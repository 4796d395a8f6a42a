"""Every page: whole, in every language, for everybody, and without a script."""

import json
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound

from chatapp import words
from tests.support import Cast, empty_tables, make_cast
from tests.web.crawl import EVERYBODY, LANGUAGES, Shown, assert_nothing_runs, browser_of, crawl, furnish
from tests.web.html import Element, Page

Everything = dict[tuple[str, str], list[Shown]]


@pytest.fixture(scope="module")
def company(application: Flask) -> tuple[Cast, str]:
    """A company in which there is something of everything, and the token of an invite link."""
    empty_tables(application)
    with application.app_context():
        cast = make_cast()
        return cast, furnish(cast)


@pytest.fixture(scope="module")
def everything(application: Flask, company: tuple[Cast, str]) -> Everything:
    """All pages by person and language, asked for once."""
    return {
        (name, language): list(crawl(browser_of(application, company[0], name, language), *company))
        for name in EVERYBODY
        for language in LANGUAGES
    }


everybody = pytest.mark.parametrize("name", EVERYBODY)


@everybody
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole(everything: Everything, name: str, language: str) -> None:
    for shown in everything[name, language]:
        assert shown.status < 500, shown.path
        assert shown.page.one("html")["lang"] == language, shown.path
        assert len(shown.page.all("h1")) == 1, shown.path
        assert shown.page.one("title").text.strip(), shown.path
        assert shown.page.html.rstrip().endswith("</html>"), shown.path


@everybody
def test_no_page_mixes_languages(everything: Everything, name: str) -> None:
    english = json.loads((words.FOLDER / "en.json").read_text("utf-8"))
    sentences = {text for text in english.values() if isinstance(text, str) and " " in text and "{" not in text}
    for shown in everything[name, "ko"]:
        text = shown.page.one("html").text
        assert [sentence for sentence in sentences if sentence in text] == [], shown.path
        assert [key for key in english if key in text] == [], shown.path


@everybody
def test_every_form_works_without_a_script(application: Flask, everything: Everything, name: str) -> None:
    for shown in everything[name, "en"]:
        for form in shown.page.all("form"):
            inside = [element for element in shown.page.elements if element.stands_in(form)]
            tokens = [element["value"] for element in inside if element.get("name") == "csrf_token"]
            buttons = [each for each in shown.page.all("button") if belongs(each, form)]
            sent = {(way(each, form, "method").upper(), way(each, form, "action")) for each in buttons}
            assert all(is_served(application, method, action) for method, action in sent), (shown.path, sent)
            assert len(list(filter(None, tokens))) == (form["method"] == "post"), (shown.path, sent)
            # Without an action it is the form of the emoji under messages, and there may be none.
            assert buttons or not form.get("action"), (shown.path, form["action"])


def way(button: Element, form: Element, name: str) -> str:
    """Where to, or by which method: the form's own, unless the button has another."""
    return button.get(f"form{name}") or form[name]


def belongs(button: Element, form: Element) -> bool:
    """True when pressing it sends the form, whether it stands in it or names it."""
    return button.stands_in(form) or (form.get("id") is not None and button.get("form") == form["id"])


@everybody
def test_every_link_leads_somewhere(application: Flask, everything: Everything, name: str) -> None:
    for shown in everything[name, "en"]:
        for link in shown.page.all("a"):
            is_known = link["href"].startswith("#") or is_served(application, "GET", link["href"])
            assert is_known, (shown.path, link["href"])
            # A hidden one gets its words from the script that shows it; a picture speaks by its text.
            words = link.text.strip() or spoken_picture(shown.page, link)
            assert words or link.get("hidden") is not None, (shown.path, link["href"])


def spoken_picture(page: Page, link: Element) -> str:
    """What the picture in this link says of itself."""
    return " ".join(picture["alt"] for picture in page.all("img") if picture.stands_in(link))


def is_served(app: Flask, method: str, url: str) -> bool:
    try:
        app.url_map.bind("localhost").match(url.partition("#")[0].partition("?")[0], method=method)
    except (NotFound, MethodNotAllowed):
        return False
    return True


@everybody
def test_every_control_has_a_name(everything: Everything, name: str) -> None:
    for shown in everything[name, "en"]:
        assert [control.attributes for control in shown.page.unlabelled()] == [], shown.path
        named = [button.text.strip() or button.get("aria-label") for button in shown.page.all("button")]
        silent = [button for button, name in zip(shown.page.all("button"), named, strict=True) if not name]
        assert [button.get("data-log") for button in silent] in ([], ["jump"]), shown.path


@everybody
def test_every_id_stands_once_and_every_reference_ends_at_one(everything: Everything, name: str) -> None:
    for shown in everything[name, "en"]:
        ids = [element["id"] for element in shown.page.elements if element.get("id")]
        assert len(ids) == len(set(ids)), shown.path
        for reference in ("for", "aria-describedby", "aria-labelledby"):
            used = {each for element in shown.page.elements for each in (element.get(reference) or "").split()}
            assert used <= set(ids), shown.path


@pytest.mark.asvs("3.4.3")
@everybody
def test_no_page_has_a_script_or_a_style_in_it(everything: Everything, name: str) -> None:
    for shown in everything[name, "en"]:
        assert_nothing_runs(shown.page, shown.path)


@everybody
def test_every_file_that_a_page_asks_for_is_there(application: Flask, everything: Everything, name: str) -> None:
    static, prefix = Path(application.root_path).parent / "static", application.extensions["chatapp_static_prefix"]
    for shown in everything[name, "en"]:
        asking = [element for element in shown.page.elements if element.tag in ("script", "link", "img")]
        asked = {(element.get("src") or element.get("href") or "").removeprefix(prefix) for element in asking}
        # The browser client comes with set-up; `/ready` says when it is missing.
        missing = {path for path in asked if not (static / path).is_file()} - {"vendor/socket.io.esm.min.js"}
        # What people sent is there for whoever may see it (tests/matrix/test_files.py).
        missing -= {path for path in missing if path.startswith("/uploads/")}
        assert asked, shown.path
        assert missing == set(), shown.path


def test_a_message_has_the_same_html_for_every_reader(everything: Everything, company: tuple[Cast, str]) -> None:
    lines = set()
    for name, language in (("alice", "en"), ("bob", "ko"), ("charlie", "en")):
        room = next(each for each in everything[name, language] if each.path == f"/rooms/{company[0].open_room}")
        lines.add(room.page.html.partition('<li class="message" id="message-1"')[2].partition("</li>")[0])
    assert len(lines) == 1
    assert "message 1" in lines.pop()
