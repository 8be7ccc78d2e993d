"""Taking observations in: a group of what arrived, looked up, decided and written in one transaction.

One order of locks everywhere: hearings, then observations by (programme, id), and only then the heads of the logs, the leaves and the
projections. Nobody who holds a head waits for a hearing or an observation. Equal ids are folded first; ids that were there already are read
back and compared.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.forms import service as forms
from app.journal import service as journal
from app.journal.schemas import EventKind, Leaf
from app.kit import clock, errors
from app.kit.access import COORDINATOR, OBSERVER, Holder, Scope
from app.kit.database import begin_anew, connection_of, is_sqlite
from app.kit.errors import Fault, Problem
from app.observations import queries, rules, tally, versions
from app.observations.arrivals import (
    CONFLICT,
    CREATED,
    DUPLICATE,
    INVALID,
    NEW,
    STORED,
    Answer,
    Arrival,
    Parcel,
    Standing,
    commitments,
    entry_of,
    fate_of,
    given,
    programmes_of,
    row_of,
    undecided,
    waves,
)
from app.observations.differing import collide
from app.observations.directory import Directory
from app.observations.errors import BASE_MISSING, BASE_WITHDRAWN, ID_CONFLICT, INVALID_SUPERSEDES, NOT_ASSIGNED
from app.observations.opening import Opened, met, opened, told
from app.observations.preparation import (
    Prepared,
    Refused,
    form_of,
    last_day,
    mac_without_form,
    missing_reference,
    stored_answers,
    under,
)
from app.observations.queries import Key, Known
from app.observations.rows import citation_rows, cited, mark_rows
from app.taxonomy.answers import coded

ENOUGH_TO_SURVEY = 500
MOST_STANDINGS = 10_000
MOST_TRIES = 20
"""So often a group begins anew for what came meanwhile; nobody's pen may turn in a circle."""
ScopeQuery = Callable[[Session, Iterable[Holder]], dict[Holder, Scope]]
"""Loads the scopes of sessions, as far as they are alive."""


class _CameMeanwhileError(Exception):
    """What something in this transaction waits for, or what waits for it, was committed after the transaction had looked for it."""


