"""Who may do what: one row for each route or event and kind of room, one column for each person.

A number is the status of a success. A word is a refusal:

    login   401 signed_out: sign in first             hidden  404 room_not_found: as if there were no such room
    join    403 not_a_member: may read, not take part never   403 not_allowed: a member, but not one who manages
    admins  403 admins_only                           fixed   409 direct_room_fixed: nobody may, not even its people
    link    404 link_invalid                          other   404 person_not_found: that is not one's own
    gone    404 message_not_found: as if never said   later   unknown_event: not built yet
    nofile  404 upload_not_found: as if never sent    sent    409 upload_attached: it goes with its message
    unset   404 not_found: there is none as long as no token is set
    ok      an ack that says so

Alice founded the rooms, Bob is in them, Charlie is not, Dana administers the company and is in none of them either,
and nobody is signed out. The messages are Alice's. Whoever removes somebody removes the other of Alice and Bob.
"""

from dataclasses import dataclass

PEOPLE = ("alice", "bob", "charlie", "dana", "nobody")
WORDS = {
    "login": "signed_out",
    "hidden": "room_not_found",
    "join": "not_a_member",
    "never": "not_allowed",
    "admins": "admins_only",
    "fixed": "direct_room_fixed",
    "link": "link_invalid",
    "other": "person_not_found",
    "gone": "message_not_found",
    "later": "unknown_event",
    "nofile": "upload_not_found",
    "sent": "upload_attached",
    "unset": "not_found",
}

IN_ROOMS = """
                                                                   alice   bob     charlie dana    nobody
GET  /rooms/<int:room_id>                                   open   200     200     200     200     login
                                                            closed 200     200     hidden  hidden  login
                                                            direct 200     200     hidden  hidden  login
GET  /rooms/<int:room_id>/changes                           open   200     200     200     200     login
                                                            closed 200     200     hidden  hidden  login
                                                            direct 200     200     hidden  hidden  login
GET  /rooms/<int:room_id>/messages                          open   200     200     200     200     login
                                                            closed 200     200     hidden  hidden  login
                                                            direct 200     200     hidden  hidden  login
GET  /rooms/<int:room_id>/messages/<int:number>             open   200     200     200     200     login
                                                            closed 200     200     hidden  hidden  login
                                                            direct 200     200     hidden  hidden  login
GET  /rooms/<int:room_id>/messages/<int:number>/edits       open   200     200     200     200     login
                                                            closed 200     200     hidden  hidden  login
                                                            direct 200     200     hidden  hidden  login
POST /rooms/<int:room_id>/messages                          open   201     201     join    join    login
                                                            closed 201     201     hidden  hidden  login
                                                            direct 201     201     hidden  hidden  login
PUT  /rooms/<int:room_id>/uploads                           open   201     201     join    join    login
                                                            closed 201     201     hidden  hidden  login
                                                            direct 201     201     hidden  hidden  login
POST /rooms/<int:room_id>/uploads                           open   201     201     join    join    login
                                                            closed 201     201     hidden  hidden  login
                                                            direct 201     201     hidden  hidden  login
GET  /rooms/<int:room_id>/uploads/<client_id>               open   nofile  nofile  join    join    login
                                                            closed nofile  nofile  hidden  hidden  login
                                                            direct nofile  nofile  hidden  hidden  login
DELETE /rooms/<int:room_id>/uploads/<client_id>             open   200     200     join    join    login
                                                            closed 200     200     hidden  hidden  login
                                                            direct 200     200     hidden  hidden  login
GET  /rooms/<int:room_id>/files                             open   200     200     200     200     login
                                                            closed 200     200     hidden  hidden  login
                                                            direct 200     200     hidden  hidden  login
POST /rooms/<int:room_id>/read                              open   200     200     join    join    login
                                                            closed 200     200     hidden  hidden  login
                                                            direct 200     200     hidden  hidden  login
POST /rooms/<int:room_id>/mark-unread                       open   200     200     join    join    login
                                                            closed 200     200     hidden  hidden  login
                                                            direct 200     200     hidden  hidden  login
POST /rooms/<int:room_id>/join                              open   200     200     200     200     login
                                                            closed 200     200     hidden  hidden  login
                                                            direct 200     200     hidden  hidden  login
POST /rooms/<int:room_id>/leave                             open   200     200     join    join    login
                                                            closed 200     200     hidden  hidden  login
                                                            direct fixed   fixed   hidden  hidden  login
GET  /rooms/<int:room_id>/members                           open   200     200     200     200     login
                                                            closed 200     200     hidden  hidden  login
                                                            direct 200     200     hidden  hidden  login
POST /rooms/<int:room_id>/members                           open   200     200     join    join    login
                                                            closed 200     200     hidden  hidden  login
                                                            direct fixed   fixed   hidden  hidden  login
POST /rooms/<int:room_id>/members/<int:user_id>/remove      open   200     never   join    join    login
                                                            closed 200     never   hidden  hidden  login
                                                            direct fixed   fixed   hidden  hidden  login
POST /rooms/<int:room_id>/rename                            open   200     never   join    join    login
                                                            closed 200     never   hidden  hidden  login
                                                            direct fixed   fixed   hidden  hidden  login
POST /rooms/<int:room_id>/archive                           open   200     never   join    join    login
                                                            closed 200     never   hidden  hidden  login
                                                            direct fixed   fixed   hidden  hidden  login
POST /rooms/<int:room_id>/restore                           open   200     never   join    join    login
                                                            closed 200     never   hidden  hidden  login
                                                            direct fixed   fixed   hidden  hidden  login
"""

