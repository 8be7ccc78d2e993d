"""What may stand in a log, and what cannot whatever a line of code says: by name, by shape, of ourselves and of others."""

import ast
import io
import json
import logging
import re
import sys
import threading
import warnings

import pytest
import sqlalchemy as sa

from app import logs
from app.kit import durability
from app.kit.database import Database
from app.kit.whereabouts import place_of
from tests.support.house import ROOT
from tests.support.leaks import MARK

ID = "01a2109c-ff7a-70b7-9d08-b7b59a87f26c"


@pytest.fixture
def stream(monkeypatch):
    """What the process logs at DEBUG, as the product writes it."""
    written = io.StringIO()
    before = {name: vars(logging.getLogger(name)).copy() for name in logs._QUIET}
    logs.configure("DEBUG", written)
    yield written
    for name, state in before.items():
        vars(logging.getLogger(name)).update(state)


def told(stream):
    """Every line, without its time."""
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    return [{name: value for name, value in line.items() if name != "at"} for line in lines]


def say(message, *given, name="hearsight.x", **facts):
    logging.getLogger(name).error(message, *given, extra={"facts": facts})


def test_a_line_tells_an_event_and_allowed_facts(stream):
    about = {"route": "/v1/cases/{case_id}", "method": "GET", "status": 404, "ms": 1.5, "request_id": "0123456789abcdef", "programme": ID}
    say("request", **about)
    assert told(stream) == [{"level": "ERROR", "event": "request", **about}]


def test_a_fact_that_is_not_allowed_is_left_out(stream):
    say("request", status=404, username=MARK, path=f"/v1/cases/{MARK}", query="q=1", body={}, parameters=[1])
    assert told(stream) == [{"level": "ERROR", "event": "request", "status": 404}]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("route", "/v1/cases/Амберова"),
        ("route", "/v1/cases?q=1"),
        ("method", "AMBEROVA"),
        ("status", "amberova"),
        ("request_id", "Amberova"),
        ("code", "no case of Amberova"),
        ("fault", "no case of Amberova"),
        ("where", "in the case of Amberova"),
        ("programme", "amberova"),
        ("setting", "a=b"),
        ("count", "many"),
        ("ms", float("nan")),
    ],
)
def test_a_fact_that_does_not_have_the_shape_of_its_name_is_left_out(stream, name, value):
    say("request", **{name: value})
    assert told(stream) == [{"level": "ERROR", "event": "request"}]


def test_an_event_is_a_constant_or_it_is_not_told(stream):
    say("no case of %s", "Amberova")
    say("No case of Amberova!")
    say({"username": MARK})
    assert told(stream) == [{"level": "ERROR", "event": "hearsight.x"}] * 3


def test_of_others_no_word_is_told(stream):
    for name in ("uvicorn.error", "sqlalchemy.engine", "psycopg", "alembic", "asyncio", "python_multipart.multipart", "somebody.else"):
        say(f"the body was {MARK}", name=name)
        logging.getLogger(name).debug("the body was %s", MARK)
        logging.getLogger(name).info("the body was %s", MARK)
    assert MARK not in stream.getvalue()
    assert {line["level"] for line in told(stream)} == {"ERROR"}


def test_a_faults_text_is_left_out_and_its_class_and_line_are_told(stream, server):
    try:
        int(MARK)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
    assert told(stream) == [{"level": "ERROR", "event": "uvicorn.error", "fault": "ValueError", "where": "unknown"}]
    server.app.state.load_scope = None
    assert server.get("/v1/me", token=MARK).status_code == 500
    fault = next(line for line in told(stream) if line["event"] == "internal fault")
    assert fault["fault"] == "TypeError"
    assert re.fullmatch(r"app\.kit\.access:\d+", fault["where"])


def test_the_place_of_a_fault_is_the_last_line_of_ours():
    from app.kit.ids import parse_id

    with pytest.raises(TypeError) as caught:
        parse_id(7)
    assert re.fullmatch(r"app\.kit\.ids:\d+", place_of(caught.value))
    assert (place_of(ValueError(MARK)), place_of(None)) == ("unknown", "unknown")


def test_a_log_that_cannot_be_written_is_no_reason_to_print_elsewhere(stream, capsys):
    stream.close()
    say("request")
    assert capsys.readouterr() == ("", "")