class Intake:
    """Writes groups of parcels; the pen calls it, from one thread."""

    def __init__(self, scopes: ScopeQuery, seal: Callable[[Session], list[Leaf]], key: bytes) -> None:
        self._scopes = scopes
        self._seal = seal
        self._key = key
        self._directory = Directory()
        self._standings: dict[Holder, Standing] = {}
        self._until_survey = ENOUGH_TO_SURVEY

    def write(self, session: Session, parcels: Sequence[Parcel]) -> list[list[Answer | Refused] | Problem]:
        """The answers of each parcel in the order of its contents; 401 where its session has ended meanwhile, 4xx for what is no JSON."""
        today = last_day(clock.now())
        found = [opened(parcel, key=self._key, today=today) for parcel in parcels]
        for _ in range(MOST_TRIES):
            try:
                return self._write(session, parcels, found)
            except _CameMeanwhileError:
                begin_anew(session)
        raise Problem(errors.BUSY, headers={"Retry-After": "1"})

    def _write(self, session: Session, parcels: Sequence[Parcel], found: Sequence[Opened]) -> list[list[Answer | Refused] | Problem]:
        scopes = self._scopes(session, {parcel.holder for parcel in parcels})
        standings = (self._standing_of(parcel.holder, scopes.get(parcel.holder)) for parcel in parcels)
        group = [met(*each) for each in zip(parcels, found, standings, strict=True)]
        arrivals = [each for some in group if isinstance(some, list) for each in some if isinstance(each, Arrival)]
        try:
            self._take_in(session, arrivals)
        except IntegrityError:
            # Something that was remembered is gone; the next try looks everything up anew.
            self._directory.forget()
            raise
        return [told(some) for some in group]

    def _standing_of(self, holder: Holder, scope: Scope | None) -> Standing | None:
        """What follows from a scope; found once for each, because the same callers come again and again."""
        if scope is None:
            return None
        found = self._standings.get(holder)
        if found is None or found.scope is not scope:
            if len(self._standings) >= MOST_STANDINGS:
                self._standings.clear()
            found = self._standings[holder] = Standing(scope)
        return found

    def _take_in(self, session: Session, arrivals: list[Arrival]) -> None:
        self._find_places(session, arrivals)
        now = clock.now()
        placed = undecided(arrivals)
        self._read_own_forms(session, placed, last_day(now))
        observers = {each.author.member for each in placed if each.author.role == OBSERVER}
        trusting, assigned = queries.standing(session, programmes_of(placed), observers) if placed else (set(), set())
        for each in placed:
            _look_for_assignment(each, assigned)
        _look_for_locks(session, placed)
        for wave in waves(placed):
            self._take_wave(session, wave, trusting, now)
        self._look_again(session, [each for each in placed if each.answer and each.answer.status in NEW])
        _acknowledge(session, arrivals, self._seal(session), now)
        self._survey(session, len(arrivals))

    def _look_again(self, session: Session, new: list[Arrival]) -> None:
        """Look for corrections and bases that two processes were writing at the same time, when neither could see the other's.

        The heads of their logs are locked for it: whoever comes second sees what the first committed. Linking them takes hearings and
        observations, which come before the heads: so then all begins anew. On SQLite one writes at a time.
        """
        waiting = [each.key for each in new if each.held_code == BASE_MISSING]
        if new and not is_sqlite(connection_of(session)):
            journal.hold(session, {UUID(each.author.programme) for each in new})
            if versions.is_awaited(session, [each.key for each in new], waiting):
                raise _CameMeanwhileError

    def _survey(self, session: Session, number: int) -> None:
        """Once in the life of a process, when enough was filed for it to mean something."""
        is_due = 0 < self._until_survey <= number
        self._until_survey -= number
        if is_due:
            queries.survey(session)

    def _find_places(self, session: Session, arrivals: Iterable[Arrival]) -> None:
        """Whose case it is, and as whom the caller files there."""
        seen = set().union(*(each.standing.programmes for each in arrivals))
        programmes = self._directory.cases.find(session, seen, (each.prepared.case_id for each in arrivals))
        for each in arrivals:
            programme = programmes.get(each.prepared.case_id)
            if programme is None or programme not in each.standing.programmes:
                each.refuse("/case_id", errors.MISSING)
            elif (author := each.standing.author(programme, OBSERVER, COORDINATOR)) is None:
                lacks_device = programme in each.standing.lacking
                each.settle(INVALID, (errors.DEVICE_REQUIRED if lacks_device else errors.FORBIDDEN).code)
            else:
                each.file_as(author)

    def _read_own_forms(self, session: Session, arrivals: Iterable[Arrival], today: date) -> None:
        """Check what was filled by forms of a programme's own: which form is meant can be said only where the programme is known."""
        wanted = {_own_form(each) for each in arrivals if each.prepared.form_code is not None}
        found = forms.published(session, wanted)
        for each in arrivals if found else ():
            form = found.get(_own_form(each))
            if form is not None:
                read = under(each.prepared, form, key=self._key, today=today)
                if isinstance(read, Refused):
                    each.faults = read.faults
                else:
                    each.prepared = read

    def _recognise(self, session: Session, arrivals: list[Arrival]) -> None:
        """Settle what is stored already: the same content again, or another under the same id, which is kept out and journalled."""
        stored = queries.known(session, programmes_of(arrivals), [each.prepared.id for each in arrivals]) if arrivals else {}
        for each in arrivals:
            known = stored.get(each.key)
            if known is None:
                continue
            if known.member_id in each.standing.members and self._is_same(known.content_mac, each.prepared):
                each.held_code = known.held_code
                each.settle(DUPLICATE, known.held_code)
            else:
                each.settle(CONFLICT, ID_CONFLICT.code)
                journal.record(session, entry_of(each, EventKind.OBSERVATION_CONFLICTED, content=each.prepared.content_mac.hex()))

    def _is_same(self, stored: bytes, prepared: Prepared) -> bool:
        """Whether the same content is stored, maybe from before its form was known here."""
        return stored == prepared.content_mac or stored == mac_without_form(prepared, self._key)

    def _take_wave(self, session: Session, wave: list[Arrival], trusting: set[str], now: datetime) -> None:
        self._recognise(session, wave)
        _refuse_faulty(undecided(wave))
        self._check_references(session, undecided(wave))
        _look_for_bases(session, undecided(wave))
        new = undecided(wave)
        self._insert(session, new, trusting, now)
        versions.follow(session, [each.key for each in new], trusting, now)
        for each in wave:
            _compare(session, each)

    def _check_references(self, session: Session, arrivals: list[Arrival]) -> None:
        """A hearing, participant, document or observation that the filing points to must be there, in its own case or programme."""
        mine = programmes_of(arrivals)
        hearings = self._directory.hearings.find(session, mine, (each.prepared.hearing_id for each in arrivals if each.prepared.hearing_id))
        for each in arrivals:
            if each.prepared.hearing_id is not None and hearings.get(each.prepared.hearing_id) != each.prepared.case_id:
                each.refuse("/hearing_id", errors.MISSING)
        if pointing := [each for each in undecided(arrivals) if each.prepared.references]:
            self._check_named(session, mine, pointing)

    def _check_named(self, session: Session, mine: set[str], arrivals: list[Arrival]) -> None:
        named = {kind: {ref.id for each in arrivals for ref in each.prepared.references if ref.kind == kind} for kind in _KINDS}
        people = self._directory.participants.find(session, mine, named["participant"])
        documents = self._directory.documents.find(session, mine, named["document"])
        filings = queries.known(session, mine, named["observation"]) if named["observation"] else {}
        for each in arrivals:
            case, programme = each.prepared.case_id, each.author.programme
            places: dict[str, tuple[Mapping[Any, Any], str]]
            places = {"participant": (people, case), "document": (documents, programme), "observation": (filings, programme)}
            faults = [missing_reference(ref) for ref in each.prepared.references if not _is_there(ref.id, *places[ref.kind])]
            if faults:
                each.settle(INVALID, errors.MISSING, *faults)

    def _insert(self, session: Session, new: list[Arrival], trusting: set[str], now: datetime) -> None:
        rows = [row_of(each, fate_of(each, trusting), now) for each in sorted(new, key=lambda each: each.key)]
        inserted = queries.insert_observations(session, rows) if rows else set()
        written = [each for each in new if each.prepared.id in inserted]
        self._recognise(session, [each for each in new if each.prepared.id not in inserted])
        marks = [row for each in written for row in mark_rows(*each.key, each.prepared.case_id, each.prepared.marks, self._key)]
        queries.insert_marks(session, marks)
        queries.insert_citations(session, [row for each in written for row in citation_rows(*each.key, cited(each.prepared.references))])
        for each in written:
            _tell(session, each, fate_of(each, trusting), now)
        for each in written:
            if each.base is not None and each.held_code is None:
                _go_on(session, each, now, is_trusted=each.author.programme in trusting and not each.is_late)


