"""A trial as coordinators set it up, over HTTP: a programme, a case, hearings, people, and observers who may file."""

from dataclasses import dataclass
from uuid import uuid4

from tests.support.forms import all_clear
from tests.support.leaks import STORY
from tests.support.people import a_member, a_programme

FACT = {"counted": [{"subject": "persons_charged", "value": 3}], "basis": "seen", "confidence": "high"}


@dataclass
class Trial:
    """A programme with one case, and who works in it."""

    server: object
    programme: object
    court: str
    case: str
    hearings: dict
    participants: dict
    document: str
    observer: object

    @property
    def coordinator(self):
        return self.programme.coordinator

    def body(self, *, observation=None, hearing="H-01", answers=None, form="hearing", **changed):
        """An observation that the observer may file."""
        return {
            "id": str(observation or uuid4()),
            "form": form,
            "form_version": "1.1.0",
            "case_id": self.case,
            "hearing_id": self.hearings[hearing] if hearing else None,
            "captured_at": "2012-04-02T13:00:00+05:00",
            "supersedes": None,
            "answers": all_clear(note=STORY) if answers is None else answers,
            **changed,
        }

    def file(self, body=None, *, by=None, **options):
        return self.server.post("/v1/observations", self.body() if body is None else body, token=(by or self.observer).token, **options)

    def filed(self, **changed):
        """The id of an observation just filed."""
        body = self.body(**changed)
        answer = self.file(body)
        assert answer.status_code == 201, answer.text
        return body["id"]

    def review(self, observation, decision="accept", reason=None, *, by=None):
        body = {"decision": decision, **({"reason": reason} if reason else {})}
        return self.server.post(f"/v1/observations/{observation}/review", body, token=(by or self.coordinator).token)

    def get(self, observation, *, by=None):
        return self.server.get(f"/v1/observations/{observation}", token=(by or self.coordinator).token)

    def status(self, observation):
        return self.get(observation).json()["status"]

    def made(self, path, body):
        answer = self.server.post(path, body, token=self.coordinator.token)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]


def a_trial(server, *, review="required", hearings=2, participants=2, observer="OBS1", assigned=True) -> Trial:
    """A case with hearings and defendants; the observer is assigned to it."""
    programme = a_programme(server, review=review)
    trial = Trial(server, programme, "", "", {}, {}, "", None)
    trial.court = trial.made("/v1/courts", {"programme_id": programme.id, "code": "C1", "label": "City court", "timezone": "Asia/Aqtau"})
    case = {
        "programme_id": programme.id,
        "code": "T-1",
        "title": "A trial",
        "court_id": trial.court,
        "charge_articles": [],
        "monitoring": "full",
    }
    trial.case = trial.made("/v1/cases", case)
    for n in range(1, hearings + 1):
        hearing = {"case_id": trial.case, "date": f"2012-04-{n:02d}", "instance": "first", "hearing_type": "evidence", "status": "held"}
        trial.hearings[f"H-{n:02d}"] = trial.made("/v1/hearings", {**hearing, "code": f"H-{n:02d}"})
    for n in range(1, participants + 1):
        person = {"case_id": trial.case, "role": "defendant", "is_anonymous": False, "is_protected": False, "named_in_source": True}
        trial.participants[f"D{n:02d}"] = trial.made("/v1/participants", {**person, "code": f"D{n:02d}"})
    document = {"programme_id": programme.id, "case_id": trial.case, "code": "judgment", "kind": "judgment", "title": "Judgment"}
    trial.document = trial.made("/v1/documents", document)
    trial.observer = a_member(server, programme, code=observer)
    if assigned:
        trial.made("/v1/assignments", {"case_id": trial.case, "member_id": trial.observer.member_id})
    return trial