def test_a_fact_of_a_type_that_json_does_not_know_leaves_one_constant_line(stream):
    class Odd:
        def __str__(self):
            return "1"

    say("request", count=Odd())
    assert stream.getvalue() == '{"event":"a line could not be written"}\n'


@pytest.fixture
def guarded(stream, monkeypatch):
    """The interpreter with its last words under guard, for one test."""
    for where, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook"), (warnings, "showwarning")):
        monkeypatch.setattr(where, name, getattr(where, name))
    # Whoever captured warnings in a test before and left it so would make the next capture do nothing.
    logging.captureWarnings(capture=False)
    logs.guard()
    yield stream
    logging.captureWarnings(capture=False)


def test_what_nobody_caught_tells_its_class_and_no_text(guarded, capsys):
    fault = ValueError(MARK)
    sys.excepthook(ValueError, fault, None)
    threading.excepthook(threading.ExceptHookArgs((ValueError, fault, None, None)))
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.showwarning(UserWarning(MARK), UserWarning, "file", 1)
    uncaught = {"level": "CRITICAL", "event": "uncaught fault", "fault": "ValueError", "where": "unknown"}
    # Other threads of the process may write lines meanwhile.
    lines = told(guarded)
    assert lines.count(uncaught) == 2
    assert {"level": "WARNING", "event": "py.warnings"} in lines
    assert MARK not in guarded.getvalue()
    assert capsys.readouterr() == ("", "")


def log_calls():
    """Every call of a logger in the program: file, line, and the call."""
    for file in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
            if is_call and node.func.value.id in ("log", "logger", "logging") and node.func.attr in LEVELS:
                yield f"{file.relative_to(ROOT)}:{node.lineno}", node


LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def test_every_event_of_the_program_is_a_constant_and_every_fact_has_an_allowed_name():
    found = list(log_calls())
    assert len(found) > 5
    for where, call in found:
        (event,) = call.args
        assert isinstance(event, ast.Constant), where
        assert logs.EVENT.fullmatch(event.value), where
        assert {each.arg for each in call.keywords} <= {"extra"}, where
        for extra in call.keywords:
            (facts,) = extra.value.values
            assert {key.value for key in facts.keys if key is not None} <= set(logs.ALLOWED), where


def test_the_reference_lists_every_event_and_every_fact():
    page = (ROOT / "docs" / "reference" / "logs.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)
    events = {call.args[0].value for _, call in log_calls()} | {"request", "uncaught fault"}
    assert set(listed) == events | set(logs.ALLOWED)
    assert len(listed) == len(set(listed))


def test_postgresql_quotes_no_row_in_its_log(postgresql_templates):
    address = postgresql_templates.fresh()
    database = Database(address)
    columns = "id, username, username_key, is_operator, is_active, created_at"
    row = f"INSERT INTO account ({columns}) VALUES (gen_random_uuid(), %s, %s, false, true, now())"
    with database.writing.connect() as connection:
        connection.exec_driver_sql(row, ("quoted", "quoted-in-a-log"))
        for given in (("another", "quoted-in-a-log"), (None, "quoted-too")):
            with pytest.raises(sa.exc.IntegrityError), connection.begin_nested():
                connection.exec_driver_sql(row, given)
    database.close()
    said = postgresql_templates.log()
    assert "uq_account_username_key" in said
    assert "quoted" not in said
    postgresql_templates.drop(address)


def test_a_server_warns_where_postgresql_may_quote_what_it_is_sent(postgresql_templates, stream):
    address = postgresql_templates.fresh()
    postgresql_templates._run("CREATE ROLE plain LOGIN")
    plain = Database(sa.make_url(address).set(username="plain").render_as_string(hide_password=False))
    durability.tell_talkative(plain)
    warned = [line["setting"] for line in told(stream)]
    assert warned == ["log_min_error_statement", "log_error_verbosity", "log_parameter_max_length"]
    plain.close()
    for name, value in (("log_min_error_statement", "panic"), ("log_error_verbosity", "terse"), ("log_parameter_max_length", "0")):
        postgresql_templates._run(f"ALTER ROLE plain SET {name} = {value}")
    durability.tell_talkative(plain)
    assert [line["setting"] for line in told(stream)] == warned, "and not where its administrator said no"
    plain.close()
    postgresql_templates.drop(address)
    postgresql_templates._run("DROP ROLE plain")
