"""Is it alive, and may it be sent people?"""

import hmac

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from chatapp import config, db, metrics, migrations
from chatapp.errors import PageNotFound
from chatapp.realtime.bus import Bus
from chatapp.web.pages import data

blueprint = Blueprint("health", __name__)


@blueprint.get("/up")
def up() -> Response:
    """The process lives. No database: a probe that asks it would restart every worker when it is away."""
    return data({"ok": True})


@blueprint.get("/ready")
def ready() -> Response:
    """This worker can serve: 200, or 503 with what is missing. Without Redis it is only `degraded`."""
    missing, is_draining = _missing(), bool(current_app.extensions.get("chatapp_draining"))
    bus: Bus = current_app.extensions["chatapp_bus"]
    answer = {
        "ok": not missing and not is_draining,
        "missing": missing,
        "draining": is_draining,
        "degraded": bus.is_used and not bus.is_connected,
    }
    return data(answer, 200 if answer["ok"] else 503)


@blueprint.get("/metrics")
def measured() -> Response:
    """The numbers of all workers, for a monitoring that has the token; where there is none, there is no such page."""
    token = config.current().metrics_token
    if not token:
        raise PageNotFound
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), token.encode()):
        return Response("Send the token.\n", 401, {"WWW-Authenticate": "Bearer"})
    return Response(metrics.text(), content_type=metrics.CONTENT_TYPE)


def _missing() -> list[str]:
    is_up = db.is_up()
    if is_up:
        db.let_go()  # the next question has a connection of its own
    checks = {
        "database": is_up,
        "migrations": is_up and migrations.is_usable(db.engine()),
        "browser_client": current_app.extensions["chatapp_has_browser_client"],
    }
    return [name for name, is_there in checks.items() if not is_there]
