"""Figures about outcomes: who was convicted, imprisoned, released, and whether the numbers add up."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from app.summaries.counting import UNKNOWN, Behind, Contribution, Figure, Ref, codes, count, listing, share, together, total
from app.summaries.facts import CaseFacts
from app.summaries.outcomes import Claim, Decided, FirstInstance, behind_all, is_group, rows_of
from app.summaries.person_figures import behind_case
from app.summaries.records import Outcome
from app.summaries.roles import Roles
from app.summaries.rule import FigureRule

CHANGED_TERMS = frozenset({"sentence_reduced", "sentence_increased"})
KNOWN_CUSTODY = ("released", "in_custody")


def convicted(facts: CaseFacts, _roles: Roles) -> Figure:
    """Persons and groups convicted at first instance."""
    return _number(facts, facts.first.is_conviction)


def acquitted(facts: CaseFacts, _roles: Roles) -> Figure:
    """Persons and groups acquitted at first instance."""
    return _number(facts, lambda each: each.verdict == "acquitted")


def custodial(facts: CaseFacts, _roles: Roles) -> Figure:
    """Convictions with a custodial sentence."""
    return _number(facts, facts.first.is_prison)


def conditional(facts: CaseFacts, _roles: Roles) -> Figure:
    """Convictions with a conditional sentence."""
    return _number(facts, lambda each: facts.first.is_conviction(each) and "conditional" in each.sentences)


def conviction_share(facts: CaseFacts, _roles: Roles) -> Figure:
    """Convicted of all with an outcome; unknown where a group's number is not stated, or where rows about one person differ about it."""
    if not facts.first.outcomes or facts.first.is_vague or facts.first.contested(facts.first.is_conviction):
        return UNKNOWN
    return share(_each(facts.first.convicted), _each(facts.first.outcomes))


def balance(facts: CaseFacts, _roles: Roles) -> Figure:
    """Whether all outcomes are as many as the defendants, and convictions with a sentence as many as convictions."""
    stated, first = facts.records.defendants_stated, facts.first
    if not first.outcomes or stated is None or first.is_vague or first.contested(first.is_conviction) or first.contested(first.is_sentence):
        return UNKNOWN
    adds_up = weight(first.outcomes) == stated and weight(first.sentenced) == weight(first.convicted)
    return Figure(adds_up, behind=behind_case(facts) | behind_all(first.outcomes))


def shortest_term(facts: CaseFacts, _roles: Roles) -> Figure:
    """The shortest prison term in months."""
    return _extreme(facts, "shortest_term_months", min)


def longest_term(facts: CaseFacts, _roles: Roles) -> Figure:
    """The longest prison term in months."""
    return _extreme(facts, "longest_term_months", max)


def verdict_on(facts: CaseFacts, _roles: Roles) -> Figure:
    """The date of the verdict as printed."""
    day = facts.records.verdict_on
    return UNKNOWN if day is None else Figure(day, behind=behind_case(facts))


def changes(facts: CaseFacts, _roles: Roles) -> Figure:
    """Terms changed on review, by participant: months before and after."""
    changed = [each for each in facts.records.outcomes if each.result in CHANGED_TERMS]
    return listing(("participant",), [row for rows in rows_of(changed).values() for row in _changes(facts, rows)])


def released(facts: CaseFacts, _roles: Roles) -> Figure:
    """Those imprisoned who were released."""
    return _custody(facts, "released")


def held(facts: CaseFacts, _roles: Roles) -> Figure:
    """Those imprisoned who are still held."""
    return _custody(facts, "in_custody")


def custody_balance(facts: CaseFacts, _roles: Roles) -> Figure:
    """Whether released and held are as many as imprisoned; unknown where nobody's custody is known."""
    first, told = facts.first, in_known_custody(facts)
    if not told or any(first.contested(claim) for claim in (first.is_prison, *map(partial(_in_custody, first), KNOWN_CUSTODY))):
        return UNKNOWN
    return Figure(weight(told) == weight(first.custodial), behind=behind_all(first.custodial))


def commuted(facts: CaseFacts, _roles: Roles) -> Figure:
    """Sentences replaced by suspended ones on review."""
    rows = [each for each in facts.records.outcomes if each.result == "replaced_by_suspended"]
    groups = [each for each in rows if is_group(each)]
    persons: dict[str | None, set[Ref]] = defaultdict(set)
    for each in rows:
        if not is_group(each):
            persons[each.participant].update(facts.tracer.outcome(each))
    added = [Contribution((), facts.tracer.outcome(each), each.count or 0) for each in groups]
    added += [Contribution((), frozenset(behind)) for behind in persons.values()]
    if not rows:
        return UNKNOWN
    looked_at = together(each.behind for each in added)
    return count(added, at_least=any(each.count is None for each in groups), looked_at=looked_at)


def released_unexplained(facts: CaseFacts, roles: Roles) -> Figure:
    """Releases that commutation cannot explain: a minimum, because a commuted sentence need not be a released person's."""
    free, changed = released(facts, roles), commuted(facts, roles)
    if free.value is None or changed.value is None or free.at_least or changed.at_least:
        return UNKNOWN
    left = max(0, free.value - changed.value)
    return Figure(left, left > 0, free.behind | changed.behind)


def custodial_complainants(facts: CaseFacts, _roles: Roles) -> Figure:
    """Imprisoned persons who complained of torture."""
    return _who(facts, facts.first.is_prison, complained=True)


