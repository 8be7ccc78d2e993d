"""`python3 -m app demo`: plays a trial through the public API of a server of its own, and prints what it adds up to."""

import argparse
import json
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import orjson
from rich.console import Console

from app.demo import folder as folders
from app.demo import server as servers
from app.demo.client import Client, TalkError, connect
from app.demo.findings import Findings, Reader, read_findings
from app.demo.folder import Folder, FolderError
from app.demo.page import console_of, page_of, put
from app.demo.player import Player, RefusedError, requests_of
from app.demo.server import Server, ServerError
from app.demo.telling import telling
from app.demo.whereto import Place, place_shown
from app.demo.words import Words
from app.kit import i18n

FILINGS = "zhanaozen.json"
OPERATOR = "OPERATOR"
PROGRAMME = "$programme"
FAILED = 1


class FileError(Exception):
    """A file cannot be written; the text says which, on one line."""


@dataclass(frozen=True)
class Wishes:
    """What was asked for on the command line."""

    once: bool
    json: Path | None
    port: int | None
    database: str | None
    lang: str


def main(arguments: Sequence[str]) -> int:
    """Run the demonstration; the exit code is 0, or 1 after one line that says what went wrong."""
    wishes = understand(arguments)
    console = console_of()
    try:
        with _ended_by_signals():
            demonstrate(wishes, console)
    except (FolderError, ServerError, TalkError, RefusedError, FileError) as fault:
        print(f"hearsight demo: {fault}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        console.print(f"\n{i18n.text('demo.stopped', wishes.lang)}")
    return 0


def understand(arguments: Sequence[str]) -> Wishes:
    """The wishes that the arguments say."""
    parser = argparse.ArgumentParser(prog="hearsight demo", description="Show the main job, end to end, on a database of its own.")
    parser.add_argument("--once", action="store_true", help="end after printing instead of leaving the server running")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the summaries to a file, as served")
    parser.add_argument("--port", type=int, metavar="N", help="listen there instead of on any free port")
    parser.add_argument("--database", metavar="URL", help="use an empty PostgreSQL database instead of SQLite")
    parser.add_argument("--lang", choices=i18n.LANGUAGES, default=i18n.FALLBACK, help="the language of the page")
    return Wishes(**vars(parser.parse_args(list(arguments))))


def demonstrate(wishes: Wishes, console: Console) -> None:
    """Everything, from an empty folder to the printed page; returns once the server has ended."""
    say = _sayer(wishes.lang)
    filings = load_filings()
    if wishes.json is not None:
        _write(wishes.json, "ab", b"")
    if wishes.database is not None:
        servers.require_empty(wishes.database)
    port = servers.choose_port(wishes.port)
    with ExitStack() as stack:
        folder = stack.enter_context(closing(folders.freshen(Path.cwd() / folders.NAME)))
        console.print(say("starting"))
        server = stack.enter_context(_started(wishes.database, folder, filings, port))
        server.await_start()
        client = connect(server.address)
        stack.callback(client.http.close)
        player = _played(console, say, filings, client)
        console.print(say("reading"))
        reader = _coordinator(filings)
        findings = read_findings(client, Reader(player.token_of(reader), player.ids[PROGRAMME], wishes.lang))
        _show(wishes, console, findings)
        if not wishes.once:
            account = filings["accounts"][reader]["username"]
            _stay(console, server, findings, _place(filings, account, server, folder, findings))
    console.print(f"\n{say('where.once')}", soft_wrap=True)


def load_filings() -> dict[str, Any]:
    """The requests of the demonstration and the accounts that send them."""
    found: dict[str, Any] = orjson.loads(files("app.demo").joinpath(FILINGS).read_bytes())
    return found


def _sayer(language: str) -> Callable[..., str]:
    return lambda key, **values: i18n.text(f"demo.{key}", language, **values)


def _started(database: str | None, folder: Folder, filings: dict[str, Any], port: int) -> Server:
    settings = servers.settings_of(folder, database)
    folder.write_accounts(filings["accounts"])
    servers.prepare(settings, filings["accounts"][OPERATOR])
    return servers.start(settings, folder, port)


def _played(console: Console, say: Callable[[str], str], filings: dict[str, Any], client: Client) -> Player:
    with telling(console, say, [stage for stage, _, _ in requests_of(filings)]) as progress:
        player = Player(filings, client.send, client.sign_in, progress)
        player.play()
    return player


def _coordinator(filings: dict[str, Any]) -> str:
    """Who accepts, and may therefore read."""
    return str(filings["reviews"]["as"])


def _show(wishes: Wishes, console: Console, findings: Findings) -> None:
    put(console, page_of(findings))
    if wishes.json is not None:
        _write(wishes.json, "wb", json.dumps(findings.served, ensure_ascii=False, indent=1).encode() + b"\n")
        console.print(f"\n{i18n.text('demo.written', wishes.lang, file=wishes.json)}", soft_wrap=True)


def _write(file: Path, mode: Literal["ab", "wb"], content: bytes) -> None:
    """Write a file whole, or try it by adding nothing before the work begins, so that no work is done for nothing."""
    try:
        with file.open(mode) as opened:
            opened.write(content)
    except OSError as error:
        raise FileError(f"{file} cannot be written: {error.strerror}") from None


def _place(filings: dict[str, Any], reader: str, server: Server, folder: Folder, findings: Findings) -> Place:
    names = [account["username"] for account in filings["accounts"].values()]
    case = next(iter(findings.told.values())).summary["case"]["id"]
    return Place(server.address, folder.shown, names, reader, f"/v1/cases/{case}/summary")


def _stay(console: Console, server: Server, findings: Findings, place: Place) -> None:
    put(console, place_shown(Words(findings.language, findings.taxonomy), place))
    server.await_end()


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """A closed terminal and a polite kill end the demonstration as Ctrl-C does, so that no server is left behind."""

    def end(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
