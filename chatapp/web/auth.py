"""Signing in and out, founding the company, joining by invitation."""

from typing import Any

from flask import Blueprint, redirect, request, session, url_for
from flask_login import current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from chatapp import config
from chatapp.actions import invites, people, sign_ins
from chatapp.errors import ChatError, SignedOut, TooManyRequests, WrongPassword
from chatapp.identity import Guest, signed_in_guest, signed_in_person
from chatapp.network import network_of
from chatapp.reader import say
from chatapp.web.errors import answer, sentence, when_to_retry
from chatapp.web.forms import shown_again
from chatapp.web.pages import data, number_argument, page, wants_json

blueprint = Blueprint("auth", __name__)


@blueprint.get("/login")
def login() -> Response:
    way_on = local_path(request.args.get("next", ""))
    if current_user.is_authenticated:
        return redirect(way_on)
    return page("auth/login.html", email="", next=way_on, error=None)


@blueprint.post("/login")
def sign_in() -> Response:
    email, way_on = request.form.get("email", ""), local_path(request.form.get("next", ""))
    try:
        address = network_of(request.remote_addr)
        guest = sign_ins.sign_in(email, _password(), address=address, user_agent=_user_agent())
    except (WrongPassword, TooManyRequests) as error:
        if wants_json():
            return answer(error)
        refused = page("auth/login.html", error.status, email=email, next=way_on, error=sentence(error))
        return when_to_retry(refused, error)
    return _welcome(guest, way_on)


@blueprint.post("/logout")
def logout() -> Response:
    if current_user.is_authenticated:
        sign_ins.sign_out(signed_in_guest())
    logout_user()
    session.clear()
    response = redirect(url_for("auth.login"), 303)
    # Not "storage": it holds what others at this browser have not sent yet. A script clears the leaver's own.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.get("/csrf-token")
def csrf_token() -> Response:
    """A token for a page whose session was renewed in another tab, unless by somebody else (`user_id`)."""
    user_id = number_argument("user_id")
    if user_id is not None and signed_in_person().id != user_id:
        raise SignedOut
    return data({"csrf_token": generate_csrf()})


@blueprint.get("/setup")
def setup() -> Response:
    code = request.args.get("code", "")
    people.check_setup_code(code)
    return page("auth/setup.html", errors={}, **_setup_fields(code))


@blueprint.post("/setup")
def found() -> Response:
    form = request.form
    code = form.get("code", "") or request.args.get("code", "")
    people.check_setup_code(code)
    fields = [form.get(name, "") for name in ("company", "name", "email", "password")]
    try:
        founder = people.found_company(code, *fields, first_room=say("rooms.first_name"))
    except ChatError as error:
        return shown_again(error, "auth/setup.html", **_setup_fields(code))
    return _welcome(sign_ins.begin_sign_in(founder, user_agent=_user_agent()), url_for("rooms.home"))


@blueprint.get("/join/<token>")
def join(token: str) -> Response:
    invites.check_invite(token)
    return page("auth/join.html", errors={}, **_join_fields(token))


@blueprint.post("/join/<token>")
def accept(token: str) -> Response:
    invites.check_invite(token)
    try:
        newcomer = invites.accept_invite(token, *(request.form.get(name, "") for name in ("name", "email", "password")))
    except ChatError as error:
        return shown_again(error, "auth/join.html", **_join_fields(token))
    return _welcome(sign_ins.begin_sign_in(newcomer, user_agent=_user_agent()), url_for("rooms.home"))


def local_path(wanted: str) -> str:
    """`wanted` when it is a path of ours, else the start page: a sign-in must not end on somebody else's site.

    Browsers drop control characters and read a backslash as a slash, so either could hide a host name.
    """
    is_plain = wanted.isprintable() and "\\" not in wanted
    is_local = wanted.startswith("/") and not wanted.startswith("//")
    return wanted if is_plain and is_local else url_for("rooms.home")


def _welcome(guest: Guest, way_on: str) -> Response:
    # A new session at every sign-in: what a stranger may have planted in the old one is gone.
    session.clear()
    session.permanent = True
    login_user(guest)
    if wants_json():
        return data({"id": guest.person.id, "name": guest.person.name})
    return redirect(way_on, 303)


def _setup_fields(code: str) -> dict[str, Any]:
    return {"code": code, "company": request.form.get("company", ""), **_person_fields()}


def _join_fields(token: str) -> dict[str, Any]:
    return {"token": token, **_person_fields()}


def _person_fields() -> dict[str, Any]:
    kept = {name: request.form.get(name, "") for name in ("name", "email")}
    return {**kept, "password_min_chars": config.current().password_min_chars}


def _password() -> str:
    return request.form.get("password", "")


def _user_agent() -> str:
    return request.user_agent.string
