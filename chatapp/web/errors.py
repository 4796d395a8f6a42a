"""What went wrong, once, as a page or as JSON."""

import logging

from flask import Flask, g, redirect, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from chatapp import db
from chatapp.errors import (
    BadRequest,
    ChatError,
    InternalError,
    MethodNotAllowed,
    PageNotFound,
    RequestTooLarge,
    SignedOut,
    StaleForm,
    Unavailable,
    named_field,
)
from chatapp.extensions import login_manager
from chatapp.reader import say
from chatapp.request_id import request_id
from chatapp.web.pages import PUBLIC, data, is_by_script, page, wants_json

logger = logging.getLogger(__name__)

_OF_STATUS: dict[int, type[ChatError]] = {404: PageNotFound, 405: MethodNotAllowed, 413: RequestTooLarge}


def init_app(app: Flask) -> None:
    """Translate every error of `app`."""
    app.register_error_handler(ChatError, answer)
    app.register_error_handler(CSRFError, _no_token)
    app.register_error_handler(db.DatabaseAway, _database_away)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _unexpected)
    login_manager.unauthorized_handler(lambda: answer(SignedOut()))


def answer(error: ChatError) -> Response:
    """The error as the caller asked for it; who is not signed in is sent to the sign-in page and back."""
    if wants_json() or is_by_script():
        said = {"error": error.code, "message": sentence(error), **named_field(error), **_number(error)}
        response: Response = data(said, error.status)
    elif isinstance(error, SignedOut):
        response = redirect(url_for("auth.login", next=_way_back()))
    else:
        response = _page(error)
    return when_to_retry(response, error)


def when_to_retry(response: Response, error: ChatError) -> Response:
    """`response`, with the time to come back where the error knows one."""
    if "retry_after" in error.values:
        response.headers["Retry-After"] = str(error.values["retry_after"])
    return response


def sentence(error: ChatError) -> str:
    """What a person is told."""
    return say(f"error.{error.code}", **error.values)


def _page(error: ChatError) -> Response:
    # The page about a fault must not ask the database, which may be what is at fault.
    g.is_bare_page = error.status >= 500
    try:
        return page("errors/error.html", error.status, **_context(error))
    except db.DatabaseAway as away:
        if g.is_bare_page:
            raise
        return _database_away(away)


def _context(error: ChatError) -> dict[str, object]:
    message = say("error_page.request", id=request_id()) if _number(error) else ""
    return {"status": error.status, "title": sentence(error), "message": message}


def _number(error: ChatError) -> dict[str, str]:
    # Of what is our fault, and of that alone: who mistyped an address needs no number.
    return {"request_id": request_id()} if error.status >= 500 and request_id() else {}


def _way_back() -> str:
    # Only a page can be come back to; what a form had sent is not sent again by itself.
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def _no_token(_error: CSRFError) -> Response:
    # Who was signed out in another tab is told that, not that the form is old.
    is_out = request.blueprint not in PUBLIC and not current_user.is_authenticated
    return answer(SignedOut() if is_out else StaleForm())


def _database_away(error: Exception) -> Response:
    logger.warning("database away endpoint=%s error=%s", request.endpoint, type(error).__name__)
    return answer(Unavailable(retry_after=1))


def _of_http(error: HTTPException) -> Response:
    if error.code in (301, 302, 303, 307, 308):
        return error.get_response()
    response = answer(_OF_STATUS.get(error.code or 500, BadRequest)())
    response.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
    return response


def _unexpected(error: Exception) -> Response:
    logger.error("request failed method=%s endpoint=%s", request.method, request.endpoint, exc_info=error)
    return answer(InternalError())
