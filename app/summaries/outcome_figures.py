"""Figures about outcomes: who was convicted, imprisoned, released, and whether the numbers add up."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.summaries.counting import UNKNOWN, Behind, Contribution, Figure, Ref, codes, count, listing, share, together, total
from app.summaries.facts import CaseFacts
from app.summaries.outcomes import Decided, behind_all, is_group, one_a_person
from app.summaries.person_figures import behind_case
from app.summaries.records import Outcome
from app.summaries.roles import Roles
from app.summaries.rule import FigureRule

CHANGED_TERMS = frozenset({"sentence_reduced", "sentence_increased"})


def convicted(facts: CaseFacts, _roles: Roles) -> Figure:
    """Persons and groups convicted at first instance."""
    return _number(facts, facts.first.convicted)


def acquitted(facts: CaseFacts, _roles: Roles) -> Figure:
    """Persons and groups acquitted at first instance."""
    return _number(facts, (each for each in facts.first.outcomes if each.verdict == "acquitted"))


def custodial(facts: CaseFacts, _roles: Roles) -> Figure:
    """Convictions with a custodial sentence."""
    return _number(facts, facts.first.custodial)


def conditional(facts: CaseFacts, _roles: Roles) -> Figure:
    """Convictions with a conditional sentence."""
    return _number(facts, (each for each in facts.first.convicted if "conditional" in each.sentences))


def conviction_share(facts: CaseFacts, _roles: Roles) -> Figure:
    """Convicted of all with an outcome; unknown where a group's number is not stated."""
    if not facts.first.outcomes or facts.first.is_vague:
        return UNKNOWN
    return share(_each(facts.first.convicted), _each(facts.first.outcomes))


def balance(facts: CaseFacts, _roles: Roles) -> Figure:
    """Whether all outcomes are as many as the defendants, and convictions with a sentence as many as convictions."""
    stated, first = facts.records.defendants_stated, facts.first
    if not first.outcomes or stated is None or first.is_vague:
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
    rows = (each for each in one_a_person(facts.records.outcomes) if each.result in CHANGED_TERMS)
    return listing(("participant",), ((_change(each), facts.tracer.outcome(each)) for each in rows))


def released(facts: CaseFacts, _roles: Roles) -> Figure:
    """Those imprisoned who were released."""
    return _custody(facts, "released")


def held(facts: CaseFacts, _roles: Roles) -> Figure:
    """Those imprisoned who are still held."""
    return _custody(facts, "in_custody")


def custody_balance(facts: CaseFacts, _roles: Roles) -> Figure:
    """Whether released and held are as many as imprisoned; unknown where nobody's custody is known."""
    prison, told = facts.first.custodial, in_known_custody(facts)
    return Figure(weight(told) == weight(prison), behind=behind_all(prison)) if told else UNKNOWN


def commuted(facts: CaseFacts, _roles: Roles) -> Figure:
    """Sentences replaced by suspended ones on review."""
    rows = [each for each in facts.records.outcomes if each.result == "replaced_by_suspended"]
    groups = [each for each in rows if is_group(each)]
    persons = {each.participant: facts.tracer.outcome(each) for each in one_a_person(rows)}
    added = [Contribution((), facts.tracer.outcome(each), each.count or 0) for each in groups]
    added += [Contribution((), behind) for behind in persons.values()]
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
    return _who(facts, facts.first.custodial, complained=True)


def custodial_others(facts: CaseFacts, _roles: Roles) -> Figure:
    """Imprisoned persons who are not known to have complained."""
    return _who(facts, facts.first.custodial, complained=False)


def held_complainants(facts: CaseFacts, _roles: Roles) -> Figure:
    """Complainants who are still held."""
    return _who(facts, (each for each in facts.first.custodial if each.custody_status == "in_custody"), complained=True)


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
    """Those imprisoned of whom it is known whether they are still held."""
    return [each for each in facts.first.custodial if each.custody_status in ("released", "in_custody")]


def _each(outcomes: Iterable[Decided]) -> list[Contribution]:
    return [Contribution((), each.behind, each.weight) for each in outcomes]


def _number(facts: CaseFacts, outcomes: Iterable[Decided]) -> Figure:
    if not facts.first.outcomes:
        return UNKNOWN
    return count(_each(outcomes), at_least=facts.first.is_vague, looked_at=behind_all(facts.first.outcomes))


def _custody(facts: CaseFacts, status: str) -> Figure:
    told = in_known_custody(facts)
    if not told:
        return UNKNOWN
    return count(_each(each for each in told if each.custody_status == status), looked_at=behind_all(told))


def _who(facts: CaseFacts, outcomes: Iterable[Decided], *, complained: bool) -> Figure:
    """Persons with an outcome of their own, by whether they complained; filings stand behind the complaints."""
    named = facts.complaints.by_person
    return codes(
        Contribution((each.person,), each.behind | (facts.behind_complaint(each.person) if complained else frozenset()))
        for each in outcomes
        if each.person is not None and (each.person in named) == complained
    )


def _extreme(facts: CaseFacts, subject: str, pick: Callable[..., int]) -> Figure:
    """What documents say of the extreme; else the extreme of the terms, where every custodial outcome has one."""
    said = [(value, facts.tracer.filing(filing)) for filing in facts.docket.filings for value in _counted(facts, filing, subject)]
    terms = [(each.term_months, each.behind) for each in facts.first.custodial]
    known = said or (terms if all(months is not None for months, _ in terms) else [])
    if not known:
        return UNKNOWN
    extreme = pick(months for months, _ in known)
    return Figure(extreme, behind=together(behind for months, behind in known if months == extreme))


def _counted(facts: CaseFacts, filing: Any, subject: str) -> list[int]:
    numbers = filing.answers.get("counted") or () if facts.docket.is_documentary(filing) else ()
    return [each["value"] for each in numbers if each["subject"] == subject]


def _change(row: Outcome) -> dict[str, Any]:
    return {"participant": row.participant, "from_months": row.term_months, "to_months": row.new_term_months}


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
