"""A page from before a restore changes nothing: its numbers may be another room's by now, or another person's."""

import pytest
from flask import Flask, url_for

from chatapp.actions.messages import post_message
from chatapp.models.message import said_newest
from chatapp.web.pages import PAGE_EPOCH, PUBLIC
from tests.support import JSON, Browser, Cast

OTHER = "epoch-of-a-page-from-before-a-restore"


def changes(app: Flask) -> list[str]:
    """The address of every POST for those who are signed in, with a 1 for each number."""
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ()) and rule.endpoint != "static"]
    protected = [rule for rule in rules if rule.endpoint.partition(".")[0] not in PUBLIC]
    with app.test_request_context():
        return [url_for(rule.endpoint, **dict.fromkeys(rule.arguments, 1)) for rule in protected]


def test_no_change_is_taken_from_one(app: Flask, cast: Cast) -> None:
    dana = Browser(app, cast.dana)
    token = {"X-CSRFToken": dana.csrf_token(), **JSON}
    addresses = changes(app)
    assert len(addresses) > 20
    for address in addresses:
        by_script = dana.client.post(address, headers={**token, PAGE_EPOCH: OTHER})
        by_form = dana.client.post(address, data={"epoch": OTHER}, headers=token)
        for answer in (by_script, by_form):
            assert (answer.status_code, answer.get_json()["error"]) == (409, "cursor_ahead"), address


def test_what_was_written_on_one_comes_back_on_a_page_of_now(app: Flask, cast: Cast) -> None:
    bob = Browser(app, cast.bob)
    form = {"csrf_token": bob.csrf_token(), "epoch": OTHER, "body": "for another room, perhaps"}
    answer = bob.client.post(f"/rooms/{cast.open_room}/messages", data=form, content_type="multipart/form-data")
    assert answer.status_code == 409
    assert "for another room, perhaps" in answer.text
    assert OTHER not in answer.text
    with app.app_context():
        assert said_newest(cast.open_room, 1) == []


@pytest.mark.parametrize("path", ["/rooms/{0}", "/rooms/{0}/members", "/people"])
def test_every_form_of_a_page_says_of_which_time_it_is(app: Flask, cast: Cast, path: str) -> None:
    with app.app_context():
        post_message(cast.alice, cast.open_room, "one")
    page = Browser(app, cast.alice).get(path.format(cast.open_room)).text
    assert page.count('name="epoch"') == page.count('type="hidden" name="csrf_token"') > 0
