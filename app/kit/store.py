"""What a handler needs of the server: a reading session, the pen, cursors and keys."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated, TypeVar, cast

from fastapi import Depends
from sqlmodel import Session
from starlette.requests import Request

from app.kit.database import Database
from app.kit.keys import Keys
from app.kit.paging import Cursors
from app.kit.writer import Writer

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Store:
    """The server's store, as handlers see it."""

    database: Database
    writer: Writer
    keys: Keys
    cursors: Cursors

    def read(self) -> AbstractContextManager[Session]:
        """A session that sees one snapshot and cannot write."""
        return self.database.read()

    def write(self, fn: Callable[[Session], Result]) -> Result:
        """What `fn` gives back, once it is durable."""
        return self.writer.run(fn)


async def _store(request: Request) -> Store:
    return cast("Store", request.app.state.store)


StoreOf = Annotated[Store, Depends(_store)]
"""The server's store, for handlers."""
