"""A case as large as cases get, written straight into the tables: 200 hearings, 5 observers at each, events beside their reports."""

import random
import secrets
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

from app.journal.models import CaseRevision
from app.observations import canonical, queries, rows
from app.observations.preparation import Prepared
from app.taxonomy.catalogue import current
from app.taxonomy.rules import clean_answers, emit_marks, references, split_answers
from tests.support.world import World, a_world

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TRI_STATES = [q.code for q in current().forms["hearing"].questions.values() if q.choices == "tri_state"]
LISTING = ("absent_who", "without_lawyer_who", "cage_who", "injuries_who")
OBSERVERS = ("OBS1", "OBS2", "OBS3", "OBS4", "OBS5")


def a_large_case(session, *, hearings=200, events=2000, defendants=60, seed=1, slug="world") -> World:
    """A world whose first case has a report by every observer of every hearing, and as many filings about events as asked for."""
    rng = random.Random(seed)
    world = a_world(session, slug=slug, hearings=hearings, participants=defendants, observers=OBSERVERS)
    people = [str(world.participants[f"D{n:02d}"]) for n in range(1, defendants + 1)]
    filed = []
    for n in range(1, hearings + 1):
        hearing, happened = world.hearings[f"H-{n:02d}"], {code: rng.choice(["yes", "no", "no", "could_not_tell"]) for code in TRI_STATES}
        filed += [_filed(world, by, "hearing", hearing, _report(rng, people, happened)) for by in OBSERVERS]
    for n in range(events):
        hearing = world.hearings[f"H-{rng.randint(1, hearings):02d}"]
        filed.append(_filed(world, rng.choice(OBSERVERS), *_event(rng, n, people, hearing)))
    _store(session, world, filed)
    session.add(CaseRevision(case_id=world.case, revision=2 * len(filed)))
    session.flush()
    return world


def _report(rng, people, happened):
    answers = {code: seen if rng.random() < 0.9 else rng.choice(["yes", "no"]) for code, seen in happened.items()}
    listed = {code: rng.sample(people, 2) for code in LISTING if rng.random() < 0.5}
    seen = {"own_comprehension": rng.choice(["full"] * 6 + ["partial", "none"]), "court_language": "kk_ru", "openness": "open"}
    counted = {"counted": [{"subject": "complaints_named_defendants", "value": rng.randrange(9)}]}
    return {**answers, **listed, **seen, **counted, "basis": "seen", "confidence": "high", "arrived_at": "10:00", "left_at": "13:00"}


def _event(rng, n, people, hearing):
    basis = {"basis": "heard", "confidence": "medium"}
    if n % 3 == 0:
        kinds = rng.sample(["all_media_banned", "audio_banned", "laptops_banned"], 2)
        return "access_restriction", hearing, {**basis, "kinds": kinds, "change": "new"}
    if n % 3 == 1:
        said = {"participant_ref": rng.choice(people), "form": rng.choice(["written", "oral"]), "trace_raised": "yes"}
        return "torture_complaint", hearing, {**basis, **said, "responses": ["not_recorded", "interrupted"], "narrative": "x" * 200}
    pick = {"indicator": "counsel.passive_or_collusive", "value": "present"}
    return "case_fact", None, {**basis, "facts": [{**pick, "participant_refs": [person]} for person in rng.sample(people, 6)]}


def _filed(world, by, form_code, hearing, answers):
    form = current().forms[form_code]
    asked = {code: answer for code, answer in answers.items() if code in form.questions}
    kept = clean_answers(form, asked)
    open_, told = split_answers(form, kept)
    fields = {"form": form_code, "version": form.version, "case": str(world.case), "hearing": str(hearing) if hearing else None}
    prepared = partial(
        Prepared,
        id=uuid4(),
        form=form_code,
        form_code=None,
        form_version=form.version,
        case_id=world.case,
        hearing_id=hearing,
        captured_at="2012-04-05T15:20:00+05:00",
        captured=NOW,
        supersedes=None,
        answers=canonical.simple({**fields, "captured_at": "2012-04-05T15:20:00+05:00", "supersedes": None, "answers": open_}),
        narrative=canonical.canonical(told),
        # What came in is looked at before there are rows, and these go in as rows.
        body=None,
        sent=asked,
    )
    salt = secrets.token_bytes(canonical.SALT_LENGTH)
    whole = {"answers_salt": salt, "narrative_salt": salt, "content_mac": salt, "held_code": None}
    return by, prepared(**whole, marks=tuple(emit_marks(form, kept)), references=tuple(references(form, kept)))


def _store(session, world, filed):
    made = [(by, each) for by, each in sorted(filed, key=lambda pair: pair[1].id)]
    programme = world.programme
    observations, marks, citations = [], [], []
    for by, each in made:
        author = (programme, world.members[by], "observer")
        observations.append(rows.observation_row(each, author, ("accepted", None), None, NOW))
        marks += rows.mark_rows(programme, each.id, world.case, each.marks, b"key")
        citations += rows.citation_rows(programme, each.id, rows.cited(each.references))
    queries.insert_observations(session, observations)
    queries.insert_marks(session, marks)
    queries.insert_citations(session, citations)
