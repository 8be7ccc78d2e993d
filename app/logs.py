"""Structured logs by allow-list: what is not named here cannot be written."""

import logging
import sys
from datetime import UTC, datetime

import orjson

from app.kit import clock

ALLOWED = {"route", "method", "status", "ms", "request_id", "code", "fault", "programme", "event", "count"}


class Lines(logging.Formatter):
    """One JSON object a line: time, level, event, and allowed facts. Neither messages of others nor tracebacks get through."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        facts = getattr(record, "facts", {})
        shown = {name: value for name, value in facts.items() if name in ALLOWED}
        event = record.getMessage() if record.name.startswith("hearsight") else record.name
        at = clock.stamp(datetime.fromtimestamp(record.created, UTC))
        return orjson.dumps({"at": at, "level": record.levelname, "event": event, **shown}).decode()


def configure(level: str) -> None:
    """Send every log line of the process through the allow-list, to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "sqlalchemy", "alembic"):
        other = logging.getLogger(name)
        other.handlers.clear()
        other.propagate = True
        other.setLevel("WARNING")
