"""Administering people. An administrator sees that closed rooms exist; what is said in them is for their members."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from chatapp import access, db
from chatapp.actions import invites, people
from chatapp.identity import signed_in_person
from chatapp.models import Invite, User
from chatapp.models.membership import closed_rooms
from chatapp.models.user import PEOPLE_PAGE
from chatapp.web.pages import cut, data, page, public_url, wants_json

blueprint = Blueprint("admin", __name__)


@dataclass(frozen=True, kw_only=True)
class InviteRow:
    """An invite link in the list; the link itself is shown only once, when it is made."""

    id: int
    created_by: str
    expires_at: datetime
    uses: int


@blueprint.get("/admin")
def index() -> Response:
    access.administrator(signed_in_person())
    return _admin_page()


@blueprint.post("/admin/invites")
def create_invite() -> Response:
    token = invites.create_invite(signed_in_person())
    url = public_url(url_for("auth.join", token=token))
    if wants_json():
        return data({"url": url}, 201)
    # Shown in this answer and never again: only its hash is kept.
    return _admin_page(new_invite_url=url)


@blueprint.post("/admin/invites/<int:invite_id>/revoke")
def revoke_invite(invite_id: int) -> Response:
    invites.revoke_invite(signed_in_person(), invite_id)
    return _done()


@blueprint.post("/admin/people/<int:user_id>/deactivate")
def deactivate(user_id: int) -> Response:
    people.deactivate(signed_in_person(), user_id)
    return _done()


@blueprint.post("/admin/people/<int:user_id>/reactivate")
def reactivate(user_id: int) -> Response:
    people.reactivate(signed_in_person(), user_id)
    return _done()


def _admin_page(*, new_invite_url: str | None = None) -> Response:
    text = request.args.get("q", "").strip()
    everybody, more = cut(User.named_like(text, with_deactivated=True, limit=PEOPLE_PAGE + 1), PEOPLE_PAGE)
    return page(
        "admin/index.html",
        people=everybody,
        q=text,
        more=more,
        invites=[_row(invite) for invite in Invite.open_ones()],
        new_invite_url=new_invite_url,
        closed_rooms=[{"name": name, "members_count": count} for name, count in closed_rooms()],
    )


def _row(invite: Invite) -> InviteRow:
    creator = db.session().get_one(User, invite.created_by_id)
    return InviteRow(id=invite.id, created_by=creator.name, expires_at=invite.expires_at, uses=invite.uses_left)


def _done() -> Response:
    return data({}) if wants_json() else redirect(url_for("admin.index"), 303)
