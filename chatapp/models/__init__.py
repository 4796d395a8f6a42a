"""Tables, and the questions you may ask of them."""

from chatapp.models.chore import Chore
from chatapp.models.company import Company, SetupCode
from chatapp.models.invite import Invite
from chatapp.models.membership import Membership
from chatapp.models.mention import Mention
from chatapp.models.message import Message
from chatapp.models.message_edit import MessageEdit
from chatapp.models.preferences import Preferences
from chatapp.models.reaction import Reaction
from chatapp.models.room import Room, RoomKind
from chatapp.models.sign_in import SignIn
from chatapp.models.stored_chunk import StoredChunk
from chatapp.models.upload import Upload, UploadPart
from chatapp.models.user import Person, User, UserKind

__all__ = [
    "Chore",
    "Company",
    "Invite",
    "Membership",
    "Mention",
    "Message",
    "MessageEdit",
    "Person",
    "Preferences",
    "Reaction",
    "Room",
    "RoomKind",
    "SetupCode",
    "SignIn",
    "StoredChunk",
    "Upload",
    "UploadPart",
    "User",
    "UserKind",
]
