"""Every SQL statement of observations. Those of intake are written by hand: they run for each group that arrives."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.journal.models import JournalEntry
from app.journal.schemas import EventKind
from app.kit import clock
from app.kit.database import as_id, connection_of, execute, fetch_among, is_sqlite
from app.kit.errors import STALE_VERSION
from app.kit.ids import spelled
from app.observations import inserts
from app.observations.models import Citation, Decision, Mark, Observation, Remark

_READ_AT_ONCE = 500
_FILED = (EventKind.OBSERVATION_FILED.value, EventKind.OBSERVATION_HELD.value)


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored under an id, as far as intake needs it; `form` is the code of a programme's own form where it was filled by one."""

    content_mac: bytes
    member_id: str
    held_code: str | None
    received_at: str
    form: str
    case_id: str
    root_id: str
    status: str


AnyId = UUID | str
Ids = Iterable[AnyId]
Programmes = Collection[AnyId]
Position = tuple[datetime, UUID]
Key = tuple[str, str]
"""Programme and id, as texts."""


def programmes_of_cases(session: Session, programmes: Programmes, ids: Ids) -> dict[str, str]:
    """Case -> programme, of those that exist in the programmes."""
    return _owners(session, "SELECT id, programme_id FROM court_case", programmes, ids)


def cases_of_hearings(session: Session, programmes: Programmes, ids: Ids) -> dict[str, str]:
    """Hearing -> case, of those that exist in the programmes."""
    return _owners(session, "SELECT id, case_id FROM hearing", programmes, ids)


def cases_of_participants(session: Session, programmes: Programmes, ids: Ids) -> dict[str, str]:
    """Participant -> case, of those that exist in the programmes."""
    return _owners(session, "SELECT id, case_id FROM participant", programmes, ids)


def programmes_of_documents(session: Session, programmes: Programmes, ids: Ids) -> dict[str, str]:
    """Document -> programme, of those that exist in the programmes."""
    return _owners(session, "SELECT id, programme_id FROM document", programmes, ids)


def _owners(session: Session, statement: str, programmes: Programmes, ids: Ids) -> dict[str, str]:
    found = fetch_among(session, f"{statement} WHERE programme_id AMONG AND id AMONG", programmes, ids)
    return {spelled(row[0]): spelled(row[1]) for row in found}


_STANDING = """
SELECT member_id, target_id FROM assignment WHERE programme_id AMONG AND member_id AMONG
UNION ALL SELECT id, NULL FROM programme WHERE review = 'trusted' AND id AMONG
"""


_CODES = " UNION ALL ".join(
    f"SELECT id, code FROM {table} WHERE programme_id AMONG AND id AMONG"  # noqa: S608 - our own tables
    for table in ("participant", "document", "hearing")
)


def codes_of(session: Session, programme_id: UUID, ids: Collection[str]) -> dict[str, str]:
    """Id -> code, of the participants, documents and hearings among some ids."""
    found = fetch_among(session, _CODES, *([programme_id], ids) * 3) if ids else []
    return {spelled(row[0]): row[1] for row in found}


def standing(session: Session, programmes: Programmes, observers: Ids) -> tuple[set[str], set[tuple[str, str]]]:
    """(programmes in which an observation is accepted on arrival, (member, hearing or case) of every assignment of some members)."""
    found = [(spelled(row[0]), row[1]) for row in fetch_among(session, _STANDING, programmes, observers, programmes)]
    trusted = {first for first, target in found if target is None}
    return trusted, {(first, spelled(target)) for first, target in found if target is not None}


def locked(session: Session, programmes: Programmes, hearings: Ids) -> set[str]:
    """Which of some hearings are locked. They stay as they are until the transaction ends: whoever locks one waits, or was first."""
    statement = "SELECT id, locked_at FROM hearing WHERE programme_id AMONG AND id AMONG"
    if not is_sqlite(session.connection()):
        statement += " ORDER BY programme_id, id FOR SHARE"
    return {spelled(row[0]) for row in fetch_among(session, statement, programmes, hearings) if row[1] is not None}


