"""Noting that somebody asked for what belongs to another programme. The answer was that there is nothing; its owner's auditors learn of it.

It is noted after the answer and apart from it, so that nobody can tell by time whether there was anything to note.
"""

import asyncio
import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from app.journal import queries
from app.journal.schemas import Entry, EventKind
from app.journal.service import record
from app.kit import clock
from app.kit.access import Scope
from app.kit.errors import Problem
from app.kit.store import Store

ONCE_IN = timedelta(hours=1)
MOST_NOTED = 100
MOST_WAITING = 1_000
REMEMBERED = 10_000
log = logging.getLogger("hearsight.journal")


class Refusals:
    """Notes each refusal once an hour for the same account and thing, and a hundred of one account in an hour, in this process.

    Asking again and again fills nobody's journal. What leads nowhere at all counts for nothing: nobody can hide behind random ids.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._noted: OrderedDict[tuple[UUID, UUID], datetime] = OrderedDict()
        self._lately: OrderedDict[UUID, deque[datetime]] = OrderedDict()
        self._counting = threading.Lock()
        self._running: set[asyncio.Task[None]] = set()

    def __call__(self, scope: Scope, named: Iterable[UUID], route: str) -> None:
        """Have it noted who asked for which ids by which route, if any of them is another programme's."""
        fresh = [each for each in named if self._is_new(scope.account_id, each)]
        if fresh and len(self._running) < MOST_WAITING:
            task = asyncio.create_task(asyncio.to_thread(self._note, scope, fresh, route))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def finish(self) -> None:
        """Wait for what is being noted."""
        await asyncio.gather(*self._running, return_exceptions=True)

    def _is_new(self, account: UUID, named: UUID) -> bool:
        now, key = clock.now(), (account, named)
        known = self._noted.get(key)
        if known is not None and now - known < ONCE_IN:
            return False
        self._noted[key] = now
        self._noted.move_to_end(key)
        if len(self._noted) > REMEMBERED:
            self._noted.popitem(last=False)
        return True

    def _may_note(self, account: UUID) -> bool:
        """Whether the account has not filled its hour yet; it counts."""
        now = clock.now()
        with self._counting:
            lately = self._lately.setdefault(account, deque(maxlen=MOST_NOTED))
            self._lately.move_to_end(account)
            if len(self._lately) > REMEMBERED:
                self._lately.popitem(last=False)
            if len(lately) == MOST_NOTED and now - lately[0] < ONCE_IN:
                return False
            lately.append(now)
            return True

    def _note(self, scope: Scope, named: list[UUID], route: str) -> None:
        try:
            with self._store.read() as session:
                owners = queries.logs_that_tell_of(session, named)
            others = {each: owner for each, owner in owners.items() if not scope.sees(owner)}
            for each, owner in others.items():
                if not self._may_note(scope.account_id):
                    return
                entry = Entry(EventKind.ACCESS_REFUSED, each, owner, actor=scope.account_id, facts={"route": route})
                self._store.write(lambda session, entry=entry: record(session, entry))  # type: ignore[misc]
        except (SQLAlchemyError, Problem) as fault:
            log.error("a refusal was not noted", extra={"facts": {"fault": type(fault).__name__}})  # noqa: TRY400 - no text of others
