"""The keys of everything, as a page."""

from flask import Blueprint
from werkzeug.wrappers import Response

from chatapp.web.pages import page

blueprint = Blueprint("help", __name__)


@blueprint.get("/help")
def index() -> Response:
    """What the dialog of every page shows, for whoever runs no script."""
    return page("help/index.html")
