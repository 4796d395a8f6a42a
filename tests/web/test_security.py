"""What holds for every answer: headers, cookies, proxies and the door of the sockets."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client, TestResponse

from chatapp.config import Settings
from chatapp.web.security import Door
from tests.support import PASSWORD, Browser, Cast, another_app

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob:",
    "media-src": "'self' blob:",
    "connect-src": "'self' ws://localhost",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "manifest-src": "'self'",
}
HANDSHAKE = "/socket.io/?EIO=4&transport=websocket"
OWN = "https://chat.example.org"


@pytest.fixture
def behind_proxy(app: Flask, settings: Settings) -> Iterator[Flask]:
    """The application on https, behind one proxy that is believed."""
    yield from another(replace(settings, public_url=OWN, trusted_proxies=1))


def another(settings: Settings) -> Iterator[Flask]:
    with another_app(settings) as app:
        yield app


def policy(response: TestResponse) -> dict[str, str]:
    parts = response.headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


def static(app: Flask, path: str) -> str:
    return f"{app.extensions['chatapp_static_prefix']}{path}"


def file(app: Flask, path: str, **request: Any) -> TestResponse:
    """A static file, read to its end, so that the server closes it."""
    return app.test_client().get(path, buffered=True, **request)


@pytest.mark.asvs("3.4.3")
def test_every_answer_has_the_security_headers(app: Flask, cast: Cast) -> None:
    browser, stranger = Browser(app, cast.alice), Browser(app)
    answers = [browser.get(path) for path in ("/rooms", f"/rooms/{cast.open_room}", "/admin", "/nowhere", "/rooms/999")]
    answers += [stranger.get(path) for path in ("/login", "/rooms", "/up", "/join/x", HANDSHAKE, "/socket.io")]
    answers += [file(app, static(app, path)) for path in ("css/base.css", "js/app.js", "icon.svg", "nothing.js")]
    answers += [browser.post("/rooms", {"name": ""}), stranger.client.post("/login"), stranger.client.delete("/up")]
    for response in answers:
        assert HEADERS.items() <= dict(response.headers).items(), response.request.path
        assert policy(response) == POLICY, response.request.path
        assert "Strict-Transport-Security" not in response.headers
        assert "Server" not in response.headers


@pytest.mark.asvs("14.3.2")
def test_pages_and_data_are_kept_by_nobody(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.alice)
    for path in ("/rooms", f"/rooms/{cast.open_room}", "/account", "/people", "/nowhere", "/", "/ready"):
        for json in (True, False):
            response = browser.get(path, json=json)
            assert response.headers["Cache-Control"] == "no-store", path
            assert {"Cookie", "Accept", "Accept-Language"} <= set(response.vary), path


def test_a_static_file_is_kept_for_ever_under_an_address_that_changes_with_it(app: Flask) -> None:
    response = file(app, static(app, "css/base.css"))
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]
    assert "Set-Cookie" not in response.headers
    assert file(app, "/static/css/base.css").status_code == 404
    assert file(app, "/static/v-000000000000/css/base.css").status_code == 404


@pytest.mark.parametrize("path", ["../wsgi.py", "..%2f..%2fwsgi.py", "js/../../wsgi.py", "%2e%2e/wsgi.py"])
def test_nothing_beside_the_static_files_is_served(app: Flask, path: str) -> None:
    assert file(app, static(app, path)).status_code == 404


def sign_in(client: FlaskClient, **request: Any) -> TestResponse:
    page = client.get("/login", **request).get_data(as_text=True)
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    form = {"csrf_token": token, "email": "alice@example.org", "password": PASSWORD}
    return client.post("/login", data=form, **request)


def cookie_of(response: TestResponse) -> tuple[str, set[str]]:
    (header,) = response.headers.getlist("Set-Cookie")
    name_and_value, *flags = header.split("; ")
    return name_and_value.partition("=")[0], {flag for flag in flags if not flag.startswith("Expires")}


@pytest.mark.asvs("3.3.4")
def test_on_http_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Flask, cast: Cast) -> None:
    name, flags = cookie_of(sign_in(app.test_client()))
    assert (name, flags) == ("chatapp", {"HttpOnly", "SameSite=Lax", "Path=/"})


@pytest.mark.asvs("3.3.1")
def test_on_https_the_cookie_is_bound_to_this_host_and_to_https(behind_proxy: Flask, cast: Cast) -> None:
    response = sign_in(behind_proxy.test_client(), base_url=OWN, headers={"Referer": f"{OWN}/login"})
    assert response.status_code == 303
    assert cookie_of(response) == ("__Host-chatapp", {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"})


def test_behind_a_proxy_that_ends_https_it_is_the_same(behind_proxy: Flask, cast: Cast) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7", "Referer": f"{OWN}/login"}
    response = sign_in(behind_proxy.test_client(), base_url="http://chat.example.org", headers=headers)
    assert response.status_code == 303
    assert cookie_of(response)[0] == "__Host-chatapp"


@pytest.mark.asvs("3.4.1")
def test_on_https_browsers_are_told_to_stay_there(behind_proxy: Flask) -> None:
    for path in ("/login", "/nowhere", static(behind_proxy, "icon.svg"), "/socket.io/"):
        response = file(behind_proxy, path, base_url=OWN)
        assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000"), path
        assert policy(response)["connect-src"] == "'self' wss://chat.example.org", path


def guesses(app: Flask, forwarded: list[str]) -> list[int]:
    """The statuses of wrong passwords, each for another account and with its own X-Forwarded-For."""
    browser, statuses = Browser(app), []
    token = browser.csrf_token()
    for number, addresses in enumerate(forwarded):
        form = {"csrf_token": token, "email": f"{number}@example.org", "password": "guess"}
        statuses.append(browser.client.post("/login", data=form, headers={"X-Forwarded-For": addresses}).status_code)
    return statuses


@pytest.mark.asvs("15.3.4")
def test_without_a_proxy_an_address_that_somebody_claims_counts_for_nothing(app: Flask, cast: Cast) -> None:
    assert guesses(app, [f"192.0.2.{number}" for number in range(21)]) == [401] * 20 + [429]


def test_behind_a_proxy_only_what_the_proxy_itself_says_counts(settings: Settings, cast: Cast) -> None:
    for app in another(replace(settings, trusted_proxies=1)):
        assert guesses(app, [f"192.0.2.{number}, 198.51.100.1" for number in range(21)]) == [401] * 20 + [429]
        assert guesses(app, [f"203.0.113.9, 198.51.100.{number}" for number in range(2, 23)]) == [401] * 21


def opened(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"the engine"]


def knock(settings: Settings, path: str = HANDSHAKE, method: str = "GET", **headers: str | None) -> int:
    """The status of a handshake at the door, with nothing but an open engine behind it."""
    named = {name.replace("_", "-"): value for name, value in {"Origin": "http://localhost", **headers}.items()}
    given = {name: value for name, value in named.items() if value is not None}
    client = Client(Door(opened, settings))
    return client.open(path, method=method, headers=given).status_code


def test_a_socket_from_our_own_page_comes_in(settings: Settings) -> None:
    assert knock(settings) == 200
    assert knock(replace(settings, public_url=OWN), Origin=OWN) == 200


@pytest.mark.asvs("4.4.2")
@pytest.mark.parametrize(
    "origin",
    [
        *(None, "", "null", "http://evil.example", "http://sub.localhost", "http://localhost:81", "https://localhost"),
        *("http://localhost.evil.example", "http://localhost@evil.example", "http://evil.example/http://localhost"),
    ],
)
def test_a_socket_from_anywhere_else_is_refused(settings: Settings, origin: str | None) -> None:
    assert knock(settings, Origin=origin) == 403
    assert knock(replace(settings, public_url=OWN), Origin=origin) == 403


@pytest.mark.parametrize("origin", ["https://sub.chat.example.org", "http://chat.example.org", "http://localhost"])
def test_with_a_public_url_nothing_else_is_our_own(settings: Settings, origin: str) -> None:
    assert knock(replace(settings, public_url=OWN), Origin=origin) == 403


def test_a_forwarded_host_makes_nothing_our_own(settings: Settings) -> None:
    assert knock(settings, Origin="http://evil.example", X_Forwarded_Host="evil.example") == 403


@pytest.mark.asvs("3.5.1")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", HANDSHAKE),
        ("PUT", HANDSHAKE),
        ("OPTIONS", HANDSHAKE),
        ("GET", "/socket.io/"),
        ("GET", "/socket.io/?EIO=4&transport=polling"),
        ("GET", "/socket.io/?EIO=4&transport=polling&transport=websocket"),
        ("GET", f"{HANDSHAKE}&j=0"),
        ("GET", f"{HANDSHAKE}&j="),
        ("POST", "/socket.io/?EIO=4&transport=polling&sid=guess"),
    ],
)
def test_polling_is_no_way_around_the_door(app: Flask, settings: Settings, method: str, path: str) -> None:
    assert knock(settings, path, method) == 400
    response = app.test_client().open(path, method=method, headers={"Origin": "http://localhost"})
    assert 400 <= response.status_code < 500


@pytest.mark.asvs("3.5.3")
@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({}, True),  # a program: the token holds alone
        ({"Origin": "http://localhost"}, True),  # what browsers say by plain http, where they leave Sec-Fetch-Site out
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "http://localhost:81"}, False),
        ({"Origin": "https://localhost"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Origin": "http://evil.example", "X-Forwarded-Host": "evil.example"}, False),
    ],
)
def test_what_a_browser_sends_for_a_page_of_another_site_is_refused(
    app: Flask, cast: Cast, headers: dict[str, str], is_ours: bool
) -> None:  # also with a good token
    bob = Browser(app, cast.bob)
    form = {"csrf_token": bob.csrf_token(), "body": "from somewhere"}
    posted = bob.client.post(f"/rooms/{cast.open_room}/messages", data=form, headers=headers)
    assert posted.status_code == (303 if is_ours else 403)
    assert ("from somewhere" in bob.get(f"/rooms/{cast.open_room}").get_data(as_text=True)) is is_ours
    assert bob.client.get(f"/rooms/{cast.open_room}", headers=headers).status_code == 200  # a link may be anywhere


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_with_a_public_url_only_its_own_pages_send_anything(settings: Settings, method: str) -> None:
    named = replace(settings, public_url=OWN)
    assert knock(named, "/rooms", method, Origin=OWN) == 200
    assert knock(named, "/rooms", method, Origin="http://localhost") == 403


def test_no_answer_invites_scripts_of_other_sites_to_read_it(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.alice)
    for path in ("/rooms", "/login", "/socket.io/?EIO=4&transport=polling", "/up"):
        response = browser.client.get(path, headers={"Origin": "http://evil.example"})
        assert "Access-Control-Allow-Origin" not in response.headers, path


def test_pictures_may_come_from_the_bucket_that_holds_them(settings: Settings) -> None:
    bucket = "s3://files?endpoint=https://s3.example.org"
    for app in another(replace(settings, storage_url=bucket, storage_key_id="us", storage_secret_key="secret")):
        found = policy(app.test_client().get("/login"))
        assert found["img-src"] == found["media-src"] == "'self' blob: https://s3.example.org"
        assert found["connect-src"].startswith("'self' ws")