def observed(session: Session, programmes: Programmes, roots: Ids) -> list[tuple[str, str]]:
    """(root, hearing) of whatever observers filed in some chains."""
    columns = "SELECT root_id, hearing_id FROM observation WHERE origin = 'observer' AND hearing_id IS NOT NULL AND programme_id AMONG AND"
    statement = f"{columns} id AMONG AND root_id = id UNION {columns} root_id AMONG AND root_id <> id"
    given = list(programmes), list(roots)
    return [(spelled(row[0]), spelled(row[1])) for row in fetch_among(session, statement, *given, *given)]


def trusting(session: Session, programmes: Ids) -> set[str]:
    """Programmes in which an observation is accepted on arrival."""
    return {spelled(row[0]) for row in fetch_among(session, "SELECT id FROM programme WHERE review = 'trusted' AND id AMONG", programmes)}


def hold(session: Session, programmes: Programmes, roots: Ids) -> None:
    """Keep every version of some chains as it is until the transaction ends, so that two corrections of one come one after the other."""
    given = list(roots)
    chains = "(id AMONG AND root_id = id OR root_id AMONG AND root_id <> id)"
    statement = f"SELECT id FROM observation WHERE programme_id AMONG AND {chains} ORDER BY programme_id, id FOR UPDATE"  # noqa: S608
    if not is_sqlite(connection_of(session)):
        fetch_among(session, statement, programmes, given, given)


def known(session: Session, programmes: Programmes, ids: Ids) -> dict[Key, Known]:
    """What is stored under (programme, id)."""
    columns = "programme_id, id, content_mac, member_id, held_code, received_at, COALESCE(form_code, form), case_id, root_id, status"
    statement = f"SELECT {columns} FROM observation WHERE programme_id AMONG AND id AMONG"  # noqa: S608 - our own columns
    found = {}
    for row in fetch_among(session, statement, programmes, ids):
        received = row[5] if isinstance(row[5], str) else clock.stamp(row[5])
        key, member, case, root = (spelled(row[0]), spelled(row[1])), spelled(row[3]), spelled(row[7]), spelled(row[8])
        found[key] = Known(bytes(row[2]), member, row[4], received, row[6], case, root, row[9])
    return found


def replaced(session: Session, programmes: Programmes, ids: Ids) -> set[Key]:
    """(programme, version) of the versions that a newer one stands on."""
    statement = "SELECT programme_id, replaces FROM observation WHERE programme_id AMONG AND replaces AMONG"
    found = fetch_among(session, statement, programmes, ids)
    return {(spelled(row[0]), spelled(row[1])) for row in found}


def receipts(session: Session, programmes: Programmes, ids: Ids) -> dict[tuple[UUID, UUID], tuple[int, bytes]]:
    """(log, observation) -> the number and hash of the leaf that acknowledged it."""
    kinds = ", ".join(f"'{kind}'" for kind in _FILED)
    columns = "log, subject_id, seq, leaf_hash"
    statement = f"SELECT {columns} FROM journal WHERE log AMONG AND subject_id AMONG AND kind IN ({kinds})"  # noqa: S608 - our own kinds
    return {(as_id(row[0]), as_id(row[1])): (row[2], bytes(row[3])) for row in fetch_among(session, statement, programmes, ids)}


def insert_observations(session: Session, rows: list[tuple[Any, ...]]) -> set[str]:
    """Insert rows sorted by (programme, id); gives the ids that are new; on SQLite, where nobody else writes, all of them."""
    if is_sqlite(connection_of(session)):
        inserts.OBSERVATIONS.run(session, rows)
        return {row[1] for row in rows}
    found = inserts.OBSERVATIONS.run(session, rows, tail="ON CONFLICT (programme_id, id) DO NOTHING RETURNING id", returns=True)
    return {spelled(row[0]) for row in found}


