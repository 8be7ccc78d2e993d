"""Who holds the pen: every write of a process goes through here and is answered after COMMIT.

`run(fn)` gives `fn` a session and returns its plain values once they are durable. Intake groups, which arrive faster than a transaction
each could be paid for, wait in a queue; one thread takes what waits (up to 400) and writes it in one transaction. Single observations go
before parts of batches, which come with them one at a time and every other time. On SQLite the same thread also runs every `fn`, because
one writable connection is all there is; on PostgreSQL an `fn` runs in the calling thread.

On SQLite the statements of a small group are carried out by the loop's thread, between two of its turns: only waiting for the lock, which
comes before, and for the disk, which comes after, is the pen's. Statements of some microseconds each, between which the two threads take
the interpreter from one another, cost both of them more than the statements do (measured: a seventh of a single post).
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar, runtime_checkable

from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.kit.database import SQLITE, Database
from app.kit.errors import BUSY, Problem
from app.kit.outages import is_deadlock, is_outage

Result = TypeVar("Result")
Waiting = TypeVar("Waiting")

GROUP_SIZE = 400
LINGER = 0.003
"""Seconds that a busy pen waits between two groups for more to write in one. One that has nothing to do waits for no company."""
ON_THE_LOOP = 64
"""So many observations, some milliseconds of statements, at most are written by the loop's thread."""
QUEUE_LIMIT = 1000


@dataclass(slots=True)
class _Order:
    """A function that waits for the pen, and where its answer goes."""

    fn: Callable[[Session], Any]
    answer: "Future[Any]"


@dataclass(slots=True)
class Ticket:
    """Something that waits to be written in a group; `deliver` takes its answer, or the exception that befell it."""

    content: Any
    deliver: Callable[[Any], None]
    weight: int = 1
    loop: asyncio.AbstractEventLoop | None = None
    """Where the answer is waited for."""


@runtime_checkable
class Divisible(Protocol):
    """A content whose parts can be written one by one where the whole cannot; its answer is then the list of theirs."""

    def split(self) -> Sequence[Any]:
        """The parts."""


def _only(answer: Any) -> Any:
    """The answer to a part: the one in its list, or the exception that befell it."""
    return answer[0] if isinstance(answer, list) else answer


GroupWriter = Callable[[Session, Sequence[Any]], Sequence[Any]]
"""Writes the contents of a group inside an open transaction and gives an answer for each, in order."""


