"""Prepares a server's database as an operator would, and runs the server beside the demonstration."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import httpx2
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from app.accounts import service
from app.accounts.callers import TokenReader
from app.accounts.passwords import Passwords
from app.accounts.sign_in import SignIn
from app.demo.folder import Folder
from app.kit import keys, migrations
from app.kit.database import POSTGRESQL, Database
from app.main import close_store, open_store
from app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
PATIENCE = 60.0
"""Seconds that a server may take to start: a slow disk and a busy machine together."""


class ServerError(Exception):
    """The server cannot run; the text says why on one line."""


def settings_of(folder: Folder, database: str | None) -> Settings:
    """The settings of the demonstration's server, whatever stands in the environment."""
    return Settings(
        data_dir=folder.path,
        database_url=database,
        token_keys_file=None,
        server_key_file=None,
        identity_key_file=None,
        docs="on",
        log_level="INFO",
    )


def require_empty(address: str) -> None:
    """Refuse a database that is not PostgreSQL, cannot be reached, or holds anything: the demonstration never mixes with real work."""
    try:
        url = sa.make_url(address)
        if url.get_backend_name() != POSTGRESQL:
            raise ServerError("--database takes a postgresql:// address; without it the demonstration makes an SQLite database of its own")
        if "connect_timeout" not in url.query:
            url = url.update_query_dict({"connect_timeout": "10"})
        tables = _tables(url.render_as_string(hide_password=False))
    except ArgumentError:
        raise ServerError("--database is not the address of a database") from None
    except SQLAlchemyError:
        raise ServerError("the database cannot be reached") from None
    if tables:
        raise ServerError("the database is not empty; the demonstration needs one of its own. Nothing was changed")


def _tables(address: str) -> list[str]:
    database = Database(address)
    try:
        with database.reading.connect() as connection:
            return sa.inspect(connection).get_table_names()
    finally:
        database.close()


def prepare(settings: Settings, operator: Mapping[str, str]) -> None:
    """Make the keys, bring the database to this release's schema, and open the operator's account."""
    keys.make(settings.key_files)
    try:
        _migrate(settings)
        _open_account(settings, operator)
    except SQLAlchemyError:
        raise ServerError("the database could not be prepared") from None


def _migrate(settings: Settings) -> None:
    database = Database(settings.address)
    try:
        migrations.upgrade(database)
    finally:
        database.close()


def _open_account(settings: Settings, operator: Mapping[str, str]) -> None:
    store = open_store(settings)
    try:
        newcomer = SignIn(store, TokenReader(store.keys), Passwords()).newcomer(operator["username"], operator["password"])
        store.write(lambda session: service.open_account(session, newcomer, is_operator=True))
    finally:
        close_store(store)


def choose_port(port: int | None) -> int:
    """The port asked for where it is free, else any free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port or 0))
        except (OSError, OverflowError):
            raise ServerError(f"port {port} cannot be used: something else listens there, or it is reserved") from None
        found: int = probe.getsockname()[1]
    return found


@dataclass
class Server:
    """A running server; `with` stops it at the end."""

    child: "subprocess.Popen[bytes]"
    address: str
    log: Path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.child.terminate()
        try:
            self.child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()

    def await_start(self) -> None:
        """Return once the server answers."""
        deadline = time.monotonic() + PATIENCE
        with httpx2.Client(base_url=self.address, trust_env=False) as client:
            while not _answers(client):
                if self.child.poll() is not None:
                    raise ServerError(f"the server did not start: {_last_line(self.log)}")
                if time.monotonic() > deadline:
                    raise ServerError(f"the server did not answer within {PATIENCE:.0f} seconds; {self.log.name} may say why")
                time.sleep(0.05)

    def await_end(self) -> None:
        """Return when the server has ended by itself."""
        self.child.wait()
        raise ServerError(f"the server ended: {_last_line(self.log)}")


def start(settings: Settings, folder: Folder, port: int) -> Server:
    """Start `python3 -m app serve` in a session of its own, so that Ctrl-C reaches it through us and only once."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HEARSIGHT_")}
    environment |= {"HEARSIGHT_ENV": "off", "HEARSIGHT_DATA_DIR": str(settings.data_dir)}
    if settings.database_url is not None:
        environment["HEARSIGHT_DATABASE_URL"] = settings.database_url
    with folder.log.open("wb") as log:
        child = subprocess.Popen(  # noqa: S603 - this program, with a port of our choosing
            [sys.executable, "-m", "app", "serve", "--host", HOST, "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=(folder.lock,),
        )
    address = f"http://{HOST}:{port}"
    folder.note_server(address, child.pid)
    return Server(child, address, folder.log)


def _answers(client: httpx2.Client) -> bool:
    try:
        return client.get("/healthz").status_code == httpx2.codes.OK
    except httpx2.TransportError:
        return False


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else f"{log.name} is empty"
