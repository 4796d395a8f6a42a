"""What the operator can do: `python -m chatapp migrate`, `python -m chatapp create-user` and so on."""

import json
import logging
import os
import sys

import click

from chatapp import config, create_app, db, doctor, migrations
from chatapp.actions import company, people, pruning
from chatapp.errors import ChatError
from chatapp.words import translate


@click.group()
def commands() -> None:
    """Run your own company chat."""


@commands.command()
def migrate() -> None:
    """Bring the database up to date, and print the set-up link while nobody has founded the company."""
    app = create_app()
    with app.app_context():
        if config.current().is_sqlite:
            # Made by whoever made the secret; where that is given, by nobody yet.
            config.INSTANCE.mkdir(mode=0o700, exist_ok=True)
        migrations.upgrade(db.engine())
        code = people.new_setup_code()
        click.echo("The database is up to date.")
        if code is not None:
            click.echo(f"Set up your company here: {_base_url()}/setup?code={code}")


@commands.command("create-user")
@click.option("--email", required=True, help="The address to sign in with.")
@click.option("--name", required=True, help="The name that others see.")
@click.option("--admin", is_flag=True, help="May administer people.")
def create_user(email: str, name: str, admin: bool) -> None:
    """Make an account; the password is read from standard input. Prints the person's id."""
    password = _password()
    with create_app().app_context():
        _refuse_old_tables()
        person = people.create_user(name, email, password, is_admin=admin)
        click.echo(person.id)


@commands.command("new-epoch")
def new_epoch() -> None:
    """After a restore: let every browser drop what it remembers, and reload."""
    with create_app().app_context():
        _refuse_old_tables()
        if not company.begin_epoch():
            raise click.ClickException("nobody has founded the company yet: there is nothing to forget")
        click.echo("A new epoch has begun: browsers drop what they remember when they come back.")


@commands.command("prune-uploads")
@click.option("--yes", is_flag=True, help="Also where the database knows little of what is stored.")
def prune_uploads(yes: bool) -> None:
    """Compare the store of files with the database, both ways: remove what is of no use, name what is lost."""
    with create_app().app_context():
        _refuse_old_tables()
        done = pruning.prune_uploads(is_sure=yes)
        click.echo(f"Removed {done.abandoned} files that nobody sent, and {done.deleted} that were deleted.")
        click.echo(f"Removed {done.unknown} that no message knows, and {done.unfinished} that never came whole.")
        if done.missing:
            # Their messages stay; whoever has a backup of the store knows what to look for.
            raise click.ClickException(f"the bytes of these uploads are missing: {', '.join(map(str, done.missing))}")


@commands.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_context
def examine(context: click.Context, as_json: bool) -> None:
    """Look whether this deployment is sound: a line for each check; exit code 1 when something is wrong."""
    # What a part says of itself by the log is said here in a sentence.
    logging.getLogger("chatapp").setLevel(logging.CRITICAL)
    findings = doctor.examine(create_app, os.environ)
    if as_json:
        findings = iter(found := list(findings))
        click.echo(json.dumps([finding.as_json() for finding in found]))
    is_wrong = False
    for finding in findings:
        is_wrong = is_wrong or finding.state is doctor.State.WRONG
        if not as_json:
            click.echo(finding.line())
    context.exit(1 if is_wrong else 0)


def main() -> int:
    """Run a command; what a person can mend is one line on standard error, and exit code 1."""
    # What went wrong is told at the end, in a sentence; only what nobody expected is worth a line of its own.
    logging.basicConfig(level=logging.ERROR, format="chatapp: %(message)s")
    try:
        status = commands.main(standalone_mode=False)
    except (config.ConfigError, click.ClickException) as error:
        click.echo(f"chatapp: {_line(error)}", err=True)
    except db.DatabaseAway as error:
        click.echo(f"chatapp: the database does not answer: {_first_line(error)}", err=True)
    except ChatError as error:
        click.echo(f"chatapp: {translate('en', f'error.{error.code}', **error.values)}", err=True)
    except click.Abort:
        click.echo("chatapp: stopped", err=True)
    else:
        return status or 0
    return 1


def _refuse_old_tables() -> None:
    if not migrations.is_usable(db.engine()):
        raise click.ClickException("the database is not up to date: run `python -m chatapp migrate` first")


def _line(error: Exception) -> str:
    return error.format_message() if isinstance(error, click.ClickException) else str(error)


def _first_line(error: db.DatabaseAway) -> str:
    # The driver's own words: SQLAlchemy's would add the statement with its values.
    return str(error.orig).partition("\n")[0]


def _password() -> str:
    if sys.stdin.isatty():
        password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return password
    return sys.stdin.readline().rstrip("\r\n")


def _base_url() -> str:
    settings = config.current()
    if settings.origin is not None:
        return settings.origin
    # Bound to every address, it cannot know by which one people come.
    is_anywhere = settings.host in ("0.0.0.0", "::")  # noqa: S104
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return "<your address>" if is_anywhere else f"http://{host}:{settings.port}"
