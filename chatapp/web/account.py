"""One's own account: name, password, and where one is signed in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from chatapp import db
from chatapp.actions import people, preferences, sign_ins
from chatapp.errors import ChatError
from chatapp.identity import Guest, signed_in_guest, signed_in_person
from chatapp.models import SignIn, User
from chatapp.web.forms import shown_again
from chatapp.web.pages import data, page, wants_json

blueprint = Blueprint("account", __name__)


@dataclass(frozen=True, kw_only=True)
class SignInRow:
    """A browser in the list of one's sign-ins."""

    id: int
    created_at: datetime
    last_used_at: datetime
    user_agent: str
    is_current: bool


@blueprint.get("/account")
def show() -> Response:
    return page("account/show.html", errors={}, **_account(signed_in_guest(), saved="saved" in request.args))


@blueprint.post("/account/name")
def rename() -> Response:
    guest = signed_in_guest()
    try:
        people.rename_person(guest.person, request.form.get("name", ""))
    except ChatError as error:
        return shown_again(error, "account/show.html", **_account(guest))
    return _saved()


@blueprint.post("/account/preferences")
def change_preferences() -> Response:
    guest, form = signed_in_guest(), request.form
    chosen = {name: form.get(name, "") for name in ("theme", "send_key", "clock", "single_keys")}
    try:
        preferences.change_preferences(guest.person, **chosen)
    except ChatError as error:
        return shown_again(error, "account/show.html", **_account(guest))
    return _saved()


@blueprint.post("/account/password")
def change_password() -> Response:
    guest = signed_in_guest()
    try:
        sign_ins.change_password(guest, request.form.get("current", ""), request.form.get("password", ""))
    except ChatError as error:
        return shown_again(error, "account/show.html", **_account(guest))
    return _saved()


@blueprint.post("/account/sign-ins/<int:sign_in_id>/end")
def end_sign_in(sign_in_id: int) -> Response:
    sign_ins.end_sign_in(signed_in_person(), sign_in_id)
    return _saved()


def _account(guest: Guest, *, saved: bool = False) -> dict[str, Any]:
    user = db.session().get_one(User, guest.person.id)
    rows = [_row(sign_in, guest) for sign_in in SignIn.of(user.id)]
    name = request.form.get("name", user.name)
    return {"name": name, "email": user.email, "sign_ins": rows, "saved": saved, "chosen": user.preferences}


def _row(sign_in: SignIn, guest: Guest) -> SignInRow:
    return SignInRow(
        id=sign_in.id,
        created_at=sign_in.created_at,
        last_used_at=sign_in.last_used_at,
        user_agent=sign_in.user_agent,
        is_current=sign_in.id == guest.sign_in_id,
    )


def _saved() -> Response:
    return data({}) if wants_json() else redirect(url_for("account.show", saved=1), 303)
