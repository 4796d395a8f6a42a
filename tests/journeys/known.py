"""Signing in without the form. Nearly every journey begins with two or three sign-ins, and a check of a password takes
as long as ten requests; the journeys that are about signing in go by the form."""

from functools import cache
from http.cookiejar import Cookie
from typing import Any

from flask import Flask, request, session
from flask_wtf.csrf import generate_csrf

from chatapp import config, db
from chatapp.actions import sign_ins
from chatapp.models import User
from chatapp.web.security import Cookies
from tests.journeys.protocol import Client
from tests.journeys.server import Server


class KnownClient(Client):
    """Somebody who has an account on this server, with a new sign-in of their own."""

    def __init__(self, server: Server, email: str) -> None:
        self._door = door_beside(server.environment["DATABASE_URL"], server.environment["SECRET_KEY"])
        super().__init__(server.url, email)

    def _come_in(self, way: str, fields: dict[str, Any]) -> int:
        answer = self._door.test_client().post("/", data=fields)
        name, _, value = answer.headers["Set-Cookie"].partition(";")[0].partition("=")
        self._cookies.set_cookie(as_kept(name, value))
        self._csrf = (self.cookies(), answer.json["csrf_token"])
        person_id: int = answer.json["id"]
        return person_id


@cache
def door_beside(database_url: str, secret_key: str) -> Flask:
    """A door into the application with this database and key that asks for no password."""
    settings = config.load({"DATABASE_URL": database_url, "SECRET_KEY": secret_key})
    door = Flask("door")
    door.secret_key = settings.secret_key
    door.session_interface = Cookies()
    door.extensions["chatapp_settings"] = settings
    db.init_app(door, settings)
    door.add_url_rule("/", view_func=come_in, methods=["POST"])
    return door


def come_in() -> dict[str, Any]:
    """A new sign-in of whoever has this address, as the form begins one."""
    user = User.by_email(request.form["email"])
    assert user is not None, request.form["email"]
    guest = sign_ins.begin_sign_in(user.person, user_agent="")
    session.permanent = True
    # Not fresh: so the server has it whenever a browser goes on with the sign-in of another.
    session.update(_user_id=guest.token, _fresh=False)
    return {"id": guest.person.id, "csrf_token": generate_csrf()}


def as_kept(name: str, value: str) -> Cookie:
    """The cookie as a jar keeps what came from 127.0.0.1."""
    place = {"domain": "127.0.0.1", "domain_specified": False, "domain_initial_dot": False}
    place |= {"path": "/", "path_specified": True, "port": None, "port_specified": False}
    rest: dict[str, Any] = {"expires": None, "discard": True, "comment": None, "comment_url": None, "rest": {}}
    return Cookie(version=0, name=name, value=value, secure=False, **place, **rest)  # type: ignore[arg-type]