def insert_marks(session: Session, rows: list[tuple[Any, ...]]) -> None:
    """Insert marks."""
    inserts.MARKS.run(session, rows)


def insert_citations(session: Session, rows: list[tuple[Any, ...]]) -> None:
    """Insert what answers name."""
    inserts.CITATIONS.run(session, rows)


def add_to_tally(session: Session, sums: Mapping[tuple[Any, ...], int]) -> None:
    """Add to the sums, one upsert a key, in the order of keys as every lock is taken."""
    rows = [(*key, n) for key, n in sorted(sums.items()) if n]
    key = "programme_id, case_id, hearing_id, form, indicator, value, status"
    inserts.TALLY.run(session, rows, tail=f"ON CONFLICT ({key}) DO UPDATE SET n = tally.n + excluded.n")


_SURVEYED = ("observation", "mark", "journal")


def survey(session: Session) -> None:
    """Have PostgreSQL look at tables that it has never looked at.

    Until then it takes them for tiny, and may plan to check each mark's observation by an index that holds the whole programme; it keeps
    such a plan. Its own survey comes within a minute, and a phone's first upload is over by then. It must hold some hundreds of rows.
    """
    if is_sqlite(connection_of(session)):
        return
    seen = execute(session, "SELECT reltuples FROM pg_class WHERE oid = 'observation'::regclass", returns=True)
    if seen[0][0] <= 0:
        execute(session, f"ANALYZE {', '.join(_SURVEYED)}")


def waiting_for(session: Session, programmes: Programmes, bases: Ids, held: Ids = ()) -> Sequence[Observation]:
    """Observations that name one of these as what they correct and are not linked to it yet, and those `held` themselves, oldest first."""
    # Asked by `supersedes` alone: with `replaces IS NULL` beside it, SQLite reads every observation that corrects nothing.
    statement = "SELECT id FROM observation WHERE programme_id AMONG AND supersedes AMONG"
    named = [as_id(row[0]) for row in fetch_among(session, statement, programmes, bases)] + [as_id(each) for each in held]
    found = find_many(session, [as_id(each) for each in programmes], named) if named else []
    return sorted((each for each in found if each.replaces is None), key=lambda each: (each.received_at, each.id))


def chain(session: Session, programme_id: UUID, roots: Iterable[UUID], *, lock: bool = False) -> Sequence[Observation]:
    """Every version of some chains, oldest first."""
    query = select(Observation).where(_of_chains(programme_id, list(roots)))
    query = query.order_by(col(Observation.programme_id), col(Observation.id))
    if lock and not is_sqlite(connection_of(session)):
        # What was read before the lock may have been decided since.
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.exec(query).all()
    return sorted(found, key=lambda each: (each.received_at, each.id))


def _of_chains(programme_id: UUID, roots: Sequence[UUID]) -> Any:
    """What belongs to chains: their first versions, which are found by id, and the later ones, which alone the index by root holds."""
    mine, root, own = (col(each) for each in (Observation.programme_id, Observation.root_id, Observation.id))
    # The programme stands on both sides: before them, it is all that SQLite looks for.
    return sa.or_(sa.and_(mine == programme_id, own.in_(roots), root == own), sa.and_(mine == programme_id, root.in_(roots), root != own))


def late_corrections(session: Session, programme_id: UUID, bases: Iterable[UUID]) -> Sequence[Observation]:
    """Corrections that are held because another one of the same version was there first, oldest first."""
    query = select(Observation).where(Observation.programme_id == programme_id, col(Observation.supersedes).in_(list(bases)))
    query = query.where(Observation.held_code == STALE_VERSION.code)
    return session.exec(query.order_by(col(Observation.received_at), col(Observation.id))).all()


def reroot(session: Session, programme_id: UUID, old: UUID, new: UUID) -> None:
    """Make a chain the continuation of another."""
    statement = sa.update(Observation).where(_of_chains(programme_id, [old]))
    session.connection().execute(statement.values(root_id=new))


