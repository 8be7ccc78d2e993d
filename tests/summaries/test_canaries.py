"""Names planted wherever somebody may type turn up in no summary, trace, error, log line or journal leaf."""

import io
import json
import logging
import sys

import pytest

from app import logs
from tests.support.player import play
from tests.support.reference import a_variant

SEEDS = (3, 7, 13)
QUIETED = ("uvicorn", "uvicorn.error", "uvicorn.access", "sqlalchemy", "alembic")


@pytest.fixture
def log_lines(monkeypatch):
    """Everything that the process logs at DEBUG, as the product writes it."""
    root, others = logging.getLogger(), [logging.getLogger(name) for name in QUIETED]
    before = root.handlers[:], root.level, [(each, each.level, each.propagate) for each in others]
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.configure("DEBUG")
    yield stream
    root.handlers[:], root.level = before[0], before[1]
    for each, level, propagates in before[2]:
        each.level, each.propagate = level, propagates


def planted(text, canaries):
    return [each["text"] for each in canaries if each["text"] in text or json.dumps(each["text"])[1:-1] in text]


def errors_about(run):
    """What the server answers when the same filings come again spoilt: another content, an unknown term, an unknown field, half a body."""
    for each in run.played:
        if each.stage == "observations":
            token = run.player.token_of(each.request["as"])
            spoilt = {**each.body["answers"], "note": f"{each.body['answers'].get('note', '')} again"}
            unknown = {**each.body["answers"], "confidence": each.body["answers"].get("note", "?")}
            for answers in (spoilt, unknown):
                yield run.server.post("/v1/observations", {**each.body, "answers": answers}, token=token)
            yield run.server.post("/v1/observations", {**each.body, each.body["answers"].get("note", "more"): 1}, token=token)
            half = json.dumps(each.body, ensure_ascii=False).encode()[:-1]
            yield run.server.post("/v1/observations", content=half, headers={"Content-Type": "application/json"}, token=token)


def everything_read(run):
    for lang in ("en", "ru", "kk"):
        for name in run.summaries():
            summary = run.summary(name, lang=lang, statuses="accepted,submitted")
            yield json.dumps(summary, ensure_ascii=False)
            if lang == "en":
                for figure in summary["figures"]:
                    yield run.get(figure["trace"]["href"]).text


@pytest.mark.parametrize("dialect", ["sqlite"])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_planted_name_comes_out(server, log_lines, seed):
    filings = a_variant(seed, canaries=True)
    run = play(server, filings)
    canaries = filings["canaries"]
    assert planted("".join(run.texts), canaries), "a coordinator reads her own titles: what looks for names finds them"
    assert [found for text in everything_read(run) if (found := planted(text, canaries))] == []
    errors = list(errors_about(run))
    assert {each.status_code for each in errors} >= {400, 409, 422}
    assert [found for each in errors if (found := planted(each.text, canaries))] == []
    with server.store.read() as session:
        leaves = session.connection().exec_driver_sql("SELECT leaf FROM journal").scalars().all()
    assert len(leaves) > len(run.played) / 2
    assert planted(b"".join(leaves).decode(), canaries) == []
    lines = log_lines.getvalue()
    assert lines.count('"event":"request"') > len(run.played)
    assert planted(lines, canaries) == []