class Writer:
    """The pen of one process."""

    def __init__(self, database: Database, *, seal: Callable[[Session], object], write_group: GroupWriter | None = None) -> None:
        self._database = database
        self._seal = seal
        self._write_group = write_group
        self._orders: deque[_Order] = deque()
        self._singles: deque[Ticket] = deque()
        self._parts: deque[Ticket] = deque()
        self._had_singles = self._had_parts = self._sees_batches = False
        self._wake = threading.Condition()
        self._is_closing = False
        self._errand: Future[Any] | None = None
        self._thread = threading.Thread(target=self._work, name="hearsight-writer", daemon=True)
        self._thread.start()

    def run(self, fn: Callable[[Session], Result]) -> Result:
        """What `fn` gives back, after its transaction is durable. `fn` does no network, file, hashing or rendering."""
        if self._database.dialect != SQLITE:
            return self._transact_beside_others(fn)
        order = _Order(fn, Future())
        with self._wake:
            if self._is_closing:
                raise Problem(BUSY, headers={"Retry-After": "1"})
            self._orders.append(order)
            self._wake.notify()
        found: Result = order.answer.result()
        return found

    def submit(self, tickets: Sequence[Ticket]) -> None:
        """Let tickets wait for the next groups. 503 `busy` when the queue is full: it never blocks who asks."""
        with self._wake:
            if self._is_closing or len(self._singles) + len(self._parts) + len(tickets) > QUEUE_LIMIT:
                raise Problem(BUSY, headers={"Retry-After": "1"})
            for ticket in tickets:
                (self._singles if ticket.weight == 1 else self._parts).append(ticket)
            self._wake.notify()

    def close(self) -> None:
        """Finish what waits, then stop."""
        with self._wake:
            self._is_closing = True
            errand = self._errand
            if errand is not None:
                # The loop may be what closes, and will not come to it.
                errand.cancel()
            self._wake.notify()
        self._thread.join()

    def _transact_beside_others(self, fn: Callable[[Session], Result]) -> Result:
        """As `_transact`, and once more where it and another process's waited for each other: nobody did anything wrong."""
        try:
            return self._transact(fn)
        except OperationalError as fault:
            if not is_deadlock(fault):
                raise
            return self._transact(fn)

    def _transact(self, fn: Callable[[Session], Result]) -> Result:
        with Session(self._database.writing, expire_on_commit=False) as session:
            found = fn(session)
            session.flush()
            self._seal(session)
            session.commit()
            return found

    def _work(self) -> None:
        while True:
            self._linger()
            with self._wake:
                while not (self._orders or self._singles or self._parts or self._is_closing):
                    self._wake.wait()
                if not (self._orders or self._singles or self._parts):
                    return
                order = self._orders.popleft() if self._orders else None
                group = self._take()
            # One order and one group in turn: neither kind of work can starve the other.
            if order is not None:
                self._carry_out(order)
            if group:
                self._write(group)

    def _linger(self) -> None:
        """Wait a moment where singles came while the pen wrote: whoever it has just answered may send the next, and can come with them."""
        if 0 < len(self._singles) < ON_THE_LOOP and not (self._parts or self._orders or self._is_closing):
            time.sleep(LINGER)

    def _take(self) -> list[Ticket]:
        """The next group: singles, and parts of batches that wait.

        Singles wait for the whole of a group. So while there are any, parts come one at a time, and not in two groups on end.
        """
        singles = [self._singles.popleft() for _ in range(min(len(self._singles), GROUP_SIZE))]
        in_company = bool(singles) or self._had_singles
        self._had_singles = bool(singles)
        parts: list[Ticket] = []
        if not (singles and self._had_parts):
            left = 0 if in_company else GROUP_SIZE
            while self._parts and (not parts or self._parts[0].weight <= left):
                left -= self._parts[0].weight
                parts.append(self._parts.popleft())
        self._sees_batches = self._had_parts or bool(parts or self._parts)
        self._had_parts = bool(parts)
        return [*singles, *parts]

    def _carry_out(self, order: _Order) -> None:
        try:
            order.answer.set_result(self._transact(order.fn))
        except BaseException as fault:  # noqa: BLE001 - it belongs to whoever waits for the answer
            order.answer.set_exception(fault)

    def _write(self, group: list[Ticket]) -> None:
        """Write a group in one transaction; a group that fails is tried again one by one, so that one cannot harm its neighbours.

        Where the database itself is out, nobody harms anybody: hundreds of tries more would only keep everybody waiting.
        """
        try:
            answers = self._attempt([ticket.content for ticket in group], self._loop_of(group))
        except Exception as fault:  # noqa: BLE001 - each ticket learns its own fate
            alone = [ticket.content for ticket in group]
            divisible = len(group) > 1 or (isinstance(alone[0], Divisible) and len(alone[0].split()) > 1)
            may_help = is_deadlock(fault) or (divisible and not is_outage(fault))
            answers = [self._alone(content) for content in alone] if may_help else [fault] * len(group)
        for ticket, answer in zip(group, answers, strict=True):
            ticket.deliver(answer)

    def _alone(self, content: Any) -> Any:
        """The answer to one content, written in a transaction of its own; parts of it alone where it cannot be written whole."""
        try:
            return self._attempt([content])[0]
        except Exception as fault:  # noqa: BLE001 - it belongs to whoever sent it
            parts = content.split() if isinstance(content, Divisible) and not is_outage(fault) else []
            return [_only(self._alone(part)) for part in parts] if len(parts) > 1 else fault

    def _attempt(self, contents: Sequence[Any], loop: asyncio.AbstractEventLoop | None = None) -> Sequence[Any]:
        with Session(self._database.writing, expire_on_commit=False) as session:
            answers = self._written(session, contents, loop)
            session.commit()
            return answers

    def _written(self, session: Session, contents: Sequence[Any], loop: asyncio.AbstractEventLoop | None) -> Sequence[Any]:
        """The answers to a group whose statements were carried out, by the loop's thread where there is one."""
        write = partial(self._group_writer(), session, contents)
        if loop is None:
            return write()
        # The transaction begins here, because it may have to wait for another process's.
        session.connection()
        return self._have_done(loop, write)

    def _group_writer(self) -> GroupWriter:
        if self._write_group is None:
            raise RuntimeError("no group writer was given")
        return self._write_group

    def _loop_of(self, group: Sequence[Ticket]) -> asyncio.AbstractEventLoop | None:
        """The loop whose thread writes a group, or none where the pen's does: the loop has enough to do while batches come."""
        is_small = self._database.dialect == SQLITE and sum(ticket.weight for ticket in group) <= ON_THE_LOOP
        return group[0].loop if is_small and not self._sees_batches else None

    def _have_done(self, loop: asyncio.AbstractEventLoop, write: Callable[[], Sequence[Any]]) -> Sequence[Any]:
        """What the loop's thread wrote for this one, which waits; where the loop is about to end, this one writes by itself."""
        errand: Future[Sequence[Any]] = Future()
        with self._wake:
            self._errand = errand
            if self._is_closing or loop.is_closed():
                errand.cancel()
            else:
                loop.call_soon_threadsafe(_carry_out, errand, write)
        try:
            return errand.result()
        except CancelledError:
            return write()
        finally:
            self._errand = None


