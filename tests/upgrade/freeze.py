"""Freezes a populated database of the present schema on both databases: `python -m tests.upgrade.freeze`, at the end of a release.

The golden records are filed through the public API, reviewed and frozen as editions. A participant gets a name; one filing is corrected,
one held, one returned with a question; one comes from an enrolled phone, by a form of the programme's own; a hearing is locked. What
comes of it lies in a folder that is named by the schema, and is never written again: a set that exists is left alone.
"""

import argparse
import lzma
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from alembic.script import ScriptDirectory

from app.journal.models import SERVER_LOG
from app.kit import migrations
from tests.support import frozen
from tests.support.databases import DIALECTS, PostgresqlTemplates, SqliteTemplates
from tests.support.own_forms import Desk
from tests.support.phones import Phone, a_code
from tests.support.player import Run, play
from tests.support.reference import load_file
from tests.support.servers import Server

FILINGS = "zhanaozen_filings.json"


def main() -> int:
    """Freeze both databases; 1 where this schema was frozen already. Or follow a rule that was changed, with `--digests`."""
    parser = argparse.ArgumentParser(prog="python -m tests.upgrade.freeze", description=__doc__)
    parser.add_argument("--into", type=Path, default=frozen.FOLDER, help="the folder of all sets")
    parser.add_argument("--digests", action="store_true", help="instead: write down what summaries of the frozen sets say now")
    asked = parser.parse_args()
    if asked.digests:
        write_digests()
        return 0
    folder = asked.into / head()
    if folder.exists():
        sys.stderr.write(f"{folder.name} is frozen already, and stays as it is\n")
        return 1
    folder.mkdir(parents=True)
    expected = {dialect: freeze(dialect, folder) for dialect in DIALECTS}
    frozen.Frozen(folder).expect(expected)
    sys.stdout.write(f"{folder} holds {sum(each.stat().st_size for each in folder.rglob('*') if each.is_file())} bytes\n")
    return 0


def write_digests() -> None:
    """Where a rule was changed on purpose: the digests of summaries as they are now. Nothing else of a set may change."""
    for each in frozen.frozen_sets():
        expected = each.expected
        for dialect in DIALECTS:
            with tempfile.TemporaryDirectory() as place, fresh(dialect, Path(place)) as templates:
                data = Path(place) / "data"
                with each.upgraded(dialect, templates.empty(), data) as server:
                    expected[dialect]["summaries"] = frozen.said(server, expected[dialect])["summaries"]
        each.expect(expected)


def head() -> str:
    """The schema of this release."""
    found = ScriptDirectory.from_config(migrations.config()).get_current_head()
    assert found is not None
    return found


def freeze(dialect, folder):
    """Fill a database, dump it, and tell what it says."""
    with tempfile.TemporaryDirectory() as place, fresh(dialect, Path(place)) as templates:
        address, data = templates.fresh(), Path(place) / "data"
        data.mkdir()
        with Server(address, data) as server:
            run = play(server, load_file(FILINGS))
            fill_up(run)
            expected = told(run, address)
        dump = dump_sqlite(address) if dialect == "sqlite" else dump_postgresql(address)
        frozen.Frozen(folder).dump(dialect).write_bytes(lzma.compress(dump.encode(), preset=9 | lzma.PRESET_EXTREME))
        shutil.copytree(data / "keys", folder / dialect)
        for key in (folder / dialect).iterdir():
            key.chmod(0o644)
    return expected


@contextmanager
def fresh(dialect: str, folder: Path) -> Iterator[SqliteTemplates | PostgresqlTemplates]:
    """What makes databases of a kind."""
    if dialect == "sqlite":
        yield SqliteTemplates(folder)
        return
    with closing(PostgresqlTemplates(folder)) as templates:
        yield templates


def fill_up(run: Run) -> None:
    """What the golden records do not hold: a name, a correction, a held filing, what a phone sends, a lock, and editions."""
    token = run.player.token_of("OBS1")
    person = next(id_ for symbol, id_ in run.player.ids.items() if symbol.startswith("$participant:"))
    answer = run.server.put(f"/v1/participants/{person}/identity", {"names": [{"text": "A. Specimen"}]}, token=run.token)
    assert answer.status_code == 204, answer.text
    body = next(each.body for each in run.played if each.request["as"] == "OBS1" and "answers" in (each.body or {}))
    corrected = {**body, "id": str(uuid4()), "supersedes": body["id"], "captured_at": "2026-11-25T10:00:00+05:00"}
    held = {**body, "id": str(uuid4()), "supersedes": str(uuid4())}
    for filing, status in ((corrected, 201), (held, 202)):
        answer = run.server.post("/v1/observations", filing, token=token)
        assert answer.status_code == status, answer.text
    bring_a_phone(run, corrected)
    for code in run.cases():
        answer = run.server.post(f"/v1/cases/{run.case(code)}/editions", token=run.token)
        assert answer.status_code == 201, answer.text


def bring_a_phone(run: Run, returned: dict[str, Any]) -> None:
    """A form of the programme's own, filled on an enrolled phone whose observer is asked something; then the hearing is locked."""
    programme = SimpleNamespace(id=run.programme, token=run.token)
    Desk(run.server, programme).published()
    member = SimpleNamespace(member_id=run.player.ids["$member:OBS1"])
    phone = Phone(run.server).enrolled(a_code(run.server, programme, member)["code"])
    assert run.server.get("/v1/bootstrap", token=phone.token).status_code == 200
    filing = {name: returned[name] for name in ("case_id", "hearing_id", "captured_at")}
    own = {"form": "custom", "form_code": "x_courthouse", "form_version": "1"}
    given = {"entrances": ["main"], "benches": 4, "basis": "seen"}
    answers = [{"question": question, "value": value} for question, value in given.items()]
    question = {"ids": [returned["id"]], "decision": "return", "reason": "Which of the two doors?"}
    hearing = f"/v1/hearings/{returned['hearing_id']}"
    for path, body, token in (
        ("/v1/observations", {"id": str(uuid4()), **own, **filing, "answers": answers}, phone.token),
        ("/v1/reviews", question, run.token),
        (f"{hearing}/lock", {"reason": "All is read."}, run.token),
    ):
        answer = run.server.post(path, body, token=token)
        assert answer.is_success, answer.text


def told(run: Run, address: str):
    """What must still be so after every upgrade."""
    coordinator = run.filings["accounts"][run.filings["reviews"]["as"]]
    cases = [f"/v1/cases/{run.case(code)}" for code in run.cases()]
    expected = {
        "signs_in": [coordinator["username"], coordinator["password"]],
        "observations": frozen.filed(address),
        "summaries": [f"/v1/programmes/{run.programme}", *cases],
        "editions": [f"{case}/editions/1" for case in cases],
    }
    expected |= frozen.said(run.server, expected)
    # Last, for signing in to ask is an entry too.
    return {**expected, "logs": frozen.heads(address, [str(SERVER_LOG), run.programme])}


def dump_sqlite(address: str) -> str:
    with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as connection:
        return "\n".join(connection.iterdump()) + "\n"


def dump_postgresql(address: str) -> str:
    command = [frozen.tool("pg_dump"), "--no-owner", "--no-privileges", f"--dbname={address}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
