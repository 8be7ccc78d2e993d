"""What a failing database means: for the caller, and for whoever may try again."""

import sqlite3

from sqlalchemy.exc import DBAPIError, OperationalError

from app.kit.errors import BUSY, STORAGE_FULL, STORAGE_UNAVAILABLE, Kind

_FULL_STATES = {"53100", "53200"}
_DEADLOCK = "40P01"
_RETRY_STATES = {"40001", _DEADLOCK, "55P03"}


def storage_fault(error: DBAPIError) -> Kind:
    """What a failing database means for the caller: 507 `storage_full`, 503 `busy`, or 503 `storage_unavailable`."""
    driver = error.orig
    if isinstance(driver, sqlite3.Error):
        name = getattr(driver, "sqlite_errorname", "")
        return STORAGE_FULL if name == "SQLITE_FULL" else BUSY if name.startswith("SQLITE_BUSY") else STORAGE_UNAVAILABLE
    state = getattr(driver, "sqlstate", None) or ""
    return STORAGE_FULL if state in _FULL_STATES else BUSY if state in _RETRY_STATES else STORAGE_UNAVAILABLE


_SQLITE_OUTAGES = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_NOMEM")


def is_deadlock(fault: BaseException) -> bool:
    """Whether PostgreSQL undid a transaction because it and another waited for each other: the same again goes through."""
    return isinstance(fault, OperationalError) and getattr(fault.orig, "sqlstate", None) == _DEADLOCK


def is_outage(fault: BaseException) -> bool:
    """Whether a failure is the database's own, so that it would befall whatever else is written now."""
    if not isinstance(fault, OperationalError):
        return False
    if isinstance(fault.orig, sqlite3.Error):
        return str(getattr(fault.orig, "sqlite_errorname", "")).startswith(_SQLITE_OUTAGES)
    return getattr(fault.orig, "sqlstate", None) not in _RETRY_STATES
