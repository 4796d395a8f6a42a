"""Links by which people join the company."""

import logging
from datetime import timedelta

from chatapp import access, config, db, identity
from chatapp.actions.memberships import join_room
from chatapp.actions.people import new_user
from chatapp.errors import ChatError, EmailTaken, LinkInvalid
from chatapp.models import Invite, Person
from chatapp.models.room import first_open_room

logger = logging.getLogger(__name__)


def create_invite(actor: Person) -> str:
    """The token of a new invite link; only its hash is kept, so it is shown once. Raises AdminsOnly."""
    access.administrator(actor)
    settings, token = config.current(), identity.new_token()
    invite = Invite(
        token_hash=identity.token_hash(token),
        created_by_id=actor.id,
        expires_at=db.now() + timedelta(days=settings.invite_days),
        uses_left=settings.invite_uses,
    )
    with db.transaction() as session:
        session.add(invite)
    return token


def revoke_invite(actor: Person, invite_id: int) -> None:
    """End an invite link. Raises AdminsOnly, LinkInvalid."""
    access.administrator(actor)
    with db.transaction():
        if not Invite.revoke(invite_id):
            raise LinkInvalid


def check_invite(token: str) -> None:
    """Nothing while the link lets somebody in. Raises LinkInvalid."""
    if Invite.valid(identity.token_hash(token)) is None:
        raise LinkInvalid


def accept_invite(token: str, name: str, email: str, password: str) -> Person:
    """A new account by invitation, in the company's first open room.

    Raises LinkInvalid, EmailTaken, and what a name, an address or a password can be refused for.
    """
    check_invite(token)
    user = new_user(name, email, password)
    try:
        with db.transaction() as session:
            # Used in the same transaction: it is checked again now, and a refused address costs no use.
            if not Invite.use(identity.token_hash(token)):
                raise LinkInvalid
            session.add(user)
    except db.Conflict as error:
        raise EmailTaken from error
    _welcome(user.person)
    return user.person


def _welcome(newcomer: Person) -> None:
    try:
        if (room := first_open_room()) is not None:
            join_room(newcomer, room.id)
    except ChatError as error:
        # They are in, and can join by hand: the account must not look as if it had failed.
        logger.warning("newcomer is in no room user=%s error=%s", newcomer.id, error.code)