def custodial_others(facts: CaseFacts, _roles: Roles) -> Figure:
    """Imprisoned persons who are not known to have complained."""
    return _who(facts, facts.first.is_prison, complained=False)


def held_complainants(facts: CaseFacts, _roles: Roles) -> Figure:
    """Complainants who are still held."""
    return _who(facts, _in_custody(facts.first, "in_custody"), complained=True)


def unattributed(facts: CaseFacts, _roles: Roles) -> Figure:
    """Defendants without an outcome of their own at first instance; unknown where there is no outcome at all."""
    if not facts.first.outcomes:
        return UNKNOWN
    stated = facts.records.defendants_stated
    base = facts.registered_defendants if stated is None else stated
    return Figure(base - len(facts.first.persons), behind=_behind_base(facts) | behind_all(facts.first.outcomes))


def weight(outcomes: Iterable[Decided]) -> int:
    """For how many persons outcomes count."""
    return total(_each(outcomes))


def in_known_custody(facts: CaseFacts) -> list[Decided]:
    """Those imprisoned of whom it is known whether they are still held, though rows may differ about which."""
    return facts.first.of(lambda each: facts.first.is_prison(each) and each.custody_status in KNOWN_CUSTODY)


def _in_custody(first: FirstInstance, status: str) -> Claim:
    return lambda each: first.is_prison(each) and each.custody_status == status


def _each(outcomes: Iterable[Decided]) -> list[Contribution]:
    return [Contribution((), each.behind, each.weight) for each in outcomes]


def _number(facts: CaseFacts, claim: Claim) -> Figure:
    """How many a claim holds of; a minimum where a group has no number, or where rows about one person differ about it."""
    first = facts.first
    if not first.outcomes:
        return UNKNOWN
    return count(_each(first.of(claim)), at_least=first.is_vague or bool(first.contested(claim)), looked_at=behind_all(first.outcomes))


def _custody(facts: CaseFacts, status: str) -> Figure:
    told, claim = in_known_custody(facts), _in_custody(facts.first, status)
    if not told:
        return UNKNOWN
    return count(_each(facts.first.of(claim)), at_least=bool(facts.first.contested(claim)), looked_at=behind_all(told))


def _who(facts: CaseFacts, claim: Claim, *, complained: bool) -> Figure:
    """Persons with an outcome of their own, by whether they complained; filings stand behind the complaints."""
    named = facts.complaints.by_person
    asked = [each.person for each in facts.first.outcomes if each.person is not None and (each.person in named) == complained]
    known = codes(
        Contribution((each.person,), each.behind | (facts.behind_complaint(each.person) if complained else frozenset()))
        for each in facts.first.of(claim)
        if each.person is not None and each.person in asked
    )
    return replace(known, at_least=any(each.person in asked for each in facts.first.contested(claim)))


def _extreme(facts: CaseFacts, subject: str, pick: Callable[..., int]) -> Figure:
    """What documents say of the extreme; else the extreme of the terms, where every custodial outcome has one."""
    said = [(value, facts.tracer.filing(filing)) for filing in facts.docket.filings for value in _counted(facts, filing, subject)]
    terms = [(each.term, each.behind) for each in facts.first.custodial]
    is_whole = all(months is not None for months, _ in terms) and not facts.first.contested(facts.first.is_prison)
    known = said or (terms if is_whole else [])
    if not known:
        return UNKNOWN
    extreme = pick(months for months, _ in known)
    return Figure(extreme, behind=together(behind for months, behind in known if months == extreme))


def _counted(facts: CaseFacts, filing: Any, subject: str) -> list[int]:
    numbers = filing.answers.get("counted") or () if facts.docket.is_documentary(filing) else ()
    return [each["value"] for each in numbers if each["subject"] == subject]


def _changes(facts: CaseFacts, rows: list[Outcome]) -> list[tuple[dict[str, Any], Behind]]:
    """The changes of one person's term at one instance, those that are alike once."""
    by_months: dict[tuple[Any, Any], set[Ref]] = defaultdict(set)
    for each in rows:
        by_months[each.term_months, each.new_term_months].update(facts.tracer.outcome(each))
    person = rows[0].participant
    return [
        ({"participant": person, "from_months": before, "to_months": after}, frozenset(behind))
        for (before, after), behind in by_months.items()
    ]


def _behind_base(facts: CaseFacts) -> Behind:
    if facts.records.defendants_stated is not None:
        return behind_case(facts)
    return frozenset(Ref("participant", facts.docket.people[code].id) for code in facts.docket.defendants)


RULES: Mapping[str, FigureRule] = {
    "outcomes.convicted": convicted,
    "outcomes.acquitted": acquitted,
    "outcomes.custodial": custodial,
    "outcomes.conditional": conditional,
    "outcomes.conviction_share": conviction_share,
    "outcomes.balance": balance,
    "outcomes.shortest_term_months": shortest_term,
    "outcomes.longest_term_months": longest_term,
    "outcomes.verdict_on": verdict_on,
    "outcomes.changes": changes,
    "outcomes.released": released,
    "outcomes.held": held,
    "outcomes.custody_balance": custody_balance,
    "outcomes.commuted": commuted,
    "outcomes.released_unexplained": released_unexplained,
    "outcomes.custodial_complainants": custodial_complainants,
    "outcomes.custodial_others": custodial_others,
    "outcomes.held_complainants": held_complainants,
    "outcomes.unattributed": unattributed,
}
