"""A trial at which two observers sit side by side, small enough to be read by eye: complaints, an interpreter, what they differ about."""

from dataclasses import dataclass
from typing import Any

from tests.support.forms import all_clear, answers_of
from tests.support.people import Person, a_member
from tests.support.trial import Trial, a_trial

CANARY = "Zq9canary Serikbay"
"""Typed wherever somebody may type; it must come out nowhere."""


@dataclass
class Bench:
    """The trial, its second observer, and an analyst who reads summaries."""

    trial: Trial
    other: Person
    analyst: Person

    @property
    def token(self):
        return self.trial.coordinator.token

    def path(self, rest=""):
        return f"/v1/cases/{self.trial.case}{rest}"

    def get(self, rest, *, by=None, **params):
        return self.trial.server.get(self.path(rest), token=(by or self.trial.coordinator).token, params=params)

    def post(self, rest, body=None, *, by=None, **params):
        return self.trial.server.post(self.path(rest), body, token=(by or self.trial.coordinator).token, params=params)

    def summary(self, **params) -> Any:
        answer = self.get("/summary", lang="en", **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def accepted(self, form, answers, *, by=None, hearing="H-01", supersedes=None):
        """The id of an observation that was filed and accepted."""
        body = self.trial.body(form=form, answers=answers, hearing=hearing, supersedes=supersedes)
        assert self.trial.file(body, by=by).status_code == 201
        assert self.trial.review(body["id"]).status_code == 200
        return body["id"]

    def sat_in(self, *, by=None, hearing="H-01", **answers):
        return self.accepted("hearing", all_clear(note=CANARY, **answers), by=by, hearing=hearing)

    def complaint(self, person, form="written", *, by=None, supersedes=None, **answers):
        said = {"participant_ref": self.trial.participants[person], "complainant_role": "defendant", "basis": "heard"}
        said |= {"hearing_ref": ..., "alleged_to": ..., "note": CANARY, **answers}
        return self.accepted("torture_complaint", {**answers_of("torture_complaint", **said), "form": form}, by=by, supersedes=supersedes)

    def language(self, problem, response, *, by=None, hearing="H-01", person="D01"):
        said: dict[str, Any] = {"court_language": "kk", "problems": [problem], "affected_role": "defendant", "court_response": response}
        said |= {"participant_ref": self.trial.participants[person], "own_comprehension": "full", "basis": "seen", "confidence": "high"}
        return self.accepted("language_issue", said, by=by, hearing=hearing)


def a_bench(server, **options) -> Bench:
    """A case with two hearings and three defendants; nothing is filed yet."""
    trial = a_trial(server, participants=3, **options)
    other = a_member(server, trial.programme, code="OBS2")
    trial.made("/v1/assignments", {"case_id": trial.case, "member_id": other.member_id})
    return Bench(trial, other, a_member(server, trial.programme, role="analyst"))
