"""Structured logs by allow-list: what is not named here cannot be written, and what is named only in its own shape.

Neither messages of others nor texts of exceptions get through: of a fault, its class, and the line of ours where it arose.
"""

import logging
import re
import sys
import threading
from datetime import UTC, datetime
from typing import Any, TextIO

import orjson

from app.kit import clock
from app.kit.whereabouts import kind_of, place_of

OURS = "hearsight"
EVENT = re.compile(r"[a-z ]{1,60}")
"""An event is a constant of the source, in plain words."""

_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
ALLOWED = {
    name: re.compile(shape)
    for name, shape in {
        "route": r"unrouted|(?:/[A-Za-z0-9_.{}:-]*){1,12}",
        "method": r"GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS",
        "status": r"[0-9]{1,3}",
        "ms": r"[0-9]{1,9}(?:\.[0-9]+)?",
        "request_id": r"[0-9a-f]{16}",
        "code": r"[a-z_]{1,40}",
        "fault": r"[A-Za-z_][A-Za-z0-9_]{0,60}",
        "where": r"unknown|app(?:\.[a-z_]+){1,6}:[0-9]{1,5}",
        "programme": _ID,
        "setting": r"[a-z_]{1,60}",
        "count": r"[0-9]{1,12}",
    }.items()
}
_QUIET = (
    "uvicorn",
    "uvicorn.error",
    "uvicorn.access",
    "sqlalchemy",
    "alembic",
    "asyncio",
    "psycopg",
    "python_multipart",
    "httpx2",
    "httpcore2",
)


class Lines(logging.Formatter):
    """One JSON object a line: time, level, event, and allowed facts."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        at = clock.stamp(datetime.fromtimestamp(record.created, UTC))
        return orjson.dumps({"at": at, "level": record.levelname, "event": event_of(record), **facts_of(record)}).decode()


def event_of(record: logging.LogRecord) -> str:
    """What happened, where we say so ourselves; of others, no more than who they are."""
    is_ours = record.name.split(".")[0] == OURS and not record.args and isinstance(record.msg, str)
    return record.msg if is_ours and EVENT.fullmatch(record.msg) else record.name


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """The facts that may be shown: allowed by name, and each in the shape that its name has."""
    fault = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    about = {"fault": kind_of(fault), "where": place_of(fault)} if fault is not None else {}
    given = getattr(record, "facts", {})
    return {name: value for name, value in {**about, **given}.items() if name in ALLOWED and ALLOWED[name].fullmatch(str(value))}


def is_heard(record: logging.LogRecord) -> bool:
    """Whether a record is written: what others say only from warnings on, for their names alone tell nothing."""
    return record.levelno >= logging.WARNING or record.name.split(".")[0] == OURS


class Handler(logging.StreamHandler[TextIO]):
    """Writes lines; of one that cannot be written it says no more than that."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self.setFormatter(Lines())
        self.addFilter(is_heard)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - logging's own would print the record and its arguments
        """One constant line instead of the one that failed."""
        try:
            self.stream.write('{"event":"a line could not be written"}\n')
        except (OSError, ValueError):
            return


def configure(level: str, stream: TextIO | None = None) -> None:
    """Send every log line of the process through the allow-list: to standard error, or to a stream."""
    # No line names them, so no record need find them out.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    root = logging.getLogger()
    root.handlers[:] = [Handler(stream or sys.stderr)]
    root.setLevel(level)
    for name in _QUIET:
        other = logging.getLogger(name)
        other.handlers.clear()
        other.propagate = True
        other.setLevel("WARNING")


def guard() -> None:
    """Have the interpreter's own last words, tracebacks and warnings, go through the log as well: they would carry texts of exceptions."""
    logging.captureWarnings(capture=True)
    sys.excepthook = lambda _kind, fault, _trace: _last_words(fault)
    threading.excepthook = lambda given: _last_words(given.exc_value)
    sys.unraisablehook = lambda given: _last_words(given.exc_value)


def _last_words(fault: BaseException | None) -> None:
    if not isinstance(fault, KeyboardInterrupt):
        facts = {"fault": kind_of(fault), "where": place_of(fault)}
        logging.getLogger(f"{OURS}.process").critical("uncaught fault", extra={"facts": facts})