def _carry_out(errand: "Future[Any]", write: Callable[[], Any]) -> None:
    """Do for the pen what it waits for, unless it waits no more."""
    if errand.set_running_or_notify_cancel():
        try:
            errand.set_result(write())
        except BaseException as fault:  # noqa: BLE001 - it belongs to the pen, which decides about the group
            errand.set_exception(fault)


Promise = asyncio.Future[Any]


class Tray:
    """Between the loop and the pen: what arrives in one turn of the loop is handed over together, and the answers come back together.

    Only the loop puts, the pen's thread delivers.
    Handing each over by itself would wake the other thread each time, and the pen would write many small groups at the price of large ones.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._outgoing: list[tuple[Ticket, Promise]] = []
        self._answered: deque[tuple[Promise, Any]] = deque()
        self._is_called = False

    def put(self, content: Any, weight: int) -> Promise:
        """Put a content on the tray; what comes of it is the pen's answer, or the exception that befell it. It never blocks the loop."""
        loop = asyncio.get_running_loop()
        waiting: Promise = loop.create_future()
        if not self._outgoing:
            loop.call_soon(self._hand_over)
        self._outgoing.append((Ticket(content, partial(self._deliver, loop, waiting), weight, loop), waiting))
        return waiting

    def _hand_over(self) -> None:
        outgoing, self._outgoing = self._outgoing, []
        try:
            self._writer.submit([ticket for ticket, _ in outgoing])
        except Problem:
            # Not all of them find a place: each tries by itself.
            for ticket, waiting in outgoing:
                self._try(ticket, waiting)

    def _try(self, ticket: Ticket, waiting: Promise) -> None:
        try:
            self._writer.submit([ticket])
        except Problem as busy:
            resolve(waiting, busy)

    def _deliver(self, loop: asyncio.AbstractEventLoop, waiting: Promise, answer: Any) -> None:
        self._answered.append((waiting, answer))
        if not self._is_called:
            self._is_called = True
            loop.call_soon_threadsafe(self._hand_back)

    def _hand_back(self) -> None:
        # Set back first: whatever the pen delivers from here on is taken below, or calls again.
        self._is_called = False
        while self._answered:
            resolve(*self._answered.popleft())


def resolve(waiting: Promise, answer: Any) -> None:
    """Give an answer to who waits; who asked may be gone, and what was written stays written: a repeat will find it."""
    if not waiting.done():
        waiting.set_result(answer)
