"""The command line: `python3 -m app …`, and `hearsight …` once installed."""

import importlib
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
import uvicorn
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from pydantic import SecretStr, TypeAdapter, ValidationError
from sqlalchemy.exc import OperationalError

from app import __version__, logs
from app.accounts import enrolment, service
from app.accounts.callers import TokenReader
from app.accounts.passwords import Passwords
from app.accounts.schemas import Newcomer, Password, Username
from app.accounts.sign_in import SignIn
from app.evidence import sweeping
from app.journal.bundle import Exporter, Sources
from app.journal.errors import Unsound
from app.journal.models import SERVER_LOG
from app.kit import clock, keys, migrations, qr
from app.kit.database import Database
from app.kit.durability import Unsafe
from app.kit.errors import NOT_FOUND, Problem
from app.kit.keys import KeyFault
from app.kit.migrations import WrongSchema
from app.kit.store import Store
from app.main import checkpoints_of, close_store, create_app, describe, open_store, vault_of
from app.observations import custody
from app.settings import Settings
from app.summaries.aggregates import folding
from app.taxonomy.catalogue import current
from app.workbooks import forms

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "openapi" / "openapi.json"
FAILED = 1
MISSING_TOOL = 2
CANNOT_SIGN = 5
SERVER = "(server)"
"""The log of what belongs to no programme; no slug is written like this."""
BAD_CONFIGURATION = 78
"""EX_CONFIG of `sysexits.h`: what a supervisor must not try again."""

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Hearsight: trial monitoring.")
account = typer.Typer(no_args_is_help=True, help="People who sign in.")
cli.add_typer(account, name="account")
journal = typer.Typer(no_args_is_help=True, help="What happened, and proof of it.")
cli.add_typer(journal, name="journal")
cli.add_typer(forms, name="forms")
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


def refuse(reason: object, code: int = FAILED) -> typer.Exit:
    """Say why on one line, and give the exit to raise."""
    print(f"hearsight: {reason}", file=sys.stderr)
    return typer.Exit(code)


@contextmanager
def opened(settings: Settings, *, is_checked: bool = True) -> Iterator[Store]:
    """The store of a server that is fit to run; exit 78 with one line where it is not.

    `is_checked`: whether its journal must go on from what was signed.
    """
    try:
        store = open_store(settings, is_checked=is_checked)
    except (KeyFault, WrongSchema, Unsafe, Unsound) as fault:
        raise refuse(fault, BAD_CONFIGURATION) from None
    except OperationalError:
        raise refuse("the database cannot be opened; is it there, and did `python3 -m app migrate` run?", BAD_CONFIGURATION) from None
    try:
        yield store
    finally:
        close_store(store)


