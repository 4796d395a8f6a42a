"""Who is in the company."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from chatapp.actions import people
from chatapp.events import AuthorFact
from chatapp.models import User
from chatapp.models.user import PEOPLE_PAGE
from chatapp.web.pages import cut, data, number_argument, page, wants_json

blueprint = Blueprint("people", __name__)


@blueprint.get("/people")
def index() -> Response:
    text = request.args.get("q", "").strip()
    found, more = cut(User.named_like(text, with_deactivated=True, limit=PEOPLE_PAGE + 1), PEOPLE_PAGE)
    if wants_json():
        return data({"people": [AuthorFact(user.id, user.name, user.is_deactivated).as_json() for user in found]})
    return page("people/index.html", people=found, q=text, more=more)


@blueprint.get("/people/changes")
def changes() -> Response:
    return data(people.read_changes(number_argument("since") or 0, epoch=request.args.get("epoch")).as_json())
