"""What holds for every answer, also those that never reach Flask: files, sockets and errors of the server."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import flask
from flask import Flask
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Request, Response

from chatapp.config import Settings
from chatapp.storage import bucket_origin

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SOCKET_PATH = "/socket.io"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
# What a browser says of where a request comes from: a page of ours, or its reader. Silent are old browsers, programs,
# and browsers that reach us by http: these still say their Origin.
OUR_SITES = frozenset({None, "same-origin", "none"})
YEAR_SECONDS = 31_536_000
HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
)


class Cookies(SecureCookieSessionInterface):
    """The session cookie: on https with the prefix that binds it to this host and to https."""

    def get_cookie_name(self, app: Flask) -> str:
        return "__Host-chatapp" if self._is_https(app) else "chatapp"

    def get_cookie_secure(self, app: Flask) -> bool:
        return self._is_https(app)

    def open_session(self, app: Flask, request: flask.Request) -> SecureCookieSession | None:
        signer = self.get_signing_serializer(app)
        if signer is None:
            return None
        try:
            # Not how old it is: that is asked of its sign-in, by the database's clock. By a worker's own, one that is
            # behind would refuse what another has just signed.
            return self.session_class(signer.loads(request.cookies.get(self.get_cookie_name(app), "")))
        except BadSignature:
            return self.session_class()

    def _is_https(self, app: Flask) -> bool:
        settings: Settings = app.extensions["chatapp_settings"]
        return settings.is_https or flask.request.is_secure


class Door:
    """The outermost layer: refuses what no page of ours sends, and adds the security headers."""

    def __init__(self, app: "WSGIApplication", settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._bucket = bucket_origin(settings)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ, populate_request=False)
        headers = self._headers(request)

        def start(status: str, given: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], object]:
            names = {name.lower() for name, _ in given}
            extra = [(name, value) for name, value in headers if name.lower() not in names]
            return start_response(status, [*given, *extra], exc_info)  # type: ignore[arg-type]

        refusal = self._refusal(request)
        return (refusal or self._app)(environ, start)

    def _refusal(self, request: Request) -> Response | None:
        if request.method not in READING and not self._is_of_our_page(request):
            # With the address: who is refused here has a PUBLIC_URL, or a proxy, that says another than was typed.
            return Response(f"Pages of other sites may not send anything to {self._origin(request)}.\n", 403)
        if not request.path.startswith(SOCKET_PATH):
            return None
        if request.method != "GET" or request.args.get("transport") != "websocket" or "j" in request.args:
            return Response("WebSocket only.\n", 400)
        if request.headers.get("Origin") != self._origin(request):
            return Response("This Origin may not connect.\n", 403)
        return None

    def _is_of_our_page(self, request: Request) -> bool:
        # Programs say neither: there the token of the form holds alone. Our own pages never say `null`: their
        # Referrer-Policy hides them from other sites only.
        origin = request.headers.get("Origin")
        return request.headers.get("Sec-Fetch-Site") in OUR_SITES and origin in (None, self._origin(request))

    def _origin(self, request: Request) -> str:
        return self._settings.origin or f"{request.scheme}://{request.host}"

    def _headers(self, request: Request) -> list[tuple[str, str]]:
        is_https = self._settings.is_https or request.scheme == "https"
        return _headers(self._content_policy(request), is_https=is_https)

    def _content_policy(self, request: Request) -> str:
        # Safari before 16 takes 'self' for the page's own scheme only, so the socket's is named.
        origin = urlsplit(self._origin(request))
        socket = f"{'wss' if origin.scheme == 'https' else 'ws'}://{origin.netloc}"
        # Pictures, too, are fetched by a link that leads to the bucket.
        files = f"'self' blob: {self._bucket}".rstrip()
        return (
            f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {files}; media-src {files}; "
            f"connect-src 'self' {socket}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
            "manifest-src 'self'"
        )


def bare_headers(settings: Settings) -> list[tuple[str, str]]:
    """Those of an answer that the server gives by itself, where there is no request or no application."""
    policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return [*_headers(policy, is_https=settings.is_https), ("Cache-Control", "no-store")]


def _headers(content_policy: str, *, is_https: bool) -> list[tuple[str, str]]:
    always = [("Content-Security-Policy", content_policy), *HEADERS]
    return [*always, ("Strict-Transport-Security", f"max-age={YEAR_SECONDS}")] if is_https else always


def init_app(app: Flask, settings: Settings) -> None:
    """Put the door in front of everything that `app` serves; call it last."""
    app.session_interface = Cookies()
    door = Door(app.wsgi_app, settings)
    hops = settings.trusted_proxies
    # X-Forwarded-Host is never believed: routers pass the Host itself.
    app.wsgi_app = ProxyFix(door, x_for=hops, x_proto=hops, x_host=0) if hops else door  # type: ignore[method-assign]