OF_MESSAGES = """
                                                                   alice   bob     charlie dana    nobody
GET  /messages/<int:message_id>/edit                        open   200     never   join    join    login
                                                            closed 200     never   gone    gone    login
                                                            direct 200     never   gone    gone    login
POST /messages/<int:message_id>/edit                        open   200     never   join    join    login
                                                            closed 200     never   gone    gone    login
                                                            direct 200     never   gone    gone    login
POST /messages/<int:message_id>/reactions                   open   200     200     join    join    login
                                                            closed 200     200     gone    gone    login
                                                            direct 200     200     gone    gone    login
POST /messages/<int:message_id>/delete                      open   200     never   join    join    login
                                                            closed 200     never   gone    gone    login
                                                            direct 200     never   gone    gone    login
"""

OF_FILES = """
                                                                   alice   bob     charlie dana    nobody
GET  /uploads/<int:upload_id>/<name>                        open   200     200     200     200     login
                                                            closed 200     200     nofile  nofile  login
                                                            direct 200     200     nofile  nofile  login
DELETE /uploads/<int:upload_id>                             open   sent    nofile  nofile  nofile  login
                                                            closed sent    nofile  nofile  nofile  login
                                                            direct sent    nofile  nofile  nofile  login
"""

ELSEWHERE = """
                                                                   alice   bob     charlie dana    nobody
GET  /                                                      -      302     302     302     302     login
GET  /rooms                                                 -      200     200     200     200     login
POST /rooms                                                 -      201     201     201     201     login
POST /rooms/read                                            -      200     200     200     200     login
GET  /rooms/new                                             -      200     200     200     200     login
GET  /people                                                -      200     200     200     200     login
GET  /people/changes                                        -      200     200     200     200     login
GET  /account                                               -      200     200     200     200     login
POST /account/name                                          -      200     200     200     200     login
POST /account/preferences                                   -      200     200     200     200     login
POST /account/password                                      -      200     200     200     200     login
POST /account/sign-ins/<int:sign_in_id>/end                 own    200     200     200     200     login
                                                            others other   other   other   other   login
GET  /uploads/space                                         -      200     200     200     200     login
GET  /help                                                  -      200     200     200     200     login
GET  /admin                                                 -      admins  admins  admins  200     login
POST /admin/invites                                         -      admins  admins  admins  201     login
POST /admin/invites/<int:invite_id>/revoke                  -      admins  admins  admins  200     login
POST /admin/people/<int:user_id>/deactivate                 -      admins  admins  admins  200     login
POST /admin/people/<int:user_id>/reactivate                 -      admins  admins  admins  200     login
GET  /login                                                 -      302     302     302     302     200
POST /login                                                 -      200     200     200     200     200
POST /logout                                                -      303     303     303     303     303
GET  /setup                                                 -      link    link    link    link    link
POST /setup                                                 -      link    link    link    link    link
GET  /join/<token>                                          -      200     200     200     200     200
POST /join/<token>                                          -      200     200     200     200     200
GET  /csrf-token                                            -      200     200     200     200     200
GET  /up                                                    -      200     200     200     200     200
GET  /ready                                                 -      200     200     200     200     200
GET  /metrics                                               -      unset   unset   unset   unset   unset
"""

