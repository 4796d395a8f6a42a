"""The people of our server: accounts, rooms and sign-ins, written straight into its database.

Signing in a thousand people by their passwords would take half a minute, by design.
"""

from dataclasses import dataclass

from flask import Flask, session
from flask_login import login_user
from sqlalchemy import insert

from chatapp import addresses, create_app, db, identity, migrations
from chatapp.identity import Guest
from chatapp.models import Company, Membership, Person, Room, SignIn, User
from chatapp.names import name_key
from tests.support import PASSWORD_HASH, test_settings

Topology = tuple[int, int]  # how many rooms, and members of each; nobody is in two rooms of one topology
LOCAL = {"REMOTE_ADDR": "127.0.0.1"}


@dataclass(frozen=True)
class Founded:
    """The ids of each topology's rooms, and everybody's cookie."""

    rooms: dict[Topology, list[int]]
    cookies: list[str]


def found(database_url: str, secret_key: str, topologies: list[Topology]) -> Founded:
    """A company in an empty database, with so many people that they fill each of these."""
    app = create_app(test_settings(addresses.database_url(database_url), secret_key=secret_key))
    with app.app_context():
        migrations.upgrade(db.engine())
        count = max(rooms * members for rooms, members in topologies)
        with db.transaction() as rows:
            rows.add(Company(id=1, name="Example"))
            ids = _people(count)
            rooms = {topology: _rooms(topology, ids) for topology in topologies}
            guests = _sign_ins(ids)
        cookies = [_cookie(app, guest) for guest in guests]
    app.extensions["chatapp_engine"].dispose()
    return Founded(rooms, cookies)


def _people(count: int) -> list[int]:
    names = [f"Person {number:04}" for number in range(count)]
    rows = [
        {"name": name, "name_key": name_key(name), "email": f"p{n}@example.org", "password_hash": PASSWORD_HASH}
        for n, name in enumerate(names)
    ]
    return sorted(db.session().scalars(insert(User).returning(User.id), rows))


def _rooms(topology: Topology, ids: list[int]) -> list[int]:
    rooms, members = topology
    return [_room(f"{rooms} x {members}, {n}", ids[n * members : (n + 1) * members]).id for n in range(rooms)]


def _room(name: str, people: list[int]) -> Room:
    version = len(people) + 1
    room = Room(kind="open", name=name, name_key=name_key(name), created_by_id=people[0])
    room.version = room.changed_version = version
    db.session().add(room)
    db.session().flush()
    rows = [{"room_id": room.id, "user_id": user_id, "version": n} for n, user_id in enumerate(people, 1)]
    db.session().execute(insert(Membership), rows)
    return room


def _sign_ins(ids: list[int]) -> list[Guest]:
    tokens = [identity.new_token() for _ in ids]
    rows = [
        {"user_id": user_id, "token_hash": identity.token_hash(token)}
        for user_id, token in zip(ids, tokens, strict=True)
    ]
    db.session().execute(insert(SignIn), rows)
    # Of a guest only the token goes into the cookie.
    return [Guest(Person(user_id, "", is_admin=False), 0, token) for user_id, token in zip(ids, tokens, strict=True)]


def _cookie(app: Flask, guest: Guest) -> str:
    """What a browser holds after `guest` has signed in."""
    with app.test_request_context("/login", environ_base=LOCAL):
        session.permanent = True
        login_user(guest)
        answer = app.response_class()
        app.session_interface.save_session(app, session, answer)
        return answer.headers["Set-Cookie"].partition(";")[0]
