"""Who is in the company."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from chatapp.events import AuthorFact
from chatapp.models import User
from chatapp.models.user import PEOPLE_PAGE
from chatapp.web.pages import cut, data, page, wants_json, whole_number

blueprint = Blueprint("people", __name__)


@blueprint.get("/people")
def index() -> Response:
    text = request.args.get("q", "").strip()
    # Of whom a page shows something: what changed while it had no connection was told to nobody there.
    ids = {whole_number(each, "id") for each in request.args.getlist("id")}
    sought = User.among(ids) if ids else User.named_like(text, with_deactivated=True, limit=PEOPLE_PAGE + 1)
    found, more = cut(sought, PEOPLE_PAGE)
    if wants_json():
        return data({"people": [AuthorFact(user.id, user.name, user.is_deactivated).as_json() for user in found]})
    return page("people/index.html", people=found, q=text, more=more)
