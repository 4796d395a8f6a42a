"""The database: whether it answers, keeps what it was told, and has room for us."""

import time
from collections.abc import Iterator, Mapping

from chatapp import db, migrations
from chatapp.config import Settings
from chatapp.doctor.clocks import clock
from chatapp.doctor.finding import Finding, ok, warn, wrong
from chatapp.models import database_state
from chatapp.models.database_time import database_now

# Of PostgreSQL: what it means when one of these is off.
LOST_BY = {
    "fsync": "a power cut may leave no database at all",
    "full_page_writes": "a power cut may leave pages that are half old and half new",
    "synchronous_commit": "messages that people saw as sent may be gone after a crash",
}
ENOUGH = ("FULL", "EXTRA")  # of SQLite's `synchronous`
LEAST_OF_A_WORKER = 2  # one for single statements, one for transactions
SPARE_CONNECTIONS = 2  # for the operator's commands, and for looking


def examine(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    """All of it, in the present application; no more than the first line when it does not answer."""
    began = time.monotonic()
    try:
        name = database_state.version()
    except db.DatabaseAway as error:
        # The driver's own words name no password; SQLAlchemy's would add the statement.
        said = str(error.orig or error).strip().partition("\n")[0]
        yield wrong("database", f"does not answer: {said}", "start it, or correct DATABASE_URL")
        return
    yield ok("database", f"{name} answers in {(time.monotonic() - began) * 1000:.0f} ms")
    db.let_go()  # the next question has a connection of its own
    yield schema(is_current=migrations.is_current(db.engine()), is_usable=migrations.is_usable(db.engine()))
    if settings.is_sqlite:
        yield sqlite_durability(*database_state.sqlite_journal())
    else:
        yield postgresql_durability(database_state.postgresql_settings(*LOST_BY))
        yield pool(settings, database_state.connections_allowed(), on_dyno="DYNO" in environ)
        yield clock("database", database_now(), db.now())


def schema(*, is_current: bool, is_usable: bool) -> Finding:
    """Whether the tables are those of this release, or can be served by it."""
    if is_current:
        return ok("migrations", "the tables are up to date")
    if is_usable:
        advice = "nothing, if you have gone back a release; else update this one too"
        return warn("migrations", "the tables are of a later release, which this one can serve", advice)
    return wrong("migrations", "the tables are of another release", "run `python -m chatapp migrate`")


def postgresql_durability(settings: Mapping[str, str]) -> Finding:
    """Whether what was committed is there after a power cut."""
    off = [name for name in LOST_BY if settings[name] == "off"]
    if off:
        return wrong("durability", "; ".join(f"{name} is off: {LOST_BY[name]}" for name in off), "turn it on")
    return ok("durability", ", ".join(f"{name} {value}" for name, value in settings.items()))


def sqlite_durability(journal: str, synchronous: str) -> Finding:
    """The same for a file."""
    if journal == "memory":
        return wrong("durability", "the database is in memory: a restart forgets it", "name a file in DATABASE_URL")
    if journal != "wal":
        return wrong("durability", f"journal_mode is {journal}", "put the file on a disk of this machine")
    if synchronous not in ENOUGH:
        return wrong("durability", f"synchronous is {synchronous}: a power cut loses messages", "install chatapp anew")
    return ok("durability", f"journal_mode {journal}, synchronous {synchronous}")


def pool(settings: Settings, allowed: int, *, on_dyno: bool = False) -> Finding:
    """Whether all workers together get the connections that they may want, also while new ones replace old ones."""
    workers, each = settings.web_concurrency, settings.database_pool_size
    most = workers * each
    says = f"{workers} workers x {each} = {most} connections, of {allowed} that we may have"
    if most > allowed:
        return wrong("pool", says, f"{_fitting(workers, allowed)}, fewer workers, or a larger max_connections")
    # There the old dyno goes on beside the new one; elsewhere a reload has one new worker beside the old ones.
    at_once, when = (2 * workers, "a deploy") if on_dyno else (workers + bool(settings.redis_url), "a reload")
    if at_once * each + SPARE_CONNECTIONS > allowed:
        while_replaced = f", and {at_once} workers during {when}" if at_once > workers else ""
        advice = f"{_fitting(at_once, allowed)} or fewer workers, and leave {SPARE_CONNECTIONS} for `python -m chatapp`"
        return warn("pool", f"{says}{while_replaced}", advice)
    return ok("pool", says)


def _fitting(workers: int, allowed: int) -> str:
    return f"DATABASE_POOL_SIZE={max(LEAST_OF_A_WORKER, (allowed - SPARE_CONNECTIONS) // workers)}"