def _own_form(arrival: Arrival) -> forms.Wanted:
    return UUID(arrival.author.programme), arrival.prepared.form_code or "", arrival.prepared.form_version


_KINDS = ("participant", "document", "observation")


def _is_there(named: str, found: Mapping[Any, Any], owner: str) -> bool:
    """Whether what is named was found with its owner: as named -> owner, or under (owner, named)."""
    return found.get(named) == owner or (owner, named) in found


def _refuse_faulty(arrivals: list[Arrival]) -> None:
    """Refuse what breaks its programme's own form; what was kept before that form was known is not among these any more."""
    for each in arrivals:
        if each.faults:
            each.settle(INVALID, each.faults[0].code, *each.faults)


def _look_for_bases(session: Session, arrivals: list[Arrival]) -> None:
    """What a correction corrects: the author's own filing of the same form and case, and the last version of it.

    Of a locked hearing it counts only through review, whichever hearing the correction names.
    """
    wanted = [each.prepared.supersedes for each in arrivals if each.prepared.supersedes is not None]
    if not wanted:
        return
    mine = programmes_of(arrivals)
    roots = {each.root_id for each in queries.known(session, mine, wanted).values()}
    locked = versions.hold(session, mine, roots) if roots else set()
    bases = queries.known(session, mine, wanted)
    taken = queries.replaced(session, mine, wanted)
    for each in arrivals:
        if each.prepared.supersedes is not None:
            place = (each.author.programme, each.prepared.supersedes)
            _judge_base(each, bases.get(place), locked, is_taken=place in taken)
            taken.add(place)


def _judge_base(arrival: Arrival, base: Known | None, locked: set[str], *, is_taken: bool) -> None:
    prepared = arrival.prepared
    if base is None:
        arrival.held_code = arrival.held_code or BASE_MISSING
    elif base.member_id not in arrival.standing.members:
        # An observer may not learn of another's filing; a coordinator sees it, and may not speak for its author.
        is_seen = arrival.standing.author(arrival.author.programme, COORDINATOR) is not None
        arrival.refuse("/supersedes", INVALID_SUPERSEDES if is_seen else errors.MISSING)
    elif (base.form, base.case_id) != (prepared.form_code or prepared.form, prepared.case_id):
        arrival.refuse("/supersedes", INVALID_SUPERSEDES)
    elif is_taken:
        arrival.settle(CONFLICT, errors.STALE_VERSION.code, Fault("/supersedes", errors.STALE_VERSION.code))
    else:
        arrival.base = base
        if versions.is_withdrawn(base):
            arrival.held_code = arrival.held_code or BASE_WITHDRAWN
        arrival.is_late = arrival.is_late or (arrival.author.role == OBSERVER and base.root_id in locked)