EVENTS = """
                                                                   alice   bob     charlie dana    nobody
UP   room:open                                              open   ok      ok      ok      ok      login
                                                            closed ok      ok      hidden  hidden  login
                                                            direct ok      ok      hidden  hidden  login
UP   room:close                                             open   ok      ok      ok      ok      login
                                                            closed ok      ok      ok      ok      login
                                                            direct ok      ok      ok      ok      login
UP   room:read                                              open   ok      ok      join    join    login
                                                            closed ok      ok      hidden  hidden  login
                                                            direct ok      ok      hidden  hidden  login
UP   message:post                                           open   ok      ok      join    join    login
                                                            closed ok      ok      hidden  hidden  login
                                                            direct ok      ok      hidden  hidden  login
UP   room:mark_unread                                       open   ok      ok      join    join    login
                                                            closed ok      ok      hidden  hidden  login
                                                            direct ok      ok      hidden  hidden  login
UP   message:edit                                           open   ok      never   join    join    login
                                                            closed ok      never   gone    gone    login
                                                            direct ok      never   gone    gone    login
UP   message:delete                                         open   ok      never   join    join    login
                                                            closed ok      never   gone    gone    login
                                                            direct ok      never   gone    gone    login
UP   reaction:add                                           open   ok      ok      join    join    login
                                                            closed ok      ok      gone    gone    login
                                                            direct ok      ok      gone    gone    login
UP   reaction:remove                                        open   ok      ok      join    join    login
                                                            closed ok      ok      gone    gone    login
                                                            direct ok      ok      gone    gone    login
UP   typing:start                                           open   ok      ok      join    join    login
                                                            closed ok      ok      hidden  hidden  login
                                                            direct ok      ok      hidden  hidden  login
UP   typing:stop                                            open   ok      ok      join    join    login
                                                            closed ok      ok      hidden  hidden  login
                                                            direct ok      ok      hidden  hidden  login
"""


@dataclass(frozen=True)
class Row:
    """What each person gets, in one kind of room."""

    method: str
    name: str
    kind: str
    outcomes: dict[str, str]

    @property
    def is_about_files(self) -> bool:
        """True when there has to be a file."""
        return self.name.startswith("/uploads/")

    def __str__(self) -> str:
        return f"{self.method} {self.name} {self.kind}"


def rows(table: str) -> list[Row]:
    """The rows of a table; a row without a name goes on about the one above it."""
    found: list[Row] = []
    for line in table.strip("\n").split("\n")[1:]:
        *name, kind, a, b, c, d, nobody = line.split()
        method, path = name or (found[-1].method, found[-1].name)
        outcomes = dict(zip(PEOPLE, (WORDS.get(word, word) for word in (a, b, c, d, nobody)), strict=True))
        found.append(Row(method, path, kind, outcomes))
    return found


IN_A_ROOM = rows(IN_ROOMS) + rows(OF_MESSAGES) + rows(OF_FILES)
ROUTES = IN_A_ROOM + rows(ELSEWHERE)
COMMANDS = rows(EVENTS)
