"""Figures about the persons of a case: how many there are, in which role, and who of them is anonymous."""

from collections.abc import Iterator, Mapping

from app.summaries.counting import UNKNOWN, Behind, Contribution, Figure, Ref, count, table, together
from app.summaries.facts import CaseFacts
from app.summaries.records import Participant
from app.summaries.roles import Roles
from app.summaries.rule import FigureRule


def stated_defendants(facts: CaseFacts, _roles: Roles) -> Figure:
    """How many defendants the case was entered with."""
    stated = facts.records.defendants_stated
    return UNKNOWN if stated is None else Figure(stated, behind=behind_case(facts))


def persons(facts: CaseFacts, _roles: Roles) -> Figure:
    """Participants that are no placeholder."""
    return count(Contribution((), _behind(person)) for person in identified(facts))


def persons_by_role(facts: CaseFacts, roles: Roles) -> Figure:
    """The same by role."""
    return table(("role",), (Contribution((roles[each.code],), _behind_role(facts, each)) for each in identified(facts)))


def named_by_role(facts: CaseFacts, roles: Roles) -> Figure:
    """Those whom the source names, by role."""
    named = (each for each in identified(facts) if each.named_in_source)
    return table(("role",), (Contribution((roles[each.code],), _behind_role(facts, each)) for each in named))


def anonymous_witnesses(facts: CaseFacts, _roles: Roles) -> Figure:
    """Anonymous participants; a minimum where an anonymous placeholder exists."""
    hidden = [each for each in facts.docket.people.values() if each.is_anonymous]
    counted = (Contribution((), _behind(each)) for each in hidden if each.placeholder is None)
    return count(counted, at_least=any(each.placeholder is not None for each in hidden))


def identified(facts: CaseFacts) -> Iterator[Participant]:
    """The participants that are no placeholder."""
    return (each for each in facts.docket.people.values() if each.placeholder is None)


def behind_case(facts: CaseFacts) -> Behind:
    """The case itself, where a figure is what was entered with it."""
    return frozenset((Ref("case", facts.records.id),))


def _behind(person: Participant) -> Behind:
    return frozenset((Ref("participant", person.id),))


def _behind_role(facts: CaseFacts, person: Participant) -> Behind:
    return _behind(person) | together(facts.tracer.source(each.source) for each in person.roles)


RULES: Mapping[str, FigureRule] = {
    "defendants.stated": stated_defendants,
    "participants.total": persons,
    "participants.by_role": persons_by_role,
    "participants.named_by_role": named_by_role,
    "witnesses.anonymous": anonymous_witnesses,
}
