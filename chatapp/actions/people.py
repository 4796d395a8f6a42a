"""Founding the company, letting people in, and ending accounts."""

from dataclasses import asdict, dataclass

from chatapp import access, config, db, identity
from chatapp.actions import history
from chatapp.actions.rooms import add_room, new_room
from chatapp.errors import ChatError, CursorAhead, EmailTaken, LastAdmin, LinkInvalid, PersonNotFound
from chatapp.events import JsonObject
from chatapp.models import Company, Person, RoomKind, SetupCode, SignIn, User
from chatapp.models.user import PEOPLE_PAGE, ChangedPerson
from chatapp.names import clean_email, clean_name
from chatapp.realtime import broadcasts


@dataclass(frozen=True)
class PeopleChanges:
    """Who changed, each once, as they are now: `people` take a reader from where they asked to version `up_to`."""

    people: list[ChangedPerson]
    up_to: int
    head: int
    epoch: str

    def as_json(self) -> JsonObject:
        """The changes as the wire has them."""
        return {
            "items": [asdict(person) for person in self.people],
            "up_to": self.up_to,
            "head": self.head,
            "more": self.up_to < self.head,
            "epoch": self.epoch,
        }


def new_setup_code() -> str | None:
    """A code that opens the set-up page once, in place of any earlier one; None when the company is founded."""
    if Company.the_one() is not None:
        return None
    code = identity.new_token()
    with db.transaction() as session:
        SetupCode.forget_all()
        session.add(SetupCode(code_hash=identity.token_hash(code)))
    return code


def check_setup_code(code: str) -> None:
    """Nothing while the code opens the set-up page. Raises LinkInvalid."""
    if Company.the_one() is not None or not SetupCode.is_valid(identity.token_hash(code)):
        raise LinkInvalid


def found_company(code: str, company: str, name: str, email: str, password: str, *, first_room: str) -> Person:
    """The company's first administrator, in its first room, which is open and called `first_room`.

    Raises LinkInvalid, and what a name, an address or a password can be refused for.
    """
    check_setup_code(code)
    company = _company_name(company)
    user = new_user(name, email, password, is_admin=True)
    try:
        with db.transaction() as session:
            session.add_all([Company(id=1, name=company), user])
            SetupCode.forget_all()
            session.flush()
            add_room(new_room(user.person, first_room, RoomKind.OPEN), [user.person])
    except db.Conflict as error:
        # Two founders in the same moment: the database lets one in.
        raise LinkInvalid from error
    return user.person


def create_user(name: str, email: str, password: str, *, is_admin: bool = False) -> Person:
    """A new account, made by the operator; founds the company, named after the address, when there is none.

    Raises EmailTaken, and what a name, an address or a password can be refused for.
    """
    user = new_user(name, email, password, is_admin=is_admin)
    try:
        with db.transaction() as session:
            if Company.the_one() is None:
                session.add(Company(id=1, name=str(user.email).rpartition("@")[2][:80]))
                SetupCode.forget_all()
            session.add(user)
    except db.Conflict as error:
        raise EmailTaken from error
    return user.person


def new_user(name: str, email: str, password: str, *, is_admin: bool = False) -> User:
    """An account that is not stored yet. Raises what a name, an address or a password can be refused for."""
    return User(
        name=clean_name(name, max_chars=config.current().name_max_chars),
        email=clean_email(email),
        password_hash=identity.checked_password_hash(password),
        is_admin=is_admin,
    )


def rename_person(actor: Person, name: str) -> None:
    """Give `actor` another name, and tell everybody. Raises NameEmpty, NameTooLong, NameHasControlCharacters."""
    name = clean_name(name, max_chars=config.current().name_max_chars)
    with db.transaction():
        user = _account(actor.id)
        user.name = name
        _take_version(user)
        broadcasts.person_changed(user)


def deactivate(actor: Person, user_id: int) -> None:
    """End an account: its sign-ins and sockets end; what it said stays, and is marked for everybody.

    Raises AdminsOnly, PersonNotFound, LastAdmin.
    """
    access.administrator(actor)
    with db.transaction():
        # Administrators first, then the account: everybody locks in this order, so nobody waits in a circle.
        admins = User.active_admins()
        user = _account(user_id)
        if admins == {user_id}:
            raise LastAdmin
        user.deactivated_at = user.deactivated_at or db.now()
        ended = SignIn.end(user_id)
        _take_version(user)
        # Sockets first: whoever is out hears nothing more, not even of themselves.
        broadcasts.sign_ins_ended(ended)
        broadcasts.person_changed(user)


def reactivate(actor: Person, user_id: int) -> None:
    """Let an account sign in again, and take the mark from what it said. Raises AdminsOnly, PersonNotFound."""
    access.administrator(actor)
    with db.transaction():
        user = _account(user_id)
        user.deactivated_at = None
        _take_version(user)
        broadcasts.person_changed(user)


def _company_name(name: str) -> str:
    try:
        return clean_name(name, max_chars=config.current().name_max_chars)
    except ChatError as error:
        # The form asks for two names; this one is the company's.
        error.values["field"] = "company"
        raise


def read_changes(since: int, *, epoch: str | None = None, limit: int = PEOPLE_PAGE) -> PeopleChanges:
    """Who changed after version `since` of this `epoch`.

    Raises CursorAhead for a cursor beyond the head or of another epoch.
    """
    # The head first, then the rows: what is committed in between is then told twice rather than never.
    now, head = history.current_epoch(), Company.present_people_version()
    if epoch not in (None, now) or since > head:
        raise CursorAhead(head=head)
    people = User.changed_since(since, limit)
    last = people[-1].version if people else since
    return PeopleChanges(people, last if len(people) == limit else max(head, last), head, now)


def _take_version(user: User) -> None:
    # After the account: everybody locks in this order. And it is the lock of all who change somebody, held to commit.
    user.version = Company.next_people_version()


def _account(user_id: int) -> User:
    # Locked: a sign-in that begins at this moment waits, and then sees what became of the account. And of a new name
    # and an end in the same moment, both are told.
    user = db.session().get(User, user_id, with_for_update=True)
    if user is None:
        raise PersonNotFound
    return user
