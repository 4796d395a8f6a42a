"""What every page and answer has in common."""

from math import ceil
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as BaseResponse

from chatapp import config, db
from chatapp.actions import history
from chatapp.actions.presence import people_here
from chatapp.errors import BadRequest, SignedOut, TooManyRequests
from chatapp.events import ID_MAX, JsonObject
from chatapp.identity import signed_in_person
from chatapp.models import Company, Person, Preferences, User
from chatapp.names import initials
from chatapp.reader import reader_locale, say, say_forms
from chatapp.size_text import size_text
from chatapp.throttle import throttle
from chatapp.words import direction

T = TypeVar("T")

PUBLIC = ("auth", "health")  # blueprints that serve people who are not signed in
PAGE_OF = "X-Page-Of"  # whose page a script runs on (static/js/helpers/http.js); a form without a script says nothing
PAGE_EPOCH = "X-Page-Epoch"  # and of which epoch it is; a form says it in a field
PLAIN_FORM = "application/x-www-form-urlencoded"
CHANGES = ("POST", "PUT", "PATCH", "DELETE")
# Posts are counted as such, of a file in parts each is a request, and a text that is refused comes back in its form.
COUNTED_ELSEWHERE = ("messages.create", "messages.edit", "uploads.create")


def init_app(app: Flask) -> None:
    """Give the templates of `app` their words and globals."""
    app.before_request(_require_sign_in)
    app.context_processor(_globals)
    app.add_template_filter(size_text)
    app.add_template_filter(initials)
    app.after_request(_keep_private)


def wants_json() -> bool:
    """True when the caller asks for data instead of a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "application/json"


def is_by_script() -> bool:
    """True when a script of our pages asks. It may want a page, but has no use for an error that is one."""
    return PAGE_OF in request.headers


def page(template: str, status: int = 200, /, **context: Any) -> BaseResponse:
    """A page for a person."""
    return make_response(render_template(template, **context), status)


def data(payload: JsonObject, status: int = 200) -> Response:
    """The same for a program."""
    response = jsonify(payload)
    response.status_code = status
    return response


def cut(found: list[T], most: int) -> tuple[list[T], bool]:
    """What is shown of a list, and whether there is more. Ask for one more than `most`: else nobody can tell."""
    return found[:most], len(found) > most


def number_argument(name: str) -> int | None:
    """A number from the query string, or None when it is not there. Raises BadRequest."""
    raw = request.args.get(name)
    return None if raw is None else whole_number(raw, name)


def form_number(name: str, *, default: str = "") -> int:
    """A number from the form. Raises BadRequest."""
    return whole_number(request.form.get(name, default), name)


def refuse_another_epoch() -> None:
    """Before a change: nothing, unless the form says that it is of the time before a restore. Raises CursorAhead."""
    history.check_epoch(request.form.get("epoch"))


def whole_number(raw: str, field: str) -> int:
    """`raw` as a number that the database can hold. Raises BadRequest."""
    if not (raw.isascii() and raw.isdigit()) or len(raw) > 19 or int(raw) > ID_MAX:
        raise BadRequest(field=field)
    return int(raw)


def public_url(path: str) -> str:
    """The whole address of `path`, for sending to somebody."""
    return f"{config.current().origin or request.host_url.rstrip('/')}{path}"


def static_url(path: str) -> str:
    """The address of a static file. It changes with the files, so browsers may keep what they have for ever."""
    return f"{current_app.extensions['chatapp_static_prefix']}{path}"


def _require_sign_in() -> None:
    # Closed unless named: a route that somebody forgets to protect is protected.
    if request.endpoint is not None and request.blueprint not in PUBLIC:
        person = signed_in_person()
        _require_own_page(person)
        _refuse_flood(person)
        _require_present_epoch()


def _require_own_page(person: Person) -> None:
    # Alice's page is still open when Bob signs in in another tab: what she typed must not go out under his name,
    # nor what he may read be shown to her.
    if request.headers.get(PAGE_OF, str(person.id)) != str(person.id):
        raise SignedOut


def _refuse_flood(person: Person) -> None:
    if request.method in CHANGES and request.endpoint not in COUNTED_ELSEWHERE:
        wait_for(throttle().change(person.id))


def wait_for(seconds: float) -> None:
    """Nothing when that is none. Raises TooManyRequests: HTTP knows whole seconds alone."""
    if seconds:
        raise TooManyRequests(retry_after=ceil(seconds))


def _require_present_epoch() -> None:
    # After a restore the numbers on an old page may be another room's, or another person's.
    if request.method == "POST":
        history.check_epoch(request.headers.get(PAGE_EPOCH))
        if request.mimetype == PLAIN_FORM:  # one with files is read where it is known who may send it
            refuse_another_epoch()


def _globals() -> dict[str, object]:
    is_bare = g.get("is_bare_page", False)
    me = None if is_bare else _reader()
    return {
        "me": me,
        "preferences": User.preferences_of(me.id) if me else Preferences(),
        "company_name": None if is_bare else _company_name(),
        "epoch": _epoch,
        # As it was before anything on the page was read.
        "people_version": current_user.people_version if me else "",
        "server_time": _server_time,
        "t": say,
        "t_forms": say_forms,
        "locale": reader_locale(),
        "direction": direction(reader_locale()),
        "csrf_token": generate_csrf,
        "static_url": static_url,
        "is_bundled": current_app.extensions["chatapp_is_bundled"],
        "is_here": _is_here,
    }


def _is_here(user_id: int) -> bool:
    if "people_here" not in g:
        g.people_here = people_here()
    here: frozenset[int] = g.people_here
    return user_id in here


def _server_time() -> str:
    # By this one and not by their own, a reader's browser tells which day is today.
    return db.now().isoformat(timespec="milliseconds")


def _epoch() -> str:
    # Each form of a page says it.
    if "epoch" not in g:
        g.epoch = history.current_epoch()
    epoch: str = g.epoch
    return epoch


def _reader() -> Person | None:
    return current_user.person if current_user.is_authenticated else None


def _company_name() -> str | None:
    if "company_name" not in g:
        company = Company.the_one()
        g.company_name = company.name if company else None
    name: str | None = g.company_name
    return name


def _keep_private(response: BaseResponse) -> BaseResponse:
    # What is on a page is for its reader: no proxy and no back button after sign-out may show it.
    response.headers.setdefault("Cache-Control", "no-store")
    response.vary.update(["Cookie", "Accept", "Accept-Language"])
    return response
