"""What a refused request must leave behind: an exact answer, and otherwise nothing. No value echoed, no line in a log, no row changed."""

import hashlib
import json
import logging
from contextlib import contextmanager
from uuid import UUID

from sqlmodel import SQLModel

from app.journal import service as journal

CANARY = "Qx7canary"
NUMBER = "8675309"
FOLDED = ("case_fact", "case_folded", "journal_head", "journal_node", "checkpoint")
"""Recognisable parts of bad values: a text, and digits. `FOLDED` are tables that follow from what others hold."""


def told(answer):
    """Status, code and (pointer, code) of every fault of a refusal."""
    assert answer.headers["content-type"] == "application/problem+json", answer.headers
    shown = answer.json()
    assert (shown["type"], shown["status"], shown["request_id"]) == ("about:blank", answer.status_code, answer.headers["x-request-id"])
    return answer.status_code, shown["code"], [(each["pointer"], each["code"]) for each in shown["errors"]]


def result_of(answer):
    """The same of the only result of a batch, as if it had been sent alone."""
    assert answer.status_code == 200, answer.text
    (found,) = answer.json()["results"]
    assert (found["status"], found["retryable"], found.get("receipt")) == ("invalid", False, None)
    return 422, found["code"], [(each["pointer"], each["code"]) for each in found["errors"]]


def tables(server):
    """Of every table: how many rows it has, and one digest of all that stands in them."""
    found = {}
    with server.store.read() as session:
        connection = session.connection()
        for table in (each for each in SQLModel.metadata.sorted_tables if each.name not in FOLDED):
            # That somebody asked for another programme's things is all that may be noted of it.
            query = table.select().where(table.c.kind != "access.refused") if table.name == "journal" else table.select()
            rows = sorted(repr(tuple(row)) for row in connection.execute(query))
            found[table.name] = len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def verify_journal(server):
    """Recompute every log of the journal; how many entries they hold together."""
    with server.store.read() as session:
        logs = [row[0] for row in session.connection().exec_driver_sql("SELECT log FROM journal_head")]
        return sum(journal.verify(session, each if isinstance(each, UUID) else UUID(each)) for each in logs)


def lines(caplog):
    """All that the server logged, arguments and extra facts included. The client of the tests logs addresses, which is its own affair."""
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    return "\n".join(f"{record.getMessage()} {record.__dict__}" for record in ours)


def is_silent(answer, caplog, *canaries):
    """Whether no planted value came back: not in the body, in whatever spelling, not in a header, not in a log."""
    body = answer.text + json.dumps(answer.json(), ensure_ascii=False) if answer.content else ""
    seen = body + str(answer.headers) + lines(caplog)
    return not any(canary in seen for canary in canaries or (CANARY, NUMBER))


@contextmanager
def nothing_written(server):
    """Whatever is asked within changes no row of any table, and leaves a journal that holds."""
    before = tables(server)
    yield
    after = tables(server)
    assert after == before, {name: (before[name][0], after[name][0]) for name in before if before[name] != after[name]}
    verify_journal(server)


@contextmanager
def listening(caplog):
    """Everything is logged that can be, and no line of it is an internal fault."""
    caplog.clear()
    with caplog.at_level(logging.DEBUG):
        yield
    assert "internal fault" not in lines(caplog)
