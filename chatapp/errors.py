"""What can go wrong, as types with stable codes.

Actions raise these; the doors translate once: `web/errors.py` to a page or JSON, `sockets/acks.py` to an ack.
The sentence for people stands in `locales/*.json` under `error.<code>`.
"""


class ChatError(Exception):
    """Something a person may be told: a stable `code`, an HTTP `status`, and `values` for its sentence."""

    code = "error"
    status = 400

    def __init__(self, **values: object) -> None:
        super().__init__(self.code)
        self.values = values


def named_field(error: ChatError) -> dict[str, str]:
    """`{"field": name}` where the error says which part of the input is wrong, else nothing."""
    return {"field": str(error.values["field"])} if "field" in error.values else {}


# What was sent to us


class BadRequest(ChatError):
    """The input has the wrong shape: `field` names the part that is wrong."""

    code = "bad_request"


class UnknownEvent(ChatError):
    code = "unknown_event"


class StaleForm(ChatError):
    """The form's CSRF token is missing, wrong or too old."""

    code = "stale_form"


class TooManyRequests(ChatError):
    """Asked too often; `retry_after` (seconds) says when to come back."""

    code = "slow_down"
    status = 429


# Who is asking


class SignedOut(ChatError):
    code = "signed_out"
    status = 401


class WrongPassword(ChatError):
    """E-mail or password is wrong. One error for both: otherwise a stranger learns who has an account."""

    code = "wrong_password"
    status = 401


class AdminsOnly(ChatError):
    code = "admins_only"
    status = 403


class NotAllowed(ChatError):
    """May see it, but not do this to it."""

    code = "not_allowed"
    status = 403


class LinkInvalid(ChatError):
    """The invite or set-up link is unknown, used up, ended or too old."""

    code = "link_invalid"
    status = 404


class LastAdmin(ChatError):
    code = "last_admin"
    status = 409


# Names, addresses, passwords


class NameEmpty(ChatError):
    code = "name_empty"


class NameTooLong(ChatError):
    code = "name_too_long"


class NameHasControlCharacters(ChatError):
    code = "name_control_characters"


class EmailInvalid(ChatError):
    code = "email_invalid"


class EmailTaken(ChatError):
    code = "email_taken"
    status = 409


class PasswordTooShort(ChatError):
    code = "password_too_short"


class PasswordTooLong(ChatError):
    code = "password_too_long"


# Rooms


class RoomNotFound(ChatError):
    """No such room, or one this person may not see: never tell which."""

    code = "room_not_found"
    status = 404


class RoomNameTaken(ChatError):
    code = "room_name_taken"
    status = 409


class RoomArchived(ChatError):
    code = "room_archived"
    status = 409


class NotAMember(ChatError):
    """An open room may be read by everyone in the company; writing needs membership."""

    code = "not_a_member"
    status = 403


class DirectRoomFixed(ChatError):
    """A direct conversation belongs to its people: no name, no kind, no joining, leaving, adding, removing."""

    code = "direct_room_fixed"
    status = 409


class DirectRoomNeedsPeople(ChatError):
    code = "direct_room_needs_people"


class DirectRoomTooLarge(ChatError):
    code = "direct_room_too_large"


class PersonNotFound(ChatError):
    code = "person_not_found"
    status = 404


class CursorAhead(ChatError):
    """The client knows a version that this database never gave, or one of another epoch: it was restored.

    Drop the copy and reload.
    """

    code = "cursor_ahead"
    status = 409


# Messages


class MessageNotFound(ChatError):
    code = "message_not_found"
    status = 404


class MessageDeleted(ChatError):
    """It was deleted: nothing more can be done to it."""

    code = "message_deleted"
    status = 409


class MessageEditedSince(ChatError):
    """Its text was changed after the version that an edit was written against: the later edit must not be undone."""

    code = "message_edited_since"
    status = 409


class RepliedDeleted(ChatError):
    """The message that one answers was deleted meanwhile."""

    code = "replied_deleted"
    status = 409


class MessageEmpty(ChatError):
    code = "message_empty"


class MessageTooLong(ChatError):
    code = "message_too_long"


class MessageHasControlCharacters(ChatError):
    code = "message_control_characters"


# Reactions


class NotAnEmoji(ChatError):
    """One reacts with one emoji, and with nothing else."""

    code = "not_an_emoji"


class TooManyReactions(ChatError):
    """The message has as many different emoji as one may have: choose one of these."""

    code = "too_many_reactions"
    status = 409


# The house itself


class PageNotFound(ChatError):
    code = "not_found"
    status = 404


class MethodNotAllowed(ChatError):
    code = "method_not_allowed"
    status = 405


class RequestTooLarge(ChatError):
    code = "request_too_large"
    status = 413


class Unavailable(ChatError):
    """The database does not answer just now; `retry_after` (seconds) says when to try again."""

    code = "unavailable"
    status = 503


class InternalError(ChatError):
    code = "internal_error"
    status = 500
