"""The roads by which JSON comes in: one observation, a batch, and what a coordinator keeps. A body has holes for a bad value.

A road's body is valid once its holes are filled; holes are filled in the raw text, so that no encoder repairs what is to be wrong.
"""

import json
from dataclasses import dataclass
from itertools import count
from uuid import uuid4

from tests.support.forms import all_clear, answers_of
from tests.support.refusals import result_of, told
from tests.support.trial import FACT

TEXT, NUMBER, DAY = "@text@", "@number@", "@day@"
JSON = {"Content-Type": "application/json"}
GOOD = {TEXT: '"plain"', NUMBER: "3", DAY: '"2012-04-02"'}
_numbers = count(1)


@dataclass(frozen=True)
class Road:
    """Where to, who, a body with holes, and at which pointers the holes are."""

    name: str
    path: str
    token: str
    body: dict
    places: dict
    is_batch: bool = False

    def raw(self, **filled):
        """The body as bytes; what fills a hole is JSON text, names of holes are `text`, `number` and `day`."""
        holes = {**GOOD, **{f"@{name}@": value for name, value in filled.items()}}
        text = json.dumps({"items": [self.body]} if self.is_batch else self.body)
        for hole, value in holes.items():
            text = text.replace(f'"{hole}"', value)
        return text.encode("utf-8", "surrogatepass")

    def send(self, server, raw, **headers):
        return server.request("POST", self.path, token=self.token, content=raw, headers={**JSON, **headers})

    def refusal(self, answer, *, whole):
        """What the answer says of the one thing sent: of the whole request, or of the batch's only item."""
        return result_of(answer) if self.is_batch and not whole else told(answer)


def roads(trial):
    """Every road into a trial: coordinators' notes, cases and hearings; observers' forms, alone and in a batch."""
    boss, eye = trial.coordinator.token, trial.observer.token
    victim = {"participant_ref": trial.participants["D01"], "hearing_ref": ..., "alleged_to": ..., "note": TEXT, "alleged_from": DAY}
    seen = trial.body(form="hearing", answers=all_clear(note=TEXT, defendants_present=NUMBER))
    fact = trial.body(form="case_fact", answers={**FACT, "note": TEXT, "counted": [{"subject": "persons_charged", "value": NUMBER}]})
    told_ = trial.body(form="torture_complaint", answers=answers_of("torture_complaint", **victim))
    source = {"document_id": trial.document, "locator": "p. 1"}
    case = {"programme_id": trial.programme.id, "code": f"B-{next(_numbers)}", "court_id": trial.court, "charge_articles": []}
    note = {"programme_id": trial.programme.id, "case_id": trial.case, "kind": "assumption", "key": f"A{next(_numbers)}", "source": source}
    hearing = {"case_id": trial.case, "code": f"B-{next(_numbers)}", "instance": "first", "hearing_type": "evidence", "status": "held"}
    outcome = {"case_id": trial.case, "count": NUMBER, "instance": "first", "decided_on": None, "verdict": "acquitted"}
    answers = {TEXT: "/answers/note", NUMBER: "/answers/defendants_present"}
    return [
        Road("observation", "/v1/observations", eye, seen, answers),
        Road("batch", "/v1/observations/batch", eye, {**seen, "id": str(uuid4())}, answers, is_batch=True),
        Road("fact", "/v1/observations", eye, fact, {TEXT: "/answers/note", NUMBER: "/answers/counted/0/value"}),
        Road("complaint", "/v1/observations", eye, told_, {TEXT: "/answers/note", DAY: "/answers/alleged_from"}),
        Road(
            "case", "/v1/cases", boss, {**case, "title": TEXT, "monitoring": "full", "defendants_stated": NUMBER},
            {TEXT: "/title", NUMBER: "/defendants_stated"},
        ),
        Road("note", "/v1/notes", boss, {**note, "statement": TEXT}, {TEXT: "/statement"}),
        Road("hearing", "/v1/hearings", boss, {**hearing, "date": DAY}, {DAY: "/date"}),
        Road(
            "outcome", "/v1/outcomes", boss, {**outcome, "group_note": TEXT, "source": {"document_id": trial.document}},
            {TEXT: "/group_note", NUMBER: "/count"},
        ),
    ]  # fmt: skip