def _compare(session: Session, arrival: Arrival) -> None:
    """Tell a forestalled correction what stands now and where it differs; in codes only, for a refusal is no place for narratives."""
    base_id, told = arrival.prepared.supersedes, given(arrival.answer)
    if base_id is None or told.code != errors.STALE_VERSION.code:
        return
    base = queries.find(session, [UUID(arrival.author.programme)], UUID(base_id))
    chain = queries.chain(session, base.programme_id, [base.root_id]) if base else []
    replaced = {each.replaces for each in chain}
    current = next((each for each in chain if each.id not in replaced), None)
    if base is None or current is None:
        return
    form = form_of(base.form, base.read_as or base.form_version)
    was, mine, theirs = (stored_answers(each.answers, each.narrative) for each in (base, arrival.prepared, current))
    found = collide(form, was, mine, theirs)
    yours, others = (coded(form, some) if form else {} for some in (mine, theirs))
    told.facts = {
        "current": str(current.id),
        "conflicts": [{"pointer": f"/answers/{code}", "yours": yours.get(code), "theirs": others.get(code)} for code in found.same],
        "apart": [f"/answers/{code}" for code in (*found.mine, *found.theirs)],
    }


def _look_for_assignment(arrival: Arrival, assigned: set[tuple[str, str]]) -> None:
    """An observer files where she is assigned; elsewhere it is kept and waits for the coordinator."""
    prepared, author = arrival.prepared, arrival.author
    arrival.held_code = prepared.held_code
    if author.role != OBSERVER or any((author.member, place) in assigned for place in (prepared.case_id, prepared.hearing_id)):
        return
    other = arrival.standing.author(author.programme, COORDINATOR)
    if other is None:
        arrival.held_code = prepared.held_code or NOT_ASSIGNED
    else:
        arrival.file_as(other)


def _look_for_locks(session: Session, arrivals: Iterable[Arrival]) -> None:
    """What an observer files of a locked hearing is kept, and waits for review."""
    observed = [each for each in arrivals if each.author.role == OBSERVER and each.prepared.hearing_id is not None]
    locked = queries.locked(session, programmes_of(observed), {each.prepared.hearing_id for each in observed if each.prepared.hearing_id})
    for each in observed if locked else ():
        each.is_late = each.prepared.hearing_id in locked


def _tell(session: Session, arrival: Arrival, fate: tuple[str, str | None], now: datetime) -> None:
    """The sums and the journal of an observation that was just stored."""
    prepared = arrival.prepared
    place = (arrival.author.programme, prepared.case_id, prepared.hearing_id, prepared.form_code or prepared.form)
    tally.note_new(session, place, fate[0], [(mark.indicator, mark.value) for mark in prepared.marks])
    held = {} if fate[1] is None else {"code": fate[1]}
    beside: dict[str, str | int] = {"flag": rules.HEARING_LOCKED} if arrival.is_late else {}
    beside |= {} if arrival.skew is None else {"skew": arrival.skew}
    kind = EventKind.OBSERVATION_FILED if fate[1] is None else EventKind.OBSERVATION_HELD
    journal.record(
        session,
        entry_of(arrival, kind, status=fate[0], received_at=clock.stamp(now), **held, **beside, **commitments(prepared, arrival.key[0])),
    )
    arrival.settle(CREATED if fate[1] is None else rules.HELD, fate[1])


def _go_on(session: Session, arrival: Arrival, now: datetime, *, is_trusted: bool) -> None:
    """What a correction does to its chain: it answers a question that was asked about its base, and a trusted one counts at once."""
    is_asked = arrival.base is not None and arrival.base.status == rules.RETURNED
    row = queries.find(session, [UUID(arrival.author.programme)], UUID(arrival.prepared.id)) if is_asked or is_trusted else None
    if row is None:
        return
    versions.close_question(session, row, UUID(arrival.author.member), now)
    if is_trusted:
        versions.accept(session, row, UUID(arrival.author.member), now)


_ACKNOWLEDGING = frozenset({EventKind.OBSERVATION_FILED, EventKind.OBSERVATION_HELD})


def _acknowledge(session: Session, arrivals: list[Arrival], leaves: list[Leaf], now: datetime) -> None:
    """Receipts for all that is stored: of this transaction's leaves, or the first receipt again for what was stored before."""
    stored = [each for each in arrivals if each.answer is not None and each.answer.status in STORED]
    places = {
        (str(leaf.entry.log), str(leaf.entry.subject_id)): (leaf.seq, leaf.leaf_hash)
        for leaf in leaves
        if leaf.entry.kind in _ACKNOWLEDGING
    }
    earlier = [each for each in stored if each.key not in places]
    times: dict[Key, Known] = {}
    at = clock.stamp(now)
    if earlier:
        ids = [each.prepared.id for each in earlier]
        first = queries.receipts(session, programmes_of(earlier), ids)
        places.update({(str(log), str(filed)): place for (log, filed), place in first.items()})
        times = queries.known(session, programmes_of(earlier), ids)
    for each in stored:
        seq, digest = places[each.key]
        received = times[each.key].received_at if each.key in times else at
        given(each.answer).receipt = {"log": each.key[0], "seq": seq, "leaf_hash": digest.hex(), "received_at": received}