def find(session: Session, programmes: Iterable[UUID], observation_id: UUID) -> Observation | None:
    """An observation of one of the programmes."""
    query = select(Observation).where(col(Observation.programme_id).in_(list(programmes)), Observation.id == observation_id)
    return session.exec(query).first()


def find_many(session: Session, programmes: Iterable[UUID], ids: Iterable[UUID]) -> Sequence[Observation]:
    """Observations of the programmes by ids."""
    query = select(Observation).where(col(Observation.programme_id).in_(list(programmes)), col(Observation.id).in_(list(ids)))
    return session.exec(query).all()


def filed_by(session: Session, programme_id: UUID, member_id: UUID) -> Sequence[UUID]:
    """The ids of whatever a member filed."""
    return session.exec(select(Observation.id).where(Observation.programme_id == programme_id, Observation.member_id == member_id)).all()


def mark_counts(session: Session, programme_id: UUID, ids: Iterable[UUID]) -> Sequence[tuple[UUID, str, str, int]]:
    """(observation, indicator, value, how many) of the marks of some observations."""
    grouped = (col(Mark.observation_id), col(Mark.indicator), col(Mark.value))
    query = select(*grouped, sa.func.count()).where(Mark.programme_id == programme_id, col(Mark.observation_id).in_(list(ids)))
    return session.exec(query.group_by(*grouped)).all()


@dataclass(frozen=True, slots=True)
class Asked:
    """Which observations a list asks for; None asks for any."""

    programme_id: UUID | None = None
    case_id: UUID | None = None
    hearing_id: UUID | None = None
    form: str | None = None
    status: str | None = None
    observer: str | None = None
    updated_after: datetime | None = None
    plain: bool | None = None


@dataclass(frozen=True, slots=True)
class Readable:
    """What a caller may read: everything of some programmes, and what was filed under some memberships."""

    programmes: Sequence[UUID]
    members: Sequence[UUID]


_MEMBER: Any = sa.table("member", sa.column("programme_id", sa.Uuid()), sa.column("id", sa.Uuid()), sa.column("code", sa.String()))


def page(session: Session, readable: Readable, asked: Asked, behind: Position | None, limit: int) -> Sequence[tuple[Observation, str]]:
    """Observations with their observer's code, by (updated_at, id), behind a position, one more than the limit."""
    place = sa.and_(_MEMBER.c.programme_id == col(Observation.programme_id), _MEMBER.c.id == col(Observation.member_id))
    query = select(Observation, _MEMBER.c.code).join(_MEMBER, place)
    query = query.where(
        sa.or_(col(Observation.programme_id).in_(readable.programmes), col(Observation.member_id).in_(readable.members)),
        *_filters(asked),
    )
    if behind is not None:
        query = query.where(sa.tuple_(col(Observation.updated_at), col(Observation.id)) > sa.tuple_(*_position(behind)))
    rows = session.exec(query.order_by(col(Observation.updated_at), col(Observation.id)).limit(limit + 1))
    return [(row[0], row[1]) for row in rows]


def _position(behind: Position) -> tuple[Any, Any]:
    return sa.literal(behind[0], Observation.__table__.c.updated_at.type), sa.literal(behind[1], sa.Uuid())  # type: ignore[attr-defined]


def is_own(form: str | None) -> bool:
    """Whether a list asks for one form of a programme's own."""
    return form is not None and form.startswith("x_")


def _filters(asked: Asked) -> list[Any]:
    equal = [
        (col(Observation.programme_id), asked.programme_id),
        (col(Observation.case_id), asked.case_id),
        (col(Observation.hearing_id), asked.hearing_id),
        (sa.func.coalesce(col(Observation.form_code), col(Observation.form)) if is_own(asked.form) else col(Observation.form), asked.form),
        (col(Observation.status), asked.status),
        (_MEMBER.c.code, asked.observer),
    ]
    found: list[Any] = [column == value for column, value in equal if value is not None]
    if asked.updated_after is not None:
        found.append(col(Observation.updated_at) > asked.updated_after)
    if asked.plain:
        # What its own row, or one that names it, says against it is passed over here: the rest is looked at one by one.
        found += [Observation.status == "submitted", ~col(Observation.has_clock_skew), ~col(Observation.is_late)]
        found += [col(Observation.supersedes).is_(None), *_untold()]
    return found


