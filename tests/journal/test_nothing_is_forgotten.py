"""Every route that changes something leaves an entry; every kind of entry is written by something, and is explained with its facts."""

import json
import re
import time
from functools import cache
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.accounts import service as accounts
from app.accounts.schemas import Newcomer
from app.journal.bundle import Exporter, Sources
from app.journal.models import JournalEntry
from app.journal.schemas import EventKind
from app.kit import clock
from app.observations import custody
from tests.support.every_route import every_route
from tests.support.house import rows
from tests.support.in_earnest import House
from tests.support.journals import checkpoints_of
from tests.support.people import a_programme, sign_in
from tests.support.phones import a_phone
from tests.support.tus import Phone

READING = {"POST /v1/observations/receipts": "tells a phone what is stored", "OPTIONS /v1/attachments": "tells what uploads may be like"}
"""Routes that change nothing, although they take a body."""
CHANGING = [f"{method} {path}" for method, path, _ in every_route() if method != "GET"]


def told(server):
    """Every entry of every log: kind and leaf."""
    with server.store.read() as session:
        table = JournalEntry.__table__
        query = sa.select(table.c.kind, table.c.leaf).order_by(table.c.log, table.c.seq)
        return [(kind, json.loads(leaf)) for kind, leaf in session.connection().execute(query)]


@pytest.fixture(scope="module")
def carried_out(shared_servers):
    """Of each route, carried out in one house after the other: the answer, and how many entries there are more."""

    @cache
    def of(dialect):
        house, found = House(shared_servers(dialect)), {}
        for address in CHANGING:
            before = len(told(house.server))
            answer = house.carry_out(address)
            found[address] = answer, len(told(house.server)) - before
        return found

    return of


@pytest.mark.parametrize("address", CHANGING)
def test_every_route_that_changes_something_leaves_an_entry(carried_out, dialect, address):
    answer, grown = carried_out(dialect)[address]
    assert answer.is_success, (address, answer.status_code, answer.text)
    assert (grown == 0) == (address in READING), grown


def refused(house):
    """Another programme's case asked for, and waited for until it is noted."""
    stranger = a_programme(house.server)
    house.server.get(f"/v1/cases/{house.docket.case['id']}", token=stranger.token)
    until = time.monotonic() + 10
    while "access.refused" not in dict(told(house.server)) and time.monotonic() < until:
        time.sleep(0.01)


def replayed(house):
    """A refresh token used again after its successor was."""
    first = sign_in(house.server, house.things.observer.username).json()["refresh_token"]

    def refresh(token):
        return house.server.client.post("/v1/auth/token", data={"grant_type": "refresh_token", "refresh_token": token}).json()

    refresh(refresh(first)["refresh_token"])
    refresh(first)
    phone = a_phone(house.server, house.docket.programme, house.things.observer)
    token = phone.refresh_token
    phone.refresh(phone.refresh(token).json()["refresh_token"])
    phone.refresh(token)


def superseded(house):
    body = house.things.observation()
    house.server.post("/v1/observations", body, token=house.things.token)
    house.post(f"observations/{body['id']}/review", {"decision": "return", "reason": "So it is?"})
    second = house.things.observation(supersedes=body["id"])
    house.server.post("/v1/observations", second, token=house.things.token)
    for decided, decision in ((body, "accept"), (second, "accept"), (second, "return"), (second, "reject")):
        house.post(f"observations/{decided['id']}/review", {"decision": decision, "reason": "So it is."})
    house.server.post("/v1/observations", {**body, "captured_at": "2012-04-03T13:00:00+05:00"}, token=house.things.token)


def sent(house):
    """A file that is not what it was said to be, one that is looked at, and one whose rest does not come."""
    phone = Phone(house.server, house.things.token)
    about = {"programme_id": house.docket.programme.id}
    phone.part(phone.created(b"12345", **about, sha256="0" * 64), b"12345")
    phone.get(phone.sent(b"12345", **about))
    begun = phone.created(b"12345", **about)
    phone.part(begun, b"123")
    phone.expire(begun)


def read_again(house):
    """Why a hearing was locked."""
    hearing = house.made("hearings")["id"]
    house.post(f"hearings/{hearing}/lock", {"reason": "All of it was read."})
    house.server.get(f"/v1/hearings/{hearing}/locks", token=house.things.token)


def on_the_command_line(house, tmp_path):
    store = house.server.store
    newcomer = Newcomer("somebody", "somebody", None, "secret", clock.now())
    store.write(lambda session: accounts.open_account(session, newcomer, is_operator=False))
    store.write(lambda session: accounts.renew_secret(session, newcomer))
    for is_active in (False, True):
        store.write(lambda session, is_active=is_active: accounts.switch_account(session, "somebody", is_active=is_active))
    exporter = Exporter(store.database, store.writer, checkpoints_of(house.server), Sources(custody.stored, custody.openings))
    exporter.export(UUID(house.docket.programme.id), tmp_path / "bundle.zip", with_openings=False)


def test_every_kind_of_entry_is_written_and_explained_with_every_fact_that_it_holds(server, tmp_path):
    house = House(server)
    for address in CHANGING:
        house.carry_out(address)
    for happening in (refused, replayed, superseded, sent, read_again):
        happening(house)
    on_the_command_line(house, tmp_path)
    found = {}
    for kind, leaf in told(server):
        found.setdefault(kind, set()).update(leaf["facts"])
    # The cells come without the quotes around them.
    explained = {kind: set(re.findall(r"`([a-z_]+)`", f"`{facts}`")) for kind, _, facts in rows("reference/journal.md", "## Kinds")}
    assert set(found) == {kind.value for kind in EventKind} == set(explained)
    assert {kind: facts - explained[kind] for kind, facts in found.items() if facts - explained[kind]} == {}
