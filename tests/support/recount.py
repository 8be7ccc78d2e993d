"""What aggregates must say, counted once more from the stored observations and their marks, one by one and slowly."""

import json
from collections import Counter, defaultdict
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import select

from app.accounts.models import Member, Programme
from app.cases.models import Case, Court, Hearing, Participant
from app.observations.models import NOWHERE, Mark, Observation, Tally
from app.observations.preparation import stored_answers

FLUENT = ("full", "sufficient")


class Recount:
    """Everything that a programme has stored, read in one snapshot."""

    def __init__(self, store, programme) -> None:
        with store.read() as session:
            self.zone = ZoneInfo(session.exec(select(Programme).where(Programme.id == programme)).one().timezone)
            tables = (Case, Court, Hearing, Participant, Observation, Member, Mark, Tally)
            rows = {table: session.exec(select(table).where(table.programme_id == programme)).all() for table in tables}
        self.cases, self.courts, self.hearings, self.people, self.observations, self.members = (
            {each.id: each for each in rows[table]} for table in tables[:6]
        )
        self.marks, self.tally = rows[Mark], rows[Tally]
        self.accepted = {each.id: each for each in rows[Observation] if each.status == "accepted"}

    def tally_of_marks(self):
        """The tally, counted from observations and marks."""
        sums = Counter()
        place = {each.id: (each.case_id, each.hearing_id or NOWHERE, each.form) for each in self.observations.values()}
        for each in self.observations.values():
            if each.status != "held":
                sums[*place[each.id], "", "", each.status] += 1
        for mark in self.marks:
            of = self.observations[mark.observation_id]
            if of.status != "held":
                sums[*place[of.id], mark.indicator, mark.value, of.status] += 1
        return dict(sums)

    def tally_as_kept(self):
        kept = {(each.case_id, each.hearing_id, each.form, each.indicator, each.value, each.status): each.n for each in self.tally}
        return {key: n for key, n in kept.items() if n and key[-1] != "held"}

    def day(self, observation):
        if observation.hearing_id is not None:
            return self.hearings[observation.hearing_id].date
        return datetime.fromisoformat(observation.captured_at).astimezone(self.zone).date()

    def answers(self, observation):
        return stored_answers(observation.answers, observation.narrative)

    def languages(self, observations):
        found = set()
        for each in observations:
            member = self.members[each.member_id]
            spoken = (
                {code for code, level in json.loads(member.languages).items() if level in FLUENT} if member.role == "observer" else set()
            )
            found |= spoken or {None}
        return found

    def person(self, text):
        found = next(each for each in self.people.values() if str(each.id) == text)
        while found.merged_into is not None:
            found = self.people[found.merged_into]
        return found.id

    def filings(self, form):
        return [each for each in self.accepted.values() if each.form == form]

    def things(self, measure):
        """(case, day, kinds, languages) of everything that counts."""
        keyed = defaultdict(list)
        for case, key, kinds, filing in getattr(self, f"_{measure}")():
            keyed[case, key].append((kinds, filing))
        for (case, _), parts in keyed.items():
            filings = [filing for _, filing in parts]
            at_hearing = [each for each in filings if each.hearing_id is not None]
            day = min(self.day(each) for each in at_hearing or filings)
            yield case, day, set().union(*(kinds for kinds, _ in parts)), self.languages(filings)

    def _observations(self):
        for each in self.accepted.values():
            yield each.case_id, each.id, {each.form}, each

    def _complaints(self):
        for each in self.filings("torture_complaint"):
            yield each.case_id, self.person(self.answers(each)["participant_ref"]), set(), each

    def _retractions(self):
        for each in self.filings("witness_retraction"):
            answers = self.answers(each)
            yield each.case_id, self.person(answers["participant_ref"]), set(answers.get("reasons", ())), each

    def _restrictions(self):
        for each in self.filings("access_restriction"):
            kinds = frozenset(self.answers(each)["kinds"])
            yield each.case_id, kinds, set(kinds), each

    def statements(self):
        """(case, day, indicator) of everything that an accepted observation says was so, once for each time."""
        for mark in self.marks:
            if mark.value == "present" and mark.observation_id in self.accepted:
                of = self.accepted[mark.observation_id]
                yield of.case_id, self.day(of), mark.indicator, self.languages([of])

    def known(self):
        today = datetime.now(ZoneInfo("Asia/Almaty")).date()
        return [each for each in self.hearings.values() if each.status == "held" or (each.status == "scheduled" and each.date < today)]

    def observed(self):
        seen = {each.hearing_id for each in self.filings("hearing")}
        return [each for each in self.known() if each.id in seen]

    def code(self, case):
        return self.cases[case].code

    def court(self, hearing):
        return self.courts[hearing.court_id or self.cases[hearing.case_id].court_id].code


def month(day: date) -> str:
    """A month as aggregates print it."""
    return day.isoformat()[:7]


def count_of(session, table) -> int:
    """How many rows a table has."""
    return session.exec(select(sa.func.count()).select_from(table)).one()
