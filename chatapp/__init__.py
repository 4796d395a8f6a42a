"""chatapp: company rooms you run yourself. `create_app` is the only place where the parts meet."""

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from chatapp.config import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """The application, ready to serve by WSGI. `settings` come from the environment when not given."""
    # Here and not above: the launcher's master reads `chatapp.config` alone, and stays at a third of the memory; the
    # process that looks at a picture needs nothing of it all, and starts in a tenth of the time.
    from flask import Flask

    from chatapp import background, config, db, extensions, migrations, realtime, throttle, web, words
    from chatapp.actions import file_store, sign_ins
    from chatapp.web.held_templates import HeldTemplates

    settings = settings or config.load()
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.jinja_loader = HeldTemplates(config.ROOT / "templates")
    # Now, as all that an update changes on the disk under us.
    words.catalogues()
    migrations.hold_newest()
    app.extensions["chatapp_settings"] = settings
    app.config.update(_flask_settings(settings))
    db.init_app(app, settings)
    # Templates know `me`; its own word for it would ask the database also on the page that says it is away.
    extensions.login_manager.init_app(app, add_context_processor=False)
    extensions.csrf.init_app(app)
    realtime.init_app(app, settings)
    sign_ins.init_app(app, settings)
    file_store.init_app(app, settings)
    throttle.init_app(app, settings)
    background.init_app(app)
    web.init_app(app)
    _put_in_front(app, settings)
    return app


def _put_in_front(app: "Flask", settings: "Settings") -> None:
    from chatapp import sockets
    from chatapp.server import edge
    from chatapp.web import request_log, security, static_files

    # From the inside: sockets, their edge, files, the door before all, and who notes what came through it.
    sockets.init_app(app, settings)
    edge.init_app(app)
    static_files.init_app(app, settings)
    security.init_app(app, settings)
    request_log.init_app(app, settings)


def _flask_settings(settings: "Settings") -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "MAX_CONTENT_LENGTH": settings.request_max_bytes,
        "MAX_FORM_MEMORY_SIZE": settings.request_max_bytes,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=settings.sign_in_max_days),
        "SESSION_REFRESH_EACH_REQUEST": False,
        # A tab may stay open for days; the token is bound to the session, which ends by itself.
        "WTF_CSRF_TIME_LIMIT": None,
        "JSON_SORT_KEYS": False,
    }