@cli.command()
def serve(host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve the API until it is told to stop."""
    settings = Settings()
    logs.configure(settings.log_level)
    logs.guard()
    with opened(settings):
        pass
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(f"Hearsight {__version__} on http://{host}:{port}", file=sys.stderr, flush=True)
    uvicorn.run(
        create_app(settings),
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )


@cli.command()
def migrate() -> None:
    """Make the data folder and the keys where they are missing, and bring the database to this release's schema."""
    settings = Settings()
    os.umask(0o077)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys.make(settings.key_files)
    database = Database(settings.address)
    try:
        for step in pending(database):
            migrations.upgrade(database, step.revision)
            print(f"{step.revision}  {step.doc}")
        migrations.check(database)
    except WrongSchema as fault:
        raise refuse(fault, BAD_CONFIGURATION) from None
    finally:
        database.close()
    print("The database has this release's schema.")


def pending(database: Database) -> list[Script]:
    """The migrations that a database still needs, oldest first; none for a schema that this release does not know."""
    script = ScriptDirectory.from_config(migrations.config())
    with database.reading.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    steps = list(script.walk_revisions())
    known = [step.revision for step in steps]
    if current is not None and current not in known:
        return []
    return list(reversed(steps[: known.index(current) if current is not None else None]))


@cli.command("fold")
def fold_cases(*, programme: Annotated[str | None, typer.Option(metavar="SLUG", help="The cases of this programme only.")] = None) -> None:
    """Fold every case whose facts are older than what was filed: after an upgrade, or when aggregates answer `folding`."""
    with opened(Settings()) as store:
        is_found = folding.renew_all(store, current(), programme, tell_folded)
    if programme is not None and not is_found:
        raise refuse("there is no such programme")


def tell_folded(programme: str, done: int, due: int) -> None:
    """Print how far a programme has been folded: at every tenth of it."""
    if not done or done == due or done * 10 // due > (done - 1) * 10 // due:
        print(f"{programme}: {done} of {due} cases")


def logs_of(store: Store) -> dict[UUID, str]:
    """Every log with its programme's slug, in the order of ids."""
    with store.read() as session:
        return {SERVER_LOG: SERVER, **service.slugs(session)}


@journal.command("checkpoint")
def sign_checkpoints() -> None:
    """Sign what every log holds now, and print each size with its root. Exit 5 where a log is not what was written or signed before."""
    settings = Settings()
    refused = 0
    with opened(settings, is_checked=False) as store:
        checkpoints = checkpoints_of(settings, store)
        for log, name in logs_of(store).items():
            try:
                made = checkpoints.issue(log)
            except Unsound as fault:
                refuse(fault)
                refused += 1
            else:
                print(f"{name}  {made.size}:{made.root.hex()}")
    if refused:
        raise typer.Exit(CANNOT_SIGN)


@journal.command("export")
def export_journal(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The bundle; a file that is there is left alone.")],
    *,
    programme: Annotated[str | None, typer.Option(metavar="SLUG", help="Whose log; the server's own where it is left out.")] = None,
    openings: Annotated[
        bool, typer.Option("--openings", help="With what observers wrote, so that it can be held against the log.")
    ] = False,
) -> None:
    """Write all that anybody needs to check a log without the server.

    Exit 5 where it could not be signed; it is written all the same.
    """
    settings = Settings()
    os.umask(0o077)
    with opened(settings, is_checked=False) as store:
        log = next((each for each, name in logs_of(store).items() if name == (programme or SERVER)), None)
        if log is None:
            raise refuse("there is no such programme")
        exporter = Exporter(store.database, store.writer, checkpoints_of(settings, store), Sources(custody.stored, custody.openings))
        try:
            made = exporter.export(log, file, with_openings=openings)
        except OSError as fault:
            raise refuse(f"{file} cannot be written: {fault.strerror}") from None
    if made.checkpoint is None:
        raise refuse(f"{file} holds {made.size} entries, but no checkpoint over them was signed: {made.fault}", CANNOT_SIGN)
    print(f"{file} holds {made.size} entries. Keep this on paper: {made.size}:{made.checkpoint.root.hex()}")


@cli.command()
def version() -> None:
    """The version of this release."""
    print(__version__)


@cli.command()
def openapi(*, check: bool = False, write: bool = False) -> None:
    """Print the OpenAPI document, write it to its file, or check that the file is the same."""
    made = json.dumps(describe().openapi(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    if write:
        DOCUMENT.parent.mkdir(exist_ok=True)
        DOCUMENT.write_text(made, encoding="utf-8")
    elif not check:
        print(made, end="")
    elif not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != made:
        raise refuse("openapi/openapi.json is not what the application serves; run `python3 -m app openapi --write`")


@cli.command()
def enrol(
    *,
    programme: Annotated[str, typer.Option(metavar="SLUG")],
    member: Annotated[str, typer.Option(metavar="CODE", help="The observer's code in the programme.")],
    minutes: Annotated[int, typer.Option(min=5, max=10_080, help="How long the code is good.")] = 1440,
    address: Annotated[str | None, typer.Option(metavar="URL", help="Where the phone reaches the server.")] = None,
) -> None:
    """Print a code that enrols one phone of an observer, once: in letters and as a QR code."""
    settings = Settings()
    reached = (address or settings.public_address or "").rstrip("/")
    if not reached.startswith(("https://", "http://")):
        raise refuse("say where phones reach the server: --address https://…, or HEARSIGHT_PUBLIC_ADDRESS")
    with opened(settings) as store:
        try:
            made = store.write(lambda session: enrolment.make_for(session, programme, member, minutes, keys=store.keys, address=reached))
        except Problem as problem:
            raise refuse("there is no such member" if problem.kind is NOT_FOUND else problem.kind.code) from None
    print(f"{made.code}   good once, until {clock.stamp(made.expires_at)}\n{made.payload}\n{qr.terminal(made.payload)}")


@cli.command("sweep")
def sweep_files(*, remove: Annotated[bool, typer.Option("--remove", help="Remove them; nothing brings them back.")] = False) -> None:
    """Count the pieces that a crash left among the files and that belong to none of them, once they are a day old."""
    settings = Settings()
    with opened(settings) as store:
        try:
            number, size = sweeping.sweep(store, vault_of(settings, store), is_removing=remove)
        except Problem as problem:
            raise refuse(problem.kind.code) from None
    print(f"{number} pieces of {size} bytes belong to no file{'; they were removed.' if remove else '. `sweep --remove` removes them.'}")


@account.command("create")
def create_account(
    name: str,
    *,
    operator: bool = False,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")] = False,
) -> None:
    """Make an account. Without a password on standard input, a one-time secret is printed with which the person sets one."""
    username, password = checked(name, sys.stdin.readline().rstrip("\r\n") if password_stdin else None)
    with opened(Settings()) as store:
        newcomer = prepared(store, username, password)
        made = store.write(lambda session: service.open_account(session, newcomer, is_operator=operator))
    if made is None:
        raise refuse("that name is taken")
    print("The account was made.")
    tell_secret(newcomer)


@account.command("secret")
def renew_secret(name: str) -> None:
    """Print a new one-time secret for somebody who lost a password; the old one holds until the secret is used."""
    username, _ = checked(name, None)
    with opened(Settings()) as store:
        newcomer = prepared(store, username, None)
        is_found = store.write(lambda session: service.renew_secret(session, newcomer))
    if not is_found:
        raise refuse("there is no such account")
    tell_secret(newcomer)


@account.command("disable")
def disable_account(name: str) -> None:
    """Keep an account out, from its next request on."""
    switch(name, is_active=False)


@account.command("enable")
def enable_account(name: str) -> None:
    """Let an account in again."""
    switch(name, is_active=True)


def switch(name: str, *, is_active: bool) -> None:
    """Let an account in or keep it out."""
    username, _ = checked(name, None)
    with opened(Settings()) as store:
        if not store.write(lambda session: service.switch_account(session, username, is_active=is_active)):
            raise refuse("there is no such account")
    print("The account is active." if is_active else "The account is disabled.")


def checked(name: str, password: str | None) -> tuple[str, str | None]:
    """A user name and a password as the API takes them; what is wrong with them is told by a code."""
    try:
        username: str = TypeAdapter(Username).validate_python(name)
        given: SecretStr | None = TypeAdapter(Password).validate_python(password) if password is not None else None
    except ValidationError as error:
        raise refuse(error.errors(include_url=False, include_input=False)[0]["type"]) from None
    return username, given.get_secret_value() if given else None


def prepared(store: Store, username: str, password: str | None) -> Newcomer:
    """What an account would be opened with."""
    try:
        return SignIn(store, TokenReader(store.keys), Passwords()).newcomer(username, password)
    except Problem as problem:
        raise refuse(problem.kind.code) from None


def tell_secret(newcomer: Newcomer) -> None:
    """Print a one-time secret, where there is one."""
    if newcomer.secret is not None:
        print(f"One-time secret, good for seven days: {newcomer.secret}")


@cli.command("test", context_settings=PASS_ON)
def run_tests(rest: typer.Context, *, browser: bool = False, clients: bool = False, stores: bool = False) -> None:
    """Run the tests; further arguments go to pytest.

    `--browser` and `--clients` run what needs Chromium or Node instead, `--stores` what stores must do on an S3 server too.
    """
    suites = {
        "tests/browser": (browser, "chromium"),
        "tests/clients/tus": (clients, "node"),
        "tests/clients/typescript": (clients, "node"),
        "tests/clients/webform": (clients, "node"),
    }
    chosen = [folder for folder, (is_asked, _) in suites.items() if is_asked]
    for folder in chosen:
        tool = suites[folder][1]
        if shutil.which(tool) is None:
            raise refuse(f"{folder} needs {tool}, which is not installed", MISSING_TOOL)
        if not (ROOT / folder).is_dir():
            raise refuse(f"this release has no {folder}", MISSING_TOOL)
    others = [f"--ignore={folder}" for folder in suites if folder not in chosen]
    if stores:
        if not (Path(sys.executable).parent / "moto_server").exists():
            raise refuse("an S3 server needs moto, which is not installed: tests/stores/requirements.lock", MISSING_TOOL)
        os.environ["HEARSIGHT_TEST_STORES"] = "s3"
        chosen.append("tests/stores")
    raise typer.Exit(run("pytest", "-n", "2", *others, *chosen, *rest.args))


@cli.command(context_settings={**PASS_ON, "help_option_names": []})
def bench(rest: typer.Context) -> None:
    """Measure the throughput of this machine."""
    raise typer.Exit(run("tests.benchmarks", *rest.args))


@cli.command(context_settings={**PASS_ON, "help_option_names": []})
def drill(rest: typer.Context) -> None:
    """Break a server on purpose, and count what was acknowledged, stored, lost and doubled."""
    raise typer.Exit(run("tests.drills", *rest.args))


@cli.command(context_settings={**PASS_ON, "help_option_names": []})
def demo(rest: typer.Context) -> None:
    """Show the main job, end to end, on a database of its own."""
    # Looked up by name, so that serving does not load the demonstration and its data.
    raise typer.Exit(importlib.import_module("app.demo.main").main(rest.args))


def run(module: str, *arguments: str) -> int:
    """The exit code of a module, run in this environment from the project's folder."""
    return subprocess.call([sys.executable, "-m", module, *arguments], cwd=ROOT)  # noqa: S603 - a module of ours, and the user's own arguments


def main() -> None:
    """Run a command."""
    cli()