def _untold() -> Iterator[Any]:
    """That nothing was decided about an observation, nothing corrects it, and no other content came under its id."""
    later = aliased(Observation)
    same, theirs = col(Observation.programme_id), col(Observation.id)
    yield ~sa.exists().where(col(Decision.programme_id) == same, col(Decision.observation_id) == theirs)
    yield ~sa.exists().where(col(later.programme_id) == same, col(later.supersedes) == theirs)
    is_conflict = col(JournalEntry.kind) == EventKind.OBSERVATION_CONFLICTED.value
    yield ~sa.exists().where(col(JournalEntry.log) == same, col(JournalEntry.subject_id) == theirs, is_conflict)


def code_of_member(session: Session, programme_id: UUID, member_id: UUID) -> str:
    """The code under which a member appears."""
    query = sa.select(_MEMBER.c.code).where(_MEMBER.c.programme_id == programme_id, _MEMBER.c.id == member_id)
    return str(session.connection().execute(query).scalar_one())


def people_in(session: Session, programme_id: UUID, observation_id: UUID) -> set[UUID]:
    """The participants whom an observation names."""
    query = select(Citation.participant_id).where(Citation.programme_id == programme_id, Citation.observation_id == observation_id)
    return {each for each in session.exec(query) if each is not None}


def decisions(session: Session, programme_id: UUID, observations: Iterable[UUID]) -> list[tuple[Decision, str, bytes | None]]:
    """What was decided and answered about observations, with the code of who spoke and the sealed words, oldest first."""
    place = sa.and_(_MEMBER.c.programme_id == col(Decision.programme_id), _MEMBER.c.id == col(Decision.member_id))
    words = sa.and_(col(Remark.programme_id) == col(Decision.programme_id), col(Remark.id) == col(Decision.id))
    query: Any = select(Decision, _MEMBER.c.code, Remark.text).join(_MEMBER, place).join(Remark, words, isouter=True)
    query = query.where(col(Decision.programme_id) == programme_id, col(Decision.observation_id).in_(list(observations)))
    return [(row[0], row[1], row[2]) for row in session.exec(query.order_by(col(Decision.id)))]


def with_entries(session: Session, programme_id: UUID) -> Iterator[tuple[Observation, int | None]]:
    """Every observation of a programme by id, with the number of the entry that acknowledged it; a part at a time, for they may be many."""
    entry = sa.and_(
        col(JournalEntry.log) == col(Observation.programme_id),
        col(JournalEntry.subject_id) == col(Observation.id),
        col(JournalEntry.kind).in_(_FILED),
    )
    query = select(Observation, JournalEntry.seq).outerjoin(JournalEntry, entry).where(col(Observation.programme_id) == programme_id)
    query = query.order_by(col(Observation.id)).limit(_READ_AT_ONCE)
    behind = UUID(int=0)
    while some := session.exec(query.where(col(Observation.id) > behind)).all():
        yield from some
        behind = some[-1][0].id


def leaf_of(session: Session, log: UUID, observation_id: UUID) -> tuple[int, bytes]:
    """The number and hash of the leaf that acknowledged an observation."""
    query = select(JournalEntry.seq, JournalEntry.leaf_hash)
    query = query.where(JournalEntry.log == log, JournalEntry.subject_id == observation_id, col(JournalEntry.kind).in_(_FILED))
    found = session.exec(query.order_by(col(JournalEntry.seq))).first()
    if found is None:
        raise LookupError("an observation without a leaf")
    return found
