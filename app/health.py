"""Whether this process is alive, and whether it can do its work: for load balancers and supervisors, open to anybody, without details."""

import shutil
from pathlib import Path
from typing import Annotated, Literal, cast

from fastapi import Depends
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.requests import Request

from app.kit import access, migrations
from app.kit.database import SQLITE
from app.kit.errors import CATALOGUE, Problem
from app.kit.store import Store, StoreOf

NOT_READY = CATALOGUE.kind("not_ready", 503)
LEAST_FREE = 0.1
router = access.router("health", prefix="")


class Health(BaseModel):
    """That all is well; what is not, the operator reads in the log of the server."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ok"}]})

    status: Literal["ok"] = "ok"


async def _data_dir(request: Request) -> Path:
    return cast("Path", request.app.state.data_dir)


DataDir = Annotated[Path, Depends(_data_dir)]


@router.get("/healthz", response_model=Health)
@access.allow(access.PUBLIC)
def get_liveness() -> Health:
    """Whether the process answers."""
    return Health()


@router.get("/readyz", response_model=Health)
@access.allow(access.PUBLIC)
def get_readiness(store: StoreOf, data_dir: DataDir) -> Health:
    """Whether the process can store what it is sent: the database takes writes, its schema is this release's, the disk has room."""
    if not (has_room(data_dir) and has_schema(store) and can_write(store)):
        raise Problem(NOT_READY, headers={"Retry-After": "5"})
    return Health()


def has_room(folder: Path) -> bool:
    """Whether more than a tenth of the disk under a folder is free."""
    standing = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    found = shutil.disk_usage(standing)
    return found.free > found.total * LEAST_FREE


def has_schema(store: Store) -> bool:
    """Whether the database stands at the schema of this release."""
    try:
        migrations.check(store.database)
    except (migrations.WrongSchema, SQLAlchemyError):
        return False
    return True


def can_write(store: Store) -> bool:
    """Whether the pen can open a transaction that may write; nothing is written."""
    try:
        return store.write(_may_write)
    except (SQLAlchemyError, Problem):
        return False


def _may_write(session: Session) -> bool:
    connection = session.connection()
    if connection.dialect.name == SQLITE:
        return True  # The transaction has begun IMMEDIATE, which a database that cannot be written refuses.
    return str(connection.exec_driver_sql("SHOW transaction_read_only").scalar_one()) == "off"
