"""One observation on its way through a group: who files it as whom, what is decided about it meanwhile, and the answer that it gets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from app.journal.schemas import Entry, EventKind
from app.kit.access import OBSERVER, Holder, Scope
from app.kit.errors import Fault
from app.observations import canonical, rules
from app.observations.preparation import Prepared
from app.observations.queries import Key, Known
from app.observations.rows import observation_row

CREATED = "created"
DUPLICATE = "duplicate"
CONFLICT = "conflict"
INVALID = "invalid"
STORED = frozenset({CREATED, DUPLICATE, rules.HELD})
NEW = frozenset({CREATED, rules.HELD})


@dataclass(slots=True)
class Answer:
    """What became of one observation: created, duplicate, held, conflict, or invalid; with a receipt where it is stored."""

    id: str
    status: str
    code: str | None = None
    faults: tuple[Fault, ...] = ()
    receipt: dict[str, str | int] | None = None
    facts: dict[str, Any] | None = None
    """Of a correction that another one forestalled: which version stands now, and where the two differ."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Observations of one session that are written together; `skew` is how far the sender's clock is behind ours, in seconds, if told."""

    holder: Holder
    contents: tuple[Prepared, ...]
    skew: int | None = None
    raw: bytes | None = None
    """One observation as it came, in the place of contents. It is read only in its group: what is done for many in a row costs much less
    than the same between other work, which puts whatever it needs out of the processor's caches."""

    def split(self) -> "list[Parcel]":
        """The same observations, each alone."""
        return [Parcel(self.holder, (each,), self.skew) for each in self.contents]


class Author(NamedTuple):
    """A membership under which somebody files; ids as texts."""

    programme: str
    member: str
    role: str


class Standing:
    """Where a caller is a member, with ids as texts: of a group, each is looked at many times.

    Nobody files under a membership that lacks its device.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._authors: dict[tuple[str, ...], Author | None] = {}
        everywhere = [Author(str(each.programme_id), str(each.member_id), each.role) for each in scope.memberships]
        self.programmes = {each.programme for each in everywhere}
        self.members = {each.member for each in everywhere}
        self.lacking = {str(each.programme_id) for each in scope.memberships if each.lacks_device}
        self.held = [each for each, held in zip(everywhere, scope.memberships, strict=True) if not held.lacks_device]

    def author(self, programme: str, *roles: str) -> Author | None:
        """The membership in a programme with one of the roles, the first named role first."""
        asked = (programme, *roles)
        if asked not in self._authors:
            found = [each for each in self.held if each.programme == programme and each.role in roles]
            self._authors[asked] = min(found, key=lambda each: roles.index(each.role), default=None)
        return self._authors[asked]


_NOBODY = Author("", "", "")


@dataclass(slots=True)
class Arrival:
    """One observation on its way through a group, until it has its answer; `key` is its programme and id."""

    prepared: Prepared
    standing: Standing
    skew: int | None = None
    author: Author = _NOBODY
    key: Key = ("", "")
    held_code: str | None = None
    base: Known | None = None
    faults: tuple[Fault, ...] = ()
    """What is wrong with it under its programme's own form, which is known only where the programme is."""
    answer: Answer | None = None
    is_late: bool = False
    """An observer's, of a hearing that is locked: whatever the programme trusts, it waits for review."""

    def file_as(self, author: Author) -> None:
        """The membership under which it is filed."""
        self.author = author
        self.key = (author.programme, self.prepared.id)

    def settle(self, status: str, code: str | None = None, *faults: Fault) -> None:
        """Give it its answer."""
        self.answer = Answer(self.prepared.id, status, code, faults)

    def refuse(self, place: str, code: str) -> None:
        """It is not taken in, for what stands at a place."""
        self.settle(INVALID, code, Fault(place, code))


def waves(arrivals: list[Arrival]) -> Iterable[list[Arrival]]:
    """The arrivals in turns: an id only once in a turn, and what a filing points to in a turn before its own."""
    left = list(arrivals)
    if not any(each.prepared.references or each.prepared.supersedes for each in left) and len({each.key for each in left}) == len(left):
        yield from [left] if left else []
        return
    while left:
        ids = {each.prepared.id for each in left}
        ready = [each for each in left if not (_pointed_at(each.prepared) & ids)] or left
        first = {each.key: each for each in reversed(ready)}
        wave = ready if len(first) == len(ready) else [each for each in ready if first[each.key] is each]
        yield wave
        if len(wave) == len(left):
            return
        taken = {id(each) for each in wave}
        left = [each for each in left if id(each) not in taken]


def _pointed_at(prepared: Prepared) -> set[str]:
    found = {ref.id for ref in prepared.references if ref.kind == "observation"}
    if prepared.supersedes is not None:
        found.add(prepared.supersedes)
    return found - {prepared.id}


def programmes_of(arrivals: Iterable[Arrival]) -> set[str]:
    """The programmes in which some file."""
    return {each.author.programme for each in arrivals}


def undecided(arrivals: Iterable[Arrival]) -> list[Arrival]:
    """Those that have no answer yet."""
    return [each for each in arrivals if each.answer is None]


def given(answer: Answer | None) -> Answer:
    """The answer, which must be there by now."""
    if answer is None:
        raise LookupError("an arrival without an answer")
    return answer


def fate_of(arrival: Arrival, trusting: set[str]) -> tuple[str, str | None]:
    """The status with which it is stored, and why where it is held. A trusted correction is accepted only with its chain at hand."""
    if arrival.held_code is not None:
        return rules.HELD, arrival.held_code
    if arrival.author.programme in trusting and arrival.base is None and not arrival.is_late:
        return rules.ACCEPTED, None
    return rules.SUBMITTED, None


def row_of(arrival: Arrival, fate: tuple[str, str | None], now: datetime) -> tuple[object, ...]:
    """The row in which it is stored."""
    origin = "observer" if arrival.author.role == OBSERVER else "document"
    author = (arrival.author.programme, arrival.author.member, origin)
    base = None
    if arrival.base is not None and arrival.prepared.supersedes is not None:
        base = (arrival.prepared.supersedes, arrival.base.root_id)
    return observation_row(arrival.prepared, author, fate, base, now, skew=arrival.skew, is_late=arrival.is_late)


def commitments(prepared: Prepared, log: str) -> dict[str, str]:
    """What a leaf commits to, in hex: the two stored columns under their salts, and what is corrected."""
    told, kept = (prepared.answers, prepared.answers_salt), (prepared.narrative, prepared.narrative_salt)
    made = {
        canonical.ANSWERS: canonical.commitment(log, prepared.id, canonical.ANSWERS, salt=told[1], text=told[0]).hex(),
        canonical.NARRATIVE: canonical.commitment(log, prepared.id, canonical.NARRATIVE, salt=kept[1], text=kept[0]).hex(),
    }
    return made if prepared.supersedes is None else {**made, "supersedes": prepared.supersedes}


def entry_of(arrival: Arrival, kind: EventKind, **facts: str | int) -> Entry:
    """What the journal tells of it."""
    prepared = arrival.prepared
    return Entry(
        kind,
        prepared.id,
        log=arrival.author.programme,
        case_id=prepared.case_id,
        hearing_id=prepared.hearing_id,
        actor=arrival.author.member,
        facts={"form": prepared.form, "form_version": prepared.form_version, **facts},
    )
