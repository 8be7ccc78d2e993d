"""Reading aggregates: sums over many cases, as new as the cases are."""

import orjson
from sqlmodel import Session

from app.kit import errors
from app.kit.access import ANALYST, COORDINATOR, Scope
from app.kit.errors import Problem
from app.kit.store import Store
from app.summaries.aggregates import folding, queries, rules
from app.summaries.aggregates.errors import FOLDING
from app.summaries.aggregates.measures import SUBJECTS
from app.summaries.aggregates.rules import Question, Sum
from app.taxonomy.catalogue import Taxonomy

READERS = (COORDINATOR, ANALYST)
MOST_AT_ONCE = 20
"""How many cases a read folds itself."""

COME_BACK = {"Retry-After": "1"}


def aggregate(store: Store, scope: Scope, taxonomy: Taxonomy, question: Question) -> bytes:
    """The answer to a question, for coordinators and analysts of the programme.

    422 for what cannot be asked, 404 for a case or a court that is not the programme's, 503 `folding` while more cases than a read folds
    are older than what was filed: each try folds some.
    """
    with store.read() as session:
        scope.require(question.programme_id, *READERS)
        rules.check(question, taxonomy)
        _check_places(session, question)
        due = folding.waiting(session, taxonomy, question.programme_id, question.case_id) if question.needs_facts else []
        if not due:
            return _answer(session, taxonomy, question)
    for case_id in due[:MOST_AT_ONCE]:
        folding.renew(store, taxonomy, question.programme_id, case_id)
    if len(due) > MOST_AT_ONCE:
        raise Problem(FOLDING, headers=COME_BACK)
    with store.read() as session:
        return _answer(session, taxonomy, question)


def _check_places(session: Session, question: Question) -> None:
    for name, found in (("case", question.case_id), ("court", question.court_id)):
        if found is not None and not queries.is_there(session, name, question.programme_id, found):
            raise errors.missing(errors.pointer("query", f"{name}_id"))


def _answer(session: Session, taxonomy: Taxonomy, question: Question) -> bytes:
    rows = _sums(session, taxonomy, question, question.group_by, question.told_apart)
    total = [Sum((), each.n, each.is_minimum) for each in rows]
    if question.measure.grain(question.told_in_total) != question.measure.grain(question.told_apart):
        # What stands in several rows counts once in the total.
        total = _sums(session, taxonomy, question, (), question.told_in_total)
    return orjson.dumps(rules.answer(question, rows, rules.together(total)))


def _sums(session: Session, taxonomy: Taxonomy, question: Question, group_by: tuple[str, ...], told: frozenset[str]) -> list[Sum]:
    grain = question.measure.grain(told)
    if not question.is_in_tally(told):
        return rules.together(queries.fact_sums(session, question, group_by, grain))
    is_about = bool(SUBJECTS & told)
    found = queries.tally_sums(session, question, group_by, rules.indicators_of(question, taxonomy), is_about=is_about)
    if is_about:
        found = list(rules.told_by_subject(found, group_by, taxonomy))
    if question.needs_days:
        found += queries.fact_sums(session, question, group_by, grain, at_no_hearing=True)
    return rules.together(found)
