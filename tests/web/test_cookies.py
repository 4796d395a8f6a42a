"""What a cookie's own time decides: nothing."""

import time

import pytest
from flask import Flask

from tests.support import Browser, Cast


@pytest.mark.parametrize("seconds", [-3600, 3600, 80 * 24 * 3600])
def test_a_worker_whose_clock_is_wrong_knows_the_cookies_of_others(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    browser = Browser(app, cast.alice)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + seconds)
    assert browser.get("/rooms").status_code == 200


def test_a_cookie_that_somebody_else_signed_is_nobodys(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.alice)
    cookie = browser.client.get_cookie("chatapp")
    assert cookie is not None
    browser.client.set_cookie("chatapp", f"x{cookie.value}")
    assert browser.get("/rooms").status_code == 302
